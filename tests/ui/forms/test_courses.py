"""Courses and cycles: regimen by search, plan by interval, delay with its reason, dose intensity as it comes about."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtTest import QTest

from neutromon.models.errors import UserError
from neutromon.models.history import Cycle, TreatmentDay
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.saved import Saved
from tests.builders import a_course, a_cycle, a_history, a_patient, day
from tests.ui.fake_clinic import FakeClinic


def test_that_a_course_is_planned_from_a_regimen_found_by_drug(open_form: Any, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-9"), None), "new")
    form = open_form("course", "new")
    form.regimen.field.setText("r-chop-21")
    form.first.setText("+4")
    form.number.setValue(3)
    assert "C1 16 Mar 2026 · C2 6 Apr 2026 · C3 27 Apr 2026" in form._plan.text()
    form._press_primary()
    course = clinic.histories["new"].course
    assert course is not None and course.regimen == "R-CHOP-21"
    assert [cycle.planned_day1 for cycle in course.cycles] == [day(4), day(25), day(46)]


def test_that_a_course_without_a_regimen_or_with_an_unreadable_date_is_refused(
    open_form: Any, clinic: FakeClinic, saved: list[Saved]
) -> None:
    clinic.add(a_history(a_patient("T-9"), None), "new")
    form = open_form("course", "new")
    form._press_primary()
    assert "No regimen is chosen" in form.problem_text()
    form.regimen.field.setText("R-CHOP-21")
    form.first.setText("31 Feb")
    form._press_primary()
    assert "is no date" in form.problem_text() and saved == []


def test_that_changing_a_course_needs_a_reason_keeps_begun_cycles_and_can_be_undone(
    open_form: Any, clinic: FakeClinic, saved: list[Saved]
) -> None:
    before = clinic.histories["p1"].course
    form = open_form("course", "p1")
    assert form.regimen.field.text() == "R-CHOP-21"
    form.number.setValue(2)
    form._press_primary()
    assert "3 cycles have begun: type 3 or more." in form.problem_text() and saved == []
    form.number.setValue(6)
    form._press_primary()
    assert "reason is needed" in form.problem_text()
    form.reason.setText("two more cycles")
    form._press_primary()
    changed = clinic.histories["p1"].course
    assert before is not None and changed is not None
    assert changed.cycles[:4] == before.cycles
    assert [c.planned_day1 for c in changed.cycles[4:]] == [day(32), day(53)]
    assert saved[0].undo is not None
    saved[0].undo()
    assert clinic.histories["p1"].course == before


@pytest.mark.parametrize("typed", ["52", "99999"])
def test_that_a_number_of_cycles_keeps_every_digit_and_is_refused_in_words(
    open_form: Any, clinic: FakeClinic, saved: list[Saved], typed: str
) -> None:
    clinic.add(a_history(a_patient("T-9"), None), "new")
    form = open_form("course", "new")
    form.regimen.field.setText("r-chop-21")
    form.number.lineEdit().selectAll()
    QTest.keyClicks(form.number.lineEdit(), typed)
    assert form.number.lineEdit().text() == typed
    assert form._plan.text() == f"{typed} cycles are too many: type 40 or fewer."
    form._press_primary()
    assert saved == [] and f"{typed} cycles are too many" in form.problem_text()


def test_that_the_course_tells_its_dose_intensity_and_delay(open_form: Any) -> None:
    form = open_form("course", "p1")
    assert form._plan.text().startswith("Relative dose intensity 100 % over 3 cycles · no cumulative delay against the interval of 21 days")


def test_that_the_next_cycle_is_offered_and_a_late_one_needs_its_reason(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    cycles = [a_cycle(1, day(-30)), a_cycle(2, planned=day(-9))]
    clinic.add(a_history(a_patient("T-9"), a_course(cycles=cycles)), "late")
    form = open_form("cycle", "late")
    assert form.heading.text() == "Cycle 2 of R-CHOP-21"
    form.day1.setText("t")
    form.dose.setText("80")
    assert form._delay_says.text() == "9 days after the plan."
    assert form.intensity.text() == "Relative dose intensity 74 % over 2 cycles · cumulative delay 9 days against the interval of 21 days"
    form._press_primary()
    assert saved == [] and "9 days late" in form.problem_text()
    form.delay.setEditText("ANC too low")
    form._press_primary()
    course = clinic.histories["late"].course
    assert course is not None
    stored = course.cycles[1]
    assert (stored.day1, stored.dose_percent, stored.delay_reason) == (day(0), "80", "ANC too low")


def test_that_an_earlier_cycle_is_opened_by_its_number_and_its_unknown_dose_is_said(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("cycle", "p1", "2")
    assert form.heading.text() == "Cycle 2 of R-CHOP-21"
    form.dose.clear()
    assert "intensity unknown: the dose of cycle 2 is unknown" in form.intensity.text()


@pytest.mark.parametrize("typed", ["-5", "201", "eighty", "<80"])
def test_that_what_is_no_dose_is_refused(open_form: Any, saved: list[Saved], typed: str) -> None:
    form = open_form("cycle", "p1", "2")
    form.dose.setText(typed)
    form._press_primary()
    assert saved == [] and "no dose in per cent" in form.problem_text()


def test_that_a_dose_that_looks_like_a_slip_is_asked_about(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("cycle", "p1", "2")
    form.dose.setText("8")
    form._press_primary()
    assert saved == [] and "8 % of the plan is unusual" in form.problem_text()
    form.dose.setText("80")
    assert form.problem_text() == "" and not form.sure.isVisibleTo(form)
    form.dose.setText("8")
    form.sure.click()
    form._press_primary()
    course = clinic.histories["p1"].course
    assert course is not None and course.cycles[1].dose_percent == "8"


def test_that_dates_in_another_order_than_the_cycles_give_no_intensity(open_form: Any) -> None:
    form = open_form("cycle", "p1", "3")
    first = form._course.cycles[0].day1
    form.day1.set_day(first)
    assert form.intensity.text() == "Relative dose intensity unknown: the dates of the cycles contradict each other"


def test_that_a_course_ahead_of_its_interval_is_not_called_a_negative_delay(open_form: Any, clinic: FakeClinic) -> None:
    cycles = [a_cycle(1, day(-20)), a_cycle(2, planned=day(-6))]
    clinic.add(a_history(a_patient("T-9"), a_course(cycles=cycles)), "px")
    form = open_form("cycle", "px")
    form.day1.setText("t")
    form.dose.setText("100")
    assert form._delay_says.text() == "6 days after the plan."
    assert form.intensity.text().endswith("over 2 cycles · 1 day ahead of the interval of 21 days")


def test_that_an_omitted_dose_is_nought_and_not_unknown(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("cycle", "p1", "2")
    form.dose.setText("0")
    form._press_primary()
    course = clinic.histories["p1"].course
    assert course is not None and course.cycles[1].dose_percent == "0"


def test_that_a_day_1_in_the_future_or_unreadable_is_refused(open_form: Any, saved: list[Saved]) -> None:
    form = open_form("cycle", "p1")
    for text in ("+1", "31 Feb"):
        form.day1.setText(text)
        form._press_primary()
        assert saved == [] and form.problem_text()


def test_that_further_treatment_days_are_added_line_by_line(open_form: Any, clinic: FakeClinic) -> None:
    form = open_form("cycle", "p1", "3")
    form.days.add_line()
    line = form.days._lines[0]
    line.number.setText("8")
    line.given.setText("9 Mar")
    line.dose.setText("75")
    form._press_primary()
    course = clinic.histories["p1"].course
    assert course is not None
    assert course.cycles[2].treatment_days == (TreatmentDay(day=8, given=day(-3), dose_percent="75"),)


def with_days(clinic: FakeClinic, *cycles: Cycle) -> None:
    clinic.add(a_history(a_patient("T-9"), a_course(cycles=list(cycles))), "days")


def a_day(form: Any, number: str, given: date | None = None, planned: date | None = None) -> None:
    form.days.add_line()
    line = form.days._lines[-1]
    line.number.setText(number)
    line.given.set_day(given)
    line.planned.set_day(planned)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (day(-26), "Day 15 is given on 14 Feb 2026: that is not after day 1, 20 Feb 2026. Correct the treatment day"),
        (day(-20), "that is not after day 1"),
        (day(1), "that lies in the future"),
        (day(0), "the next cycle begins on 11 Mar 2026"),
    ],
)
def test_that_an_impossible_treatment_day_is_refused(
    open_form: Any, clinic: FakeClinic, saved: list[Saved], given: date, said: str
) -> None:
    with_days(clinic, a_cycle(1, day(-20)), a_cycle(2, day(-1)))
    form = open_form("cycle", "days", "1")
    a_day(form, "15", given)
    form._press_primary()
    assert saved == [] and said in form.problem_text() and not form.days.sure.isVisibleTo(form)


@pytest.mark.parametrize(
    ("given", "planned", "said"),
    [
        (None, day(11), "Day 15 is planned for 23 Mar 2026: the next cycle begins on 22 Mar 2026."),
        (None, day(-11), "Day 15 is planned for 1 Mar 2026: that is not after day 1, 1 Mar 2026."),
        (None, day(12), "lies outside the 21 days of the cycle"),
        (day(-4), None, "Day 15 is given on 8 Mar 2026: that is not after day 8."),
    ],
)
def test_that_an_odd_treatment_day_is_asked_about_once(
    open_form: Any, clinic: FakeClinic, saved: list[Saved], given: date | None, planned: date | None, said: str
) -> None:
    with_days(clinic, a_cycle(1, day(-11)), a_cycle(2, planned=day(10)))
    form = open_form("cycle", "days", "1")
    a_day(form, "8", day(-4))
    a_day(form, "15", given, planned)
    form._press_primary()
    assert saved == [] and said in form.problem_text() and form.days.sure.isVisibleTo(form)
    form.days.sure.click()
    form._press_primary()
    assert len(saved) == 1
    again = open_form("cycle", "days", "1")
    again.dose.setText("90")
    again._press_primary()
    assert len(saved) == 2


def test_that_a_tick_for_odd_days_does_not_hold_for_others(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    with_days(clinic, a_cycle(1, planned=day(-11)))
    form = open_form("cycle", "days", "1")
    a_day(form, "8", day(-4))
    form._press_primary()
    assert "Day 8 is given, but day 1 is not." in form.problem_text()
    form.days.sure.click()
    form.days._lines[0].given.set_day(day(20))
    form._press_primary()
    assert saved == [] and "in the future" in form.problem_text()
    form.days._lines[0].number.setText("9")
    form.days._lines[0].given.set_day(day(-3))
    form._press_primary()
    assert saved == [] and not form.days.sure.isChecked()


def test_that_the_store_refuses_an_impossible_treatment_day(store: tuple[SessionClinic, str]) -> None:
    clinic, patient = store
    course = clinic.patient_history(patient).course
    assert course is not None and course.cycles[1].day1 is not None
    odd = TreatmentDay(day=8, given=course.cycles[1].day1 - timedelta(days=1))
    with pytest.raises(UserError, match="not after day 1"):
        clinic.save_cycle(course.id, replace(course.cycles[1], treatment_days=(odd,)))


@pytest.mark.parametrize("number", ["1", "eight", "99", "²"])
def test_that_a_treatment_day_needs_a_number_within_the_cycle(open_form: Any, saved: list[Saved], number: str) -> None:
    form = open_form("cycle", "p1", "3")
    form.days.add_line()
    form.days._lines[0].number.setText(number)
    form._press_primary()
    assert saved == [] and "no further day" in form.problem_text()


def test_that_without_a_course_no_cycle_can_be_saved(open_form: Any, clinic: FakeClinic) -> None:
    clinic.add(a_history(a_patient("T-9"), None), "new")
    form = open_form("cycle", "new")
    assert not form._primary.isEnabled() and "no course" in form.problem_text()


def test_that_a_real_store_plans_gives_and_takes_back_a_cycle(open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]) -> None:
    clinic, patient = store
    before = clinic.patient_history(patient).course
    form = open_form("cycle", patient, "2", on=clinic)
    form.dose.setText("75")
    form.fever.set_code(True)
    form._press_primary()
    changed = clinic.patient_history(patient).course
    assert changed is not None and changed.cycles[1].dose_percent == "75" and changed.cycles[1].febrile_neutropenia
    assert saved[0].undo is not None
    saved[0].undo()
    assert clinic.patient_history(patient).course == before


def test_that_the_store_refuses_a_day_1_before_the_cycle_before_it(
    open_form: Any, store: tuple[SessionClinic, str], saved: list[Saved]
) -> None:
    clinic, patient = store
    course = clinic.patient_history(patient).course
    assert course is not None and course.cycles[0].day1 is not None
    form = open_form("cycle", patient, "2", on=clinic)
    form.day1.set_day(course.cycles[0].day1 - timedelta(days=1))
    form._press_primary()
    assert saved == [] and "not after the cycle before it" in form.problem_text()
