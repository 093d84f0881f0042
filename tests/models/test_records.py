"""The small things that records can tell of themselves."""

from datetime import timedelta
from decimal import Decimal

import pytest

from neutromon.models import care, overlay_chart, tables
from neutromon.models.alerts import AlertState
from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import ExitStatus, NotSaved, StoreError, UserError
from neutromon.models.evaluation import Tier
from neutromon.models.forecast import Forecast
from neutromon.models.imports import Disposition, FileReport, ImportReport, RawResult, RawSet, ReadResult, SetReport
from neutromon.models.protocol import Protocol, difference
from neutromon.models.trend_chart import ChartPoint, PointShape
from neutromon.models.worklist import DayOneState, OpenAlert, WorklistRow
from tests.builders import NOW


def test_that_changes_of_two_writes_are_told_together() -> None:
    one = Changes(patient_ids=frozenset({"a"}), holding=True)
    two = Changes(patient_ids=frozenset({"b"}), alert_ids=frozenset({"x"}), protocol=True)
    assert one | two == Changes(patient_ids=frozenset("ab"), alert_ids=frozenset("x"), holding=True, protocol=True)
    assert Outcome(value=1).changes == Changes()


@pytest.mark.parametrize(("error", "status"), [(UserError, 2), (StoreError, 3), (NotSaved, 3)])
def test_that_an_error_says_what_and_what_to_do(error: type[UserError], status: int) -> None:
    raised = error("It did not work.", "Try again.")
    assert (str(raised), raised.status) == ("It did not work. Try again.", ExitStatus(status))
    assert str(error("Alone.")) == "Alone."


def test_that_a_forecast_says_whether_there_is_one() -> None:
    assert [Forecast(now=NOW, status=status).ok for status in ("ok", "refused")] == [True, False]


def test_that_a_protocol_is_in_force_by_two_people_or_as_the_default() -> None:
    assert Protocol().in_force
    assert not Protocol(version="v1", author="One").in_force
    assert Protocol(version="v1", author="One", second_signature="Two").in_force


def test_that_a_difference_names_choices_only() -> None:
    old, new = Protocol(), Protocol(version="v2", author="One", call_threshold=Decimal("0.7"), forecast=False)
    assert difference(old, new) == [("call_threshold", "0.5", "0.7"), ("forecast", "True", "False")]
    assert difference(old, old) == []


def test_that_a_point_knows_whether_it_has_a_value_and_which_way_it_points() -> None:
    def point(shape: PointShape, comparator: str) -> ChartPoint:
        return ChartPoint(x=0, at=NOW, anc=0.1, shape=shape, label="", readout="", sample_id="", grade_text="", comparator=comparator)

    assert [point(shape, "=").has_value for shape in (PointShape.DERIVED, PointShape.REJECTED, PointShape.UNKNOWN)] == [True, False, False]
    assert [point(PointShape.CENSORED, sign).points_up for sign in ("<", "<=", ">", ">=")] == [False, False, True, True]


def a_row(*alerts: OpenAlert) -> WorklistRow:
    words = dict.fromkeys(
        ("patient_id", "name", "initials", "mrn", "anc_text", "grade_text", "limiting_text", "nadir_window", "overdue_text", "decision"), ""
    )
    empty = dict.fromkeys(
        ("birth_date", "regimen", "cycle", "cycle_day", "cycle_length", "worst_grade", "count_at", "count_age_hours", "next_day1")
    )
    return WorklistRow(**words, **empty, last_gcsf="", day1_state=next(iter(DayOneState)), alerts=alerts)  # type: ignore[arg-type]


def test_that_the_worst_alert_of_a_row_is_the_oldest_of_the_worst_tier() -> None:
    def alert(name: str, tier: Tier, hours: int) -> OpenAlert:
        at = NOW - timedelta(hours=hours)
        return OpenAlert(id=name, tier=tier, rule="", state=AlertState.RAISED, text="", owner="", raised_at=at)

    rows = (alert("new", Tier.URGENT, 1), alert("old", Tier.URGENT, 3), alert("mild", Tier.ADVISORY, 9))
    assert a_row(*rows).worst_alert is rows[1]
    assert a_row().worst_alert is None


def test_that_an_import_waits_for_a_person_where_a_set_or_a_row_does() -> None:
    raw = RawSet(results=())
    held = ReadResult(raw=RawResult(), analyte="ANC", source_code=None, disposition=Disposition.HELD)
    stored = ReadResult(raw=RawResult(), analyte="ANC", source_code=None)

    def report(outcome: str, *results: ReadResult) -> ImportReport:
        own = SetReport(index=0, raw=raw, outcome=outcome, reason=None, marks=(), results=results, patient=None)
        return ImportReport(files=(FileReport(path="x", format="csv", sets=(own,)),))

    assert [report(*case).needs_a_person for case in (("stored", stored), ("mixed", held), ("quarantined",))] == [False, True, True]
    assert not ImportReport().needs_a_person


def test_that_every_record_is_frozen_slotted_and_keyword_only() -> None:
    from dataclasses import fields, is_dataclass

    for module in (care, overlay_chart, tables):
        records = [
            own for own in vars(module).values() if isinstance(own, type) and is_dataclass(own) and own.__module__ == module.__name__
        ]
        assert records
        for record in records:
            assert record.__dataclass_params__.frozen and "__slots__" in vars(record)
            assert all(own.kw_only for own in fields(record))
