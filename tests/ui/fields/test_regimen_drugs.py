"""The drugs of a regimen in words and as lines: what is not stated is said, and a dose never stands alone."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit

from neutromon.models.errors import UserError
from neutromon.rules.book_parts import RegimenDrug
from neutromon.services.rule_book import load_book
from neutromon.ui.fields.regimen_drugs import RegimenDrugs, drug_words, drugs_words, one_line
from neutromon.ui.fields.regimen_picker import RegimenPicker

FULL = RegimenDrug(drug="examplamycin", dose="10", unit="mg/m2", route="IV", days="1,8", note="over 3 h")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (FULL, "examplamycin 10 mg/m2 · IV · days 1,8 (over 3 h)"),
        (RegimenDrug(drug="examplamycin"), "examplamycin: dose not stated"),
        (RegimenDrug(drug="examplamycin", dose="10"), "examplamycin 10 (unit not stated) · route not stated · days not stated"),
    ],
)
def test_that_what_a_protocol_does_not_state_is_said(one: RegimenDrug, words: str) -> None:
    assert drug_words(one).replace("\u2068", "").replace("\u2069", "") == words


def test_that_a_regimen_without_drug_lines_shows_its_own_line() -> None:
    known = load_book().regimens["AC"]
    assert drugs_words(known).count("\n") == 1
    assert drugs_words(replace(known, components=())) == known.drugs


def test_that_the_course_form_shows_the_drugs_of_the_chosen_regimen(qtbot: Any) -> None:
    picker = RegimenPicker(lambda text: load_book().search_regimens(text, 20))
    qtbot.addWidget(picker)
    assert picker.drugs.isHidden()
    picker.set_regimen("docetaxel-prednisone")
    assert "prednisone: dose not stated" in picker.drugs.text() and not picker.drugs.isHidden()


@pytest.fixture
def lines(qtbot: Any) -> RegimenDrugs:
    made = RegimenDrugs((FULL, RegimenDrug(drug="placebine")))
    qtbot.addWidget(made)
    return made


def fill(lines: RegimenDrugs, name: str, text: str) -> None:
    field = lines.findChild(QLineEdit, name)
    assert field is not None
    field.setText(text)


def test_that_the_lines_give_back_what_they_hold(lines: RegimenDrugs) -> None:
    assert lines.drugs() == (FULL, RegimenDrug(drug="placebine"))


def test_that_a_drug_is_added_and_an_empty_line_left_out(lines: RegimenDrugs) -> None:
    lines.add_line()
    fill(lines, "drug3_0", "testicillin")
    fill(lines, "drug1_0", "")
    for place in range(1, 6):
        fill(lines, f"drug1_{place}", "")
    assert [one.drug for one in lines.drugs()] == ["placebine", "testicillin"]


@pytest.mark.parametrize(("name", "text", "problem"), [("drug1_0", "", "no drug"), ("drug2_2", "mg", "placebine has no dose")])
def test_that_a_line_that_says_too_little_is_refused(lines: RegimenDrugs, name: str, text: str, problem: str) -> None:
    fill(lines, name, text)
    with pytest.raises(UserError, match=problem):
        lines.drugs()


def test_that_an_empty_line_of_the_regimen_is_written_from_its_drugs() -> None:
    assert one_line((FULL, RegimenDrug(drug="placebine"))) == "examplamycin 10 mg/m2 IV d1,8, placebine"
