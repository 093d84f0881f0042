"""Lists, hand-over sheet and flow sheet as data."""

from typing import Any

import pytest

from neutromon.models.alerts import AlertState
from neutromon.models.evaluation import Tier
from neutromon.models.history import ClinicalEvent, TreatmentDay
from neutromon.models.worklist import DayOneState, ListName, OpenAlert, WorklistRow
from neutromon.report.flow_sheet import build_flow_sheet
from neutromon.report.lists import build_handover, build_worklist
from neutromon.report.words import UNIT_NOTE
from neutromon.services.alerts import AlertRow
from tests.builders import (
    NOW,
    a_count,
    a_course,
    a_cycle,
    a_fever,
    a_growth_factor,
    a_history,
    a_nadir_history,
    a_symptom,
    a_value,
    an_antibiotic,
    at,
    day,
)
from tests.report.charted import evaluated, on_course
from tests.report.documented import a_printing, an_alert, handled


def a_row(**changes: Any) -> WorklistRow:
    """Return a row of a made-up patient who meets the rule."""
    known: dict[str, Any] = {
        "patient_id": "p-1",
        "name": "Example, Testa",
        "initials": "T.E.",
        "mrn": "T-0001",
        "birth_date": None,
        "regimen": "R-CHOP-21",
        "cycle": 3,
        "cycle_day": 21,
        "cycle_length": 21,
        "anc_text": "2.6 ×10⁹/L",
        "grade_text": "G0",
        "worst_grade": 0,
        "count_at": at(-1),
        "count_age_hours": 24.0,
        "next_day1": day(1),
        "day1_state": DayOneState.MEETS,
        "limiting_text": "",
        "nadir_window": "D10–14",
        "overdue_text": "",
        "decision": "",
        "last_gcsf": "",
    }
    return WorklistRow(**(known | changes))


def an_open_alert(text: str, tier: Tier = Tier.URGENT) -> OpenAlert:
    """Return an alert as a row shows it."""
    return OpenAlert(id="a", tier=tier, rule="r", state=AlertState.RAISED, text=text, owner="", raised_at=NOW)


def listed(*rows: WorklistRow, name: ListName = ListName.TOMORROW) -> Any:
    """Return the table of a worklist."""
    return build_worklist(name, rows, now=NOW, printing=a_printing()).tables[0]


def test_that_a_list_names_its_day_and_two_identifiers_in_every_row() -> None:
    document = build_worklist(ListName.TOMORROW, [a_row()], now=NOW, printing=a_printing())
    assert document.title == "Tomorrow – Friday 13 Mar 2026"
    assert document.subtitle == "1 patient"
    assert document.tables[0].rows[0][0] == "Example, Testa\nMRN T-0001\nborn –"
    assert build_worklist(ListName.TODAY, [], now=NOW, printing=a_printing()).title == "Today – Thursday 12 Mar 2026"


def test_that_a_row_has_what_the_decision_needs() -> None:
    row = listed(a_row(last_gcsf="pegfilgrastim, 01 Mar", decision="Proceed")).rows[0]
    assert row[1:] == (
        "R-CHOP-21\nC3 D21", "2.6 ×10⁹/L\nG0 · 24 h ago", "13 Mar 2026", "✓ meets", "–", "pegfilgrastim, 01 Mar", "Proceed", "",
    )  # fmt: skip


def test_that_what_is_missing_in_a_row_is_said() -> None:
    row = listed(a_row(regimen=None, cycle=None, count_at=None, anc_text="no count", grade_text="", next_day1=None)).rows[0]
    assert row[1:4] == ("no course", "no count", "–")
    assert row[6] == "none recorded"


@pytest.mark.parametrize(
    ("state", "limiting", "words"),
    [
        (DayOneState.MEETS, "Meets the day-1 counts of OT-GEN.", "✓ Meets the day-1 counts of OT-GEN."),
        (DayOneState.MEETS, "platelets 80 ×10⁹/L", "✓ meets at a reduced dose\nplatelets 80 ×10⁹/L"),
        (DayOneState.DOES_NOT_MEET, "ANC 0.8 ×10⁹/L", "✕ does not meet\nANC 0.8 ×10⁹/L"),
        (DayOneState.COUNT_TOO_OLD, "The latest count is older than 72 h.", "○ The latest count is older than 72 h."),
        (DayOneState.NO_COUNT, "", "○ no count"),
        (DayOneState.CANNOT_TELL, "", "○ cannot tell"),
        (DayOneState.NOT_PLANNED, "", "–"),
    ],
)
def test_that_the_check_has_a_sign_and_words(state: DayOneState, limiting: str, words: str) -> None:
    assert listed(a_row(day1_state=state, limiting_text=limiting)).rows[0][4] == words


def test_that_urgent_rows_are_marked_and_the_alert_is_its_first_sentence() -> None:
    urgent = a_row(alerts=(an_open_alert("URGENT – ANC 0.4 ×10⁹/L (G4). Consider a call today."),))
    advisory = a_row(alerts=(an_open_alert("ADVISORY – count overdue", Tier.ADVISORY),))
    table = listed(advisory, urgent, a_row())
    assert table.marked == frozenset({1})
    assert [row[5] for row in table.rows] == ["▽ ! ADVISORY\ncount overdue", "◆ !! URGENT\nANC 0.4 ×10⁹/L (G4)", "–"]


def test_that_an_empty_list_says_so() -> None:
    assert listed().empty == "Nobody is on this list."


def handed(*alerts: Any) -> Any:
    """Return the hand-over sheet of some alerts."""
    rows = [AlertRow(alert=a, patient_name="Example, Testa", initials="T.E.", mrn="T-0001", cycle_text="C2 D11") for a in alerts]
    return build_handover(rows, now=NOW, printing=a_printing())


