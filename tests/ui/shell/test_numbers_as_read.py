"""How numbers are read in a language and in a mirrored window; what is no quantity is never touched."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel

from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe
from neutromon.ui.count_unit import shown_bare, shown_counts
from neutromon.ui.settings import WindowSettings
from neutromon.ui.spoken import spoken
from neutromon.ui.text import as_read, as_stored, isolated, tr
from tests.ui.pictures.scenes import GERMAN, Scene, paint, patient


@pytest.fixture
def wardrobe(qapp: QApplication) -> Iterator[Wardrobe]:
    """Give the wardrobe; afterwards the application speaks English again."""
    before = QLocale()
    made = Wardrobe(application=qapp, resources=resources_folder())
    yield made
    made.speak(WindowSettings())
    QLocale.setDefault(before)


@pytest.mark.parametrize("language", ["de", "tr"])
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("0.45 ×10⁹/L", "0,45 ×10⁹/L"),
        ("<0.1", "<0,1"),
        ("ANC 0.2 (0.1–0.7), 38.6 °C.", "ANC 0,2 (0,1–0,7), 38,6 °C."),
        ("unter 0.5; dann 1.0", "unter 0,5; dann 1,0"),
        ("G4 CTCAE 5.0", "G4 CTCAE 5.0"),
        ("Version 0.1.0", "Version 0.1.0"),
        ("25.11.26 12.3. oder 3 Tage", "25.11.26 12.3. oder 3 Tage"),
        ("/home/a/1.5/liste 2.5.pdf", "/home/a/1.5/liste 2.5.pdf"),
        ("Nr. \u206812.5\u2069", "Nr. \u206812.5\u2069"),
    ],
)
def test_that_only_quantities_get_the_comma_of_the_language(wardrobe: Wardrobe, language: str, text: str, read: str) -> None:
    wardrobe.speak(WindowSettings(language=language))
    assert as_read(text) == read


def test_that_english_keeps_its_point(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings())
    assert as_read("0.45 ×10⁹/L") == "0.45 ×10⁹/L" == shown_counts("0.45 ×10⁹/L")


def test_that_a_count_with_a_comma_is_still_converted_as_a_whole(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de", count_unit="/uL"))
    assert shown_bare(tr("time below 0.5")).endswith("500")
    assert shown_counts(as_read("0.45 ×10⁹/L")) == "450 /µL"


def test_that_a_shown_text_is_recognised_again(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    once = spoken("ANC 0.31 ×10⁹/L")
    assert spoken(once) == once and as_stored(once).count("0.31") == 1


def test_that_a_mirrored_window_keeps_a_sentence_with_its_number_together(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(right_to_left=True))
    assert tr("{n} min ago", n=36) == "\u206636 min ago\u2069"
    assert shown_counts("<0.1 ×10⁹/L") == "\u2066<0.1 ×10⁹/L\u2069"
    assert as_read(isolated("مثال 1")) == isolated("مثال 1")
    assert tr("Cancel") == "Cancel"


def test_that_no_decimal_point_is_left_on_a_patients_page_in_german(qapp: QApplication) -> None:
    seen: list[str] = []
    paint(
        qapp,
        Scene(name="", act=patient("p2"), settings=GERMAN),
        lambda window: seen.extend(label.text() for label in window.findChildren(QLabel) if label.isVisible()),
    )
    wrong = [text for text in seen if as_read_in_german(text) != text]
    assert seen and not wrong


@pytest.mark.parametrize("language", ["de", "tr"])
@pytest.mark.parametrize(
    "said",
    [
        "about 1 of 10 similar courses reach ≥ 1.5 by 26 Nov",
        "more than 9 of 10 similar courses reach ≥ 1.5 by 26 Nov",
        "3 own cycles, 12 counts",
        "1 own cycle, 4 counts",
        "1 day before the next day 1",
        "1 day before the treatment of day 8",
        "go if ANC ≥ 1.0 and Plt ≥ 100, count valid 3 d (OT-GEN)",
    ],
)
def test_that_what_is_built_from_data_speaks_the_language_too(wardrobe: Wardrobe, language: str, said: str) -> None:
    wardrobe.speak(WindowSettings(language=language))
    assert not set(re.findall("[a-z]+", spoken(said).lower())) & {"of", "reach", "own", "day", "and", "counts", "count"}


def as_read_in_german(text: str) -> str:
    """Return a text as German reads its numbers."""
    before = QLocale()
    QLocale.setDefault(QLocale("de"))
    try:
        return as_read(text)
    finally:
        QLocale.setDefault(before)
