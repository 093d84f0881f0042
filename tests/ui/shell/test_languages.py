"""The window in German and Turkish: whole pages, alerts of the rules, and switching while it is open."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.alerts import ACTIONS, END_REASONS, PAUSE_REASONS, Acknowledgement, AlertEventKind
from neutromon.models.history import Symptom, Temperature
from neutromon.models.worklist import ListName
from neutromon.report.charts.build import build_trend_chart
from neutromon.services import log
from neutromon.services.forecasts import load_priors
from neutromon.services.session import Session
from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe
from neutromon.ui.charts.language import in_language
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.fields.date_field import DateField, distance_text, weekday_text
from neutromon.ui.language import NAMES, read_catalogue
from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.log_model import log_text
from neutromon.ui.patient.log_tongue import SPOKEN
from neutromon.ui.settings import LANGUAGES, WindowSettings
from neutromon.ui.spoken import spoken
from neutromon.ui.text import told, tr
from neutromon.ui.window_tools import WindowTools
from neutromon.ui.worklist.columns import day_text
from tests.builders import NOW, at
from tests.ui.fake_clinic import FakeClinic

FEVER = (
    "EMERGENCY – fever 38.6 °C and ANC 0.31 ×10⁹/L (G4 CTCAE 5.0) 2 h ago, C2 D11. Meets idsa-2010, nccn. "
    "Consider the febrile-neutropenia pathway; record the antibiotic time (per local protocol default)."
)


@pytest.fixture
def wardrobe(undressed: QApplication) -> Iterator[Wardrobe]:
    """Give the wardrobe; afterwards the application speaks English again."""
    before = QLocale()
    made = Wardrobe(application=undressed, resources=resources_folder())
    yield made
    made.speak(WindowSettings())
    QLocale.setDefault(before)


def shown(root: QWidget) -> set[str]:
    """Return the text of every visible label."""
    return {label.text() for label in root.findChildren(QLabel) if label.isVisible()}


def opened(qtbot: QtBot, wardrobe: Wardrobe, clinic: FakeClinic, settings: WindowSettings) -> MainWindow:
    """Return a shown window in the language of the settings."""
    theme = wardrobe.dress(settings)
    wardrobe.speak(settings)
    window = MainWindow(WindowTools(clinic=clinic, theme=theme, settings=settings, dress=wardrobe.dress, speak=wardrobe.speak))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    window.begin_day()
    return window


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_that_every_language_of_the_settings_has_a_name_and_a_catalogue(language: str) -> None:
    catalogue = read_catalogue(resources_folder() / "translations", language)
    assert NAMES[language]
    assert catalogue["Tomorrow"] != "Tomorrow"
    assert len(catalogue) > 1400


def test_that_english_and_an_unknown_language_have_no_catalogue() -> None:
    assert read_catalogue(resources_folder() / "translations", "en") == {}
    assert read_catalogue(resources_folder() / "translations", "xx") == {}


def test_that_a_damaged_catalogue_leaves_the_window_english(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "de.json").write_text('{"Tomorrow": ', encoding="utf-8")
    assert read_catalogue(folder, "de") == {}


def test_that_the_worklist_stands_in_german(qtbot: QtBot, wardrobe: Wardrobe, clinic: FakeClinic) -> None:
    window = opened(qtbot, wardrobe, clinic, WindowSettings(language="de"))
    window.show_list(ListName.TOMORROW)
    header = window.worklist.table.model()
    titles = [header.headerData(n, window.worklist.table.horizontalHeader().orientation()) for n in range(header.columnCount())]
    assert "Tag-1-Prüfung" in titles
    assert "Day-1 check" not in titles
    assert "Morgen" in shown(window.worklist)
    assert window.worklist.filter.placeholderText() == "Filter: was in der Zeile steht"


def test_that_a_form_stands_in_turkish(qtbot: QtBot, wardrobe: Wardrobe, clinic: FakeClinic) -> None:
    window = opened(qtbot, wardrobe, clinic, WindowSettings(language="tr"))
    window.show_list(ListName.ALL)
    window.open_patient(window.worklist.table.current_id())
    dialog = window.forms.open("temperature", window.theme, window.patient_id())
    assert dialog is not None
    assert {"Ateş kaydet", "Koltuk altı"} & (shown(dialog) | {dialog.windowTitle()})
    dialog.reject()


def test_that_the_language_changes_while_the_window_is_open(qtbot: QtBot, wardrobe: Wardrobe, clinic: FakeClinic) -> None:
    window = opened(qtbot, wardrobe, clinic, WindowSettings())
    window.messages.show_error("said before")
    window.change_settings(replace(window.settings, language="de"))
    window.show_desk("inbox")
    assert window.top.user.text() == window.top.user.accessibleName() == "Pflegekraft: \u2068N. Urse\u2069"
    assert [label.text() for label in window.messages.findChildren(QPushButton)] == ["Rückgängig", "", "Schließen"]
    assert "Meldungen" in shown(window.pages)
    assert {"Listen", "Überfällige Blutbilder", "Verwaltung"} <= shown(window.rail)
    assert [action.text() for action in window.top.menus.actions()] == ["Listen", "Patient", "Klinik", "Fenster"]
    assert window.worklist.filter.placeholderText() == "Filter: was in der Zeile steht"
    window.change_settings(replace(window.settings, language="en"))
    window.show_desk("inbox")
    assert "Alerts" in shown(window.pages)
    assert {"Lists", "Overdue counts", "Administration"} <= shown(window.rail)
    assert window.worklist.filter.placeholderText() == "Filter: what a row says"


def test_that_an_alert_is_told_in_german_with_every_value_as_it_was(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    assert spoken(FEVER) == (
        "NOTFALL – Fieber 38,6 °C und ANC 0,31 ×10⁹/L (G4 CTCAE 5.0) vor 2 h, C2 D11. Erfüllt idsa-2010, nccn. "
        "Erwägen Sie den Ablauf bei febriler Neutropenie; tragen Sie die Zeit des Antibiotikums ein (nach Hausprotokoll Standard)."
    )


def test_that_the_log_is_in_german_and_what_was_stored_stays_word_for_word(wardrobe: Wardrobe, practice: Session) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    clinic = SessionClinic(practice)
    (alert, *_rest) = clinic.open_alerts()
    patient = alert.alert.patient_id
    clinic.acknowledge_alert(alert.alert.id, Acknowledgement(action="called_patient", note="rang the daughter", due=at(hours=6)))
    clinic.record_temperature(patient, Temperature(at=NOW, value="38.4", unit="Cel", route="oral"))
    texts = [log_text(entry, NOW.tzinfo) for entry in clinic.patient_log(patient)]
    assert "Temperatur 38.4 °C oral" in texts
    assert any(text.startswith("Blutbild vom ") and "Thrombozyten" in text for text in texts)
    answered = next(text for text in texts if text.startswith("Meldung quittiert"))
    said = f"Patientin angerufen; rang the daughter; zuständig {practice.user}; fällig 12 Mär 2026 15:00"
    assert answered == f"Meldung quittiert ({said}): {alert.alert.text}"
    own = [text.partition(": ")[0] for text in texts]
    assert not [words for words in own if re.search(r"\b(Count|Changed|Course|Given|Alert|Patient data|Decision)\b", words)]


def test_that_every_form_of_words_of_the_log_can_be_translated() -> None:
    tree = ast.parse(Path(log.__file__).read_text(encoding="utf-8"))
    said = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "say" and isinstance(node.args[0], ast.Constant)
    }
    kinds = {f"Alert {kind.value}".replace("_", " ") for kind in AlertEventKind if kind is not AlertEventKind.OWNER}
    plain = {code.replace("_", " ") for code in (*ACTIONS, *PAUSE_REASONS, *END_REASONS)}
    codes = {log.PROPER.get(words, words) for words in plain}
    assert len(said) > 40 and said | kinds | codes <= set(SPOKEN)


def test_that_what_a_screen_reader_says_of_a_chart_and_its_lane_is_in_german(wardrobe: Wardrobe, practice: Session) -> None:
    clinic = SessionClinic(practice)
    history = clinic.patient_history(clinic.open_alerts()[0].alert.patient_id)
    history = replace(history, symptoms=(Symptom(at=NOW, code="rigors"),))
    chart = build_trend_chart(history, clinic.evaluate_patient(history.patient.id), None, now=NOW, regimen=None, grading="ctcae-5.0")
    wardrobe.speak(WindowSettings(language="de"))
    shown = in_language(chart)
    assert shown.summary.startswith("Verlauf der absoluten Neutrophilenzahl: ") and "Heute ist Zyklus" in shown.summary
    assert not re.search(r"\b(Trend|Today|Latest|counts|day|of)\b", shown.summary)
    assert "Schüttelfrost" in {event.text for event in shown.lane if event.kind == "symptom"}
    given = next(event for event in chart.lane if event.kind == "chemo" and event.planned)
    assert given.text.replace("planned", "geplant") in {event.text for event in shown.lane}


SAID_OF_A_FORECAST = (
    "the regimen XYZ-1 is not in the library.",
    "leukaemia induction; the model does not hold.",
    "the dose of cycle 1 is 1000 %, which cannot be right.",
    "there is only one usable count; two are needed.",
    "the planned day 1 is 371 days after the last one; check its date.",
    "2 neutrophil counts left out: the value cannot be used, check it",
    "day 8 of cycle 2 is not on record as given; counted as not given",
    "what if: a daily growth factor for 7 days from 2026-03-14",
    "without bleomycin; the BEP prior, widened",
    "the docetaxel 75 prior, widened for what cisplatin and fluorouracil add",
)


@pytest.mark.parametrize("language", ["de", "tr"])
def test_that_refusals_and_notes_of_a_forecast_are_told_with_every_number(wardrobe: Wardrobe, language: str) -> None:
    wardrobe.speak(WindowSettings(language=language))
    for text in SAID_OF_A_FORECAST:
        made = spoken(text)
        assert made != text
        assert sorted(re.findall(r"\d+", made)) == sorted(re.findall(r"\d+", text))
        assert not re.search(r"\b(the|not|prior|days)\b", made)


def test_that_every_reason_in_the_priors_is_told_in_german(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    book = load_priors()
    links = [{**link, **phase} for link in book.links.values() for phase in ({}, *link.get("phases", ()))]
    said = {str(link[key]) for link in links for key in ("none", "out_of_scope", "note") if key in link} | set(book.abstain.values())
    assert [text for text in sorted(said) if spoken(text) == text] == []


def test_that_a_sentence_nobody_knows_stays_as_the_rule_said_it(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    assert spoken("A new rule of 2027 asks for 3 things.") == "A new rule of 2027 asks for 3 things."
    assert spoken("signs: a thing of tomorrow") == "Zeichen: a thing of tomorrow"
    assert spoken("") == ""


def test_that_a_list_is_told_by_its_longest_known_members(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    assert spoken("Consider the stepwise work-up: smear, ethnicity, Duffy status") == (
        "Erwägen Sie die schrittweise Abklärung: Blutausstrich, Herkunft, Duffy-Status"
    )


def test_that_english_says_everything_as_it_is(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings())
    assert spoken(FEVER) == FEVER
    assert told("Rigors, chills") == "Rigors, chills"


@pytest.mark.parametrize(
    ("language", "day", "weekday", "distance"), [("de", "12 Mär 2026", "Do", "vor 3 Tagen"), ("tr", "12 Mar 2026", "Per", "3 gün önce")]
)
def test_that_dates_follow_the_language(wardrobe: Wardrobe, language: str, day: str, weekday: str, distance: str) -> None:
    wardrobe.speak(WindowSettings(language=language))
    today = NOW.date()
    assert day_text(today) == day
    assert weekday_text(today) == weekday
    assert distance_text(today.replace(day=9), today) == distance


@pytest.mark.parametrize(("language", "typed"), [("de", "12 Mär"), ("de", "12.3."), ("de", "12 March"), ("tr", "12 Mart"), ("tr", "12.3.")])
def test_that_a_date_is_read_as_the_language_writes_it(qtbot: QtBot, wardrobe: Wardrobe, language: str, typed: str) -> None:
    wardrobe.speak(WindowSettings(language=language))
    field = DateField(lambda: NOW)
    qtbot.addWidget(field)
    field.setText(typed)
    assert field.day() == NOW.date().replace(month=3, day=12)


def test_that_a_translation_keeps_its_values(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="tr"))
    assert tr("{n} open alerts", n=7) == "7 açık uyarı"


def test_that_the_months_of_rule_texts_follow_the_language(wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    assert spoken("pegfilgrastim planned 13 Mar 08:00: less than 24 h after the end of chemotherapy") == (
        "pegfilgrastim geplant 13 Mär 08:00: weniger als 24 h nach Ende der Chemotherapie"
    )
    assert spoken("filgrastim, 12 Dec") == "filgrastim, 12 Dez"


def test_that_every_alert_of_the_practice_clinic_is_told_in_german(practice: Session, wardrobe: Wardrobe) -> None:
    wardrobe.speak(WindowSettings(language="de"))
    rows = SessionClinic(practice).open_alerts()
    assert len(rows) > 50
    english = re.compile(r"\b(the|ago|consider|is|not|was|of|planned|below|until)\b", re.IGNORECASE)
    left = {
        row.alert.rule for row in rows if english.search(spoken(row.alert.text).split("unterscheiden sich. ")[0].split("NCCN guideline")[0])
    }
    assert left == set()


def test_that_a_chart_on_the_screen_speaks_german_and_the_one_on_paper_english(wardrobe: Wardrobe, clinic: FakeClinic) -> None:
    history = clinic.patient_history("p2")
    evaluation = clinic.evaluate_patient("p2")
    chart = build_trend_chart(history, evaluation, None, now=NOW, regimen=None)
    assert in_language(chart) is chart
    wardrobe.speak(WindowSettings(language="de"))
    shown_chart = in_language(chart)
    assert shown_chart.title == "Absolute Neutrophilenzahl im Verlauf der Zyklen"
    assert shown_chart.now_text == "jetzt 12 Mär 09:00"
    assert (shown_chart.points[0].label, chart.points[0].label) == ("4,2", "4.2")
    assert [(point.x, point.anc, point.shape) for point in shown_chart.points] == [(p.x, p.anc, p.shape) for p in chart.points]
    assert chart.title == "Absolute neutrophil count against the chemotherapy cycles"
