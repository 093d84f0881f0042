"""Counts as points: shape, place, read-out; unknown is never drawn as a number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from neutromon.models.history import Provenance
from neutromon.models.trend_chart import PointShape
from tests.builders import a_count, a_course, a_growth_factor, a_history, a_value, at, day
from tests.report.charted import chart_of, on_course, point_of


def test_that_the_read_out_has_the_form_of_the_product() -> None:
    lab = Provenance(source="import", note="Lab A")
    course = a_course("docetaxel-75", first=day(-9 - 42), given=3)
    history = on_course([a_count("2.14", collected=at(-3)), a_count("0.62", collected=at(0, -0.33), provenance=lab)], course)
    assert chart_of(history).points[-1].readout == (
        "12 Mar 08:40 · C3 D10 · ANC 0.62 ×10⁹/L (620/µL) · G3 · measured · Lab A · 71 % below previous (3 d)"
    )


@pytest.mark.parametrize(
    ("count", "shape", "anc", "label"),
    [
        (a_count("0.62"), PointShape.MEASURED, 0.62, "0.62"),
        (a_count(wbc="4.0", segs_percent="40", bands_percent="2"), PointShape.DERIVED, 1.68, "1.68"),
        (a_count("<0.1", wbc="0.8"), PointShape.CENSORED, 0.1, "<0.1"),
        (a_count(">20"), PointShape.CENSORED, 20.0, ">20"),
        (a_count(wbc="0.3"), PointShape.BOUNDED, 0.3, "≤0.3"),
    ],
)
def test_that_each_kind_of_count_has_its_own_shape(count: object, shape: PointShape, anc: float, label: str) -> None:
    point = point_of(count)  # type: ignore[arg-type]
    assert (point.shape, point.anc, point.label, point.has_value) == (shape, anc, label, True)


def test_that_a_limit_from_above_points_up_and_one_from_below_down() -> None:
    assert point_of(a_count(">20")).points_up
    assert not point_of(a_count("<0.1", wbc="0.8")).points_up


@pytest.mark.parametrize(("text", "place"), [("0.0", 0.1), ("0.00", 0.05), ("0", 0.05)])
def test_that_a_zero_is_a_limit_and_never_an_invented_number(text: str, place: float) -> None:
    point = point_of(a_count(text))
    assert (point.shape, point.anc, point.comparator, point.label) == (PointShape.CENSORED, place, "<=", "0")


def test_that_an_unreadable_count_stands_at_the_foot_without_a_number() -> None:
    point = point_of(a_count("clotted"))
    assert point.shape is PointShape.UNKNOWN
    assert not point.has_value
    assert point.label == "?"
    assert point.anc == 0.05
    assert "ANC unknown · cannot grade · reported “clotted”" in point.readout
    assert "×10⁹/L" not in point.readout


def test_that_a_unit_slip_has_no_place_among_numbers() -> None:
    point = point_of(a_count(neutrophils=a_value("3000", "10*9/L")))
    assert point.shape is PointShape.UNKNOWN
    assert chart_of(on_course([a_count(neutrophils=a_value("3000", "10*9/L"))])).y_high == 20


def test_that_a_count_without_a_unit_says_so() -> None:
    assert "reported “0.9” without a unit" in point_of(a_count(neutrophils=a_value("0.9", None))).readout


def test_that_a_withdrawn_result_is_rejected_and_tells_what_was_sent() -> None:
    point = point_of(a_count("7", status="entered-in-error"))
    assert point.shape is PointShape.REJECTED
    assert not point.has_value
    assert point.label == "✕"
    assert "rejected (entered-in-error) · reported “7” 10*9/L" in point.readout


def test_that_a_corrected_count_keeps_the_first_value_behind_it() -> None:
    point = point_of(a_count("1.2", superseded=(("neutrophils", a_value("12"), "typing"), ("neutrophils", a_value("1.3"), "typing"))))
    assert point.corrected
    assert point.corrected_from == 12.0
    assert "corrected, was 12 10*9/L" in point.readout


@pytest.mark.parametrize(
    ("reported", "value"),
    [(a_value("900", "/uL"), 0.9), (a_value("<0.1"), None), (a_value("clotted"), None), (a_value("3", None), None), (a_value("0"), None)],
)
def test_that_only_a_plain_first_value_is_drawn_behind_a_correction(reported: object, value: float | None) -> None:
    point = point_of(a_count("1.2", superseded=(("neutrophils", reported, "typing"),)))  # type: ignore[arg-type]
    assert point.corrected
    assert point.corrected_from == value


def test_that_a_correction_of_another_field_is_a_ring_without_a_first_value() -> None:
    point = point_of(a_count("1.2", wbc="3", superseded=(("wbc", a_value("30"), "typing"),)))
    assert (point.corrected, point.corrected_from) == (True, None)
    assert point.readout.endswith("· corrected")


def test_that_an_amended_report_is_a_ring() -> None:
    assert point_of(a_count("1.2", status="amended")).corrected


def test_that_a_preliminary_count_says_so() -> None:
    point = point_of(a_count("1.2", status="preliminary"))
    assert point.preliminary
    assert point.readout.endswith("· preliminary")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2.0", "3.0", "50 % above previous (3 d)"),
        ("2.0", "2.0", "same as previous (3 d)"),
        ("<0.1", "0.4", "previous <0.1 (3 d)"),
        ("0.4", "<0.1", "previous 0.4 (3 d)"),
        ("0", "0.4", "previous 0 (3 d)"),
    ],
)
def test_that_a_change_is_a_share_only_between_two_numbers(before: str, after: str, words: str) -> None:
    assert words in point_of(a_count(before, collected=at(-3)), a_count(after)).readout


def test_that_the_first_count_has_nothing_to_compare_with() -> None:
    assert "no earlier count" in point_of(a_count("1.2")).readout


def test_that_a_change_within_two_days_is_told_in_hours() -> None:
    assert "(20 h)" in point_of(a_count("2.0", collected=at(hours=-20)), a_count("1.0")).readout


def test_that_a_change_looks_past_a_count_without_a_number() -> None:
    counts = (a_count("2.0", collected=at(-3)), a_count("clotted", collected=at(-2)), a_count("1.0"))
    assert "50 % below previous (3 d)" in point_of(*counts).readout


@pytest.mark.parametrize(
    ("provenance", "words"),
    [
        (None, "laboratory not recorded"),
        (Provenance(), "laboratory not recorded"),
        (Provenance(source="import"), "imported, sender not recorded"),
        (Provenance(source="typed", author="R. Nurse"), "typed by R. Nurse"),
        (Provenance(source="typed"), "typed"),
        (Provenance(source="practice laboratory A"), "practice laboratory A"),
    ],
)
def test_that_the_read_out_names_who_reported(provenance: Provenance | None, words: str) -> None:
    assert f"· {words} ·" in point_of(a_count("1.2", provenance=provenance)).readout


def test_that_a_count_known_by_its_day_has_no_hour_and_an_old_one_its_year() -> None:
    old = replace(a_count("3.3", collected=at(-100)), day_precision=True)
    assert chart_of(on_course([old])).points[0].readout.startswith("02 Dec 2025 · outside a cycle ·")


def test_that_a_count_under_growth_factor_is_marked() -> None:
    daily = (a_growth_factor("filgrastim", given=at(-1)),)
    long_acting = (a_growth_factor("pegfilgrastim", given=at(-9)),)
    late = (a_growth_factor("filgrastim", given=at(-5)),)
    planned = (a_growth_factor("pegfilgrastim", given=at(-1), planned=True),)
    effects = [point_of(a_count("6"), growth_factors=doses).gcsf_effect for doses in (daily, long_acting, late, planned)]
    assert effects == [True, True, False, False]
    assert point_of(a_count("6"), growth_factors=daily).readout.endswith("under growth factor")
    assert not point_of(a_count("clotted"), growth_factors=daily).gcsf_effect


def test_that_samples_without_white_cells_or_time_are_no_points() -> None:
    chart = chart_of(on_course([a_count(hb="9.9"), a_count("1.2", collected=None)]))
    assert chart.points == ()
    assert "1 count without a collection time not drawn." in chart.summary


def test_that_points_stand_in_order_of_time_at_their_time_of_day() -> None:
    chart = chart_of(on_course([a_count("1.0"), a_count("2.0", collected=at(-10))]))
    assert [point.label for point in chart.points] == ["2", "1"]
    assert chart.points[1].x - chart.points[0].x == 10
    assert chart.points[1].x % 1 == pytest.approx(9 / 24)


def test_that_the_line_is_dashed_over_more_than_ten_days_on_a_course() -> None:
    course = a_course(first=day(-40), given=2)
    near = chart_of(on_course([a_count("2", collected=at(-20)), a_count("2", collected=at(-10))], course))
    far = chart_of(on_course([a_count("2", collected=at(-24)), a_count("2", collected=at(-13))], course))
    assert [segment.dashed for segment in near.segments] == [False]
    assert [segment.dashed for segment in far.segments] == [True]


def test_that_the_line_is_dashed_across_a_nadir_window_without_a_count() -> None:
    """The window of R-CHOP-21 is D10 to D14: five whole days, here skipped by two counts eight days apart."""
    course = a_course(first=day(-20), planned=0)
    chart = chart_of(on_course([a_count("2", collected=at(-12)), a_count("2", collected=at(-4))], course))
    assert [segment.dashed for segment in chart.segments] == [True]


def test_that_the_line_is_dashed_over_a_count_that_could_not_be_read() -> None:
    chart = chart_of(on_course([a_count("2", collected=at(-4)), a_count("clotted", collected=at(-3)), a_count("1", collected=at(-2))]))
    assert [(s.first, s.second, s.dashed) for s in chart.segments] == [(0, 2, True)]


def test_that_a_rejected_count_does_not_break_the_line() -> None:
    counts = [a_count("2", collected=at(-4)), a_count("9", collected=at(-3), status="cancelled"), a_count("1", collected=at(-2))]
    assert [(s.first, s.second, s.dashed) for s in chart_of(on_course(counts)).segments] == [(0, 2, False)]


def test_that_years_without_a_count_are_no_solid_line_without_a_course_either() -> None:
    chart = chart_of(a_history(None, None, [a_count("2", collected=at(-24 * 365)), a_count("2")]))
    assert [segment.dashed for segment in chart.segments] == [True]
    assert chart.opening is not None
    first, last = chart.opening
    assert last - first < 400 < last - chart.first


def test_that_without_a_course_a_long_gap_is_no_missing_count() -> None:
    chart = chart_of(a_history(None, None, [a_count("2", collected=at(-40)), a_count("2")]))
    assert [segment.dashed for segment in chart.segments] == [False]


def test_that_every_point_can_be_opened() -> None:
    counts = [a_count("2", collected=at(-4), sample_id="s-1"), a_count("clotted", collected=at(-3), sample_id="s-2")]
    assert [point.sample_id for point in chart_of(on_course(counts)).points] == ["s-1", "s-2"]


def test_that_a_count_of_another_zone_stands_at_its_own_wall_clock() -> None:
    from datetime import timezone

    local = at(-1).astimezone(timezone(timedelta(hours=3)))
    chart = chart_of(on_course([a_count("2", collected=local)]))
    assert chart.points[0].x % 1 == pytest.approx(12 / 24)