def test_that_alerts_without_an_owner_stand_first_and_are_counted() -> None:
    document = handed(handled(), an_alert(), an_alert(tier=Tier.ADVISORY))
    assert [table.title for table in document.tables] == ["No owner: 2", "A. Ray: 1"]
    assert document.notes == ("1 urgent or emergency alerts have no owner.", UNIT_NOTE)


def test_that_a_hand_over_row_has_the_text_as_shown_and_room_for_a_name() -> None:
    row = handed(an_alert()).tables[0].rows[0]
    assert row == (
        "◆ !! URGENT",
        "Example, Testa\nMRN T-0001",
        "C2 D11",
        an_alert().text,
        "60 min\nsince 12 Mar 2026 08:00",
        "not yet seen",
        "",
    )


def test_that_a_clean_hand_over_says_so() -> None:
    assert handed(handled()).notes == ("Every urgent alert has an owner.", UNIT_NOTE)
    empty = handed()
    assert empty.notes == ("No open alerts.",)
    assert empty.tables[0].empty == "No open alerts."


def sheet_of(history: Any, **changes: Any) -> Any:
    """Return the flow sheet of a history."""
    return build_flow_sheet(history, evaluated(history), now=NOW, printing=a_printing(), **changes)


def cells(history: Any, label: str) -> list[str]:
    """Return a row of the flow sheet without its label."""
    return next(list(row[1:]) for row in sheet_of(history).tables[0].rows if row[0] == label)


def test_that_the_flow_sheet_has_a_column_for_each_day_oldest_left() -> None:
    sheet = sheet_of(a_nadir_history())
    header = sheet.tables[0].header
    assert header[1] == "09 Feb\n2026"
    assert header[-1] == "12 Mar\n2026"
    assert cells(a_nadir_history(), "Cycle and day")[-2:] == ["C2 D8", "C2 D11"]
    assert cells(a_nadir_history(), "ANC ×10⁹/L")[-2:] == ["1.6", "0.4"]
    assert cells(a_nadir_history(), "Grade CTCAE 5.0")[-2:] == ["G1", "G4"]
    assert cells(a_nadir_history(), "Haemoglobin g/dL")[-1] == "11.2"
    assert (sheet.one_page, sheet.tables[0].bold) == (True, frozenset({2}))


def test_that_an_unknown_value_is_a_dash_and_a_day_without_a_count_is_blank() -> None:
    history = on_course([a_count("clotted", collected=at(-2))])
    assert cells(history, "ANC ×10⁹/L") == ["", "unknown"]
    assert cells(history, "Platelets ×10⁹/L") == ["", "–"]
    assert "A blank cell means that nothing is recorded, not that it was normal." in sheet_of(history).tables[0].note


def test_that_days_before_the_course_and_left_out_days_are_said() -> None:
    history = on_course([a_count("4", collected=at(-30)), a_count("3", collected=at(-2))])
    assert cells(history, "Cycle and day") == ["before", "C1 D1", "C1 D9"]
    sheet = sheet_of(history, columns=2)
    assert sheet.tables[0].note.startswith("1 earlier days are not on this sheet.")


def test_that_treatment_temperature_and_events_stand_on_their_day() -> None:
    days = (TreatmentDay(day=8, given=day(-3)), TreatmentDay(day=15, planned=day(4)))
    history = on_course(
        [a_count("1", collected=at(-1)), a_count("2", collected=None)],
        a_course(cycles=[a_cycle(1, day(-10), treatment_days=days), a_cycle(2, planned=day(11))]),
        growth_factors=(a_growth_factor(given=at(-3)), a_growth_factor(given=at(-3, 1)), a_growth_factor(given=at(1), planned=True)),
        temperatures=(
            a_fever("37.2", taken=at(-1)),
            a_fever("38.6", taken=at(-1, 1)),
            a_fever("warm", taken=at(-1, 2)),
            a_fever(taken=None),
        ),
        antibiotics=(an_antibiotic(given=at(-1)),),
        symptoms=(a_symptom("mouth_ulcers", noticed=at(-1)), a_symptom(noticed=None)),
        events=(ClinicalEvent(kind="port_flush", at=at(-1)), ClinicalEvent(kind="note")),
    )
    assert cells(history, "Dose %") == ["100", "given", ""]
    assert cells(history, "Growth factor") == ["", "pegfilgrastim", ""]
    assert cells(history, "Temperature °C") == ["", "", "38.6 “warm”"]
    assert cells(history, "Other") == ["", "", "piperacillin-tazobactam; mouth ulcers; port flush"]


def test_that_words_alone_are_no_temperature() -> None:
    history = on_course((), temperatures=(a_fever("warm", taken=at(-1)),))
    assert cells(history, "Temperature °C")[-1] == "“warm”"


def test_that_the_unit_of_haemoglobin_stands_in_the_label_or_with_each_value() -> None:
    one = a_count("1", hemoglobin=a_value("98", "g/L"))
    assert cells(on_course([one]), "Haemoglobin g/L")[-1] == "98"
    assert cells(on_course([a_count("1", collected=at(-3), hb="10.1"), one]), "Haemoglobin")[-2:] == ["10.1 g/dL", "98 g/L"]
    assert cells(on_course([a_count("1")]), "Haemoglobin")[-1] == ""


def test_that_an_empty_flow_sheet_says_so() -> None:
    table = sheet_of(a_history()).tables[0]
    assert (table.rows, table.empty) == ((), "Nothing recorded.")


def test_that_the_flow_sheet_of_version_6_names_it() -> None:
    rows = sheet_of(a_nadir_history(), grading="ctcae-6.0").tables[0].rows
    assert rows[3][0] == "Grade CTCAE 6.0"
