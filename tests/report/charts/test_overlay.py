"""The neutrophil cycle profile: cycles over each other by cycle day."""

from dataclasses import replace

import pytest

from tests.builders import a_count, a_course, a_cycle, a_growth_factor, a_history, a_nadir_history, at, day
from tests.report.charted import on_course, overlay_of


def test_that_every_begun_cycle_is_one_line_by_cycle_day() -> None:
    chart = overlay_of(a_nadir_history(cycles=3))
    assert [line.label for line in chart.lines] == ["C1", "C2", "C3"]
    assert [round(p.x, 2) for p in chart.lines[0].points] == [1.33, 8.33, 11.33, 15.33, 19.33]
    assert [p.cycle_day for p in chart.lines[0].points] == [1, 8, 11, 15, 19]


def test_that_the_running_cycle_is_bold_and_earlier_ones_grow_paler() -> None:
    chart = overlay_of(a_nadir_history(cycles=3))
    assert [line.current for line in chart.lines] == [False, False, True]
    lightness = [line.lightness for line in chart.lines]
    assert lightness == sorted(lightness, reverse=True)
    assert lightness[-1] == 0


def test_that_cycles_differ_by_pattern_and_not_by_grey_alone() -> None:
    lines = overlay_of(a_nadir_history(cycles=6)).lines
    assert lines[-1].dashes == ()
    assert len({line.dashes for line in lines}) == len(lines)


def test_that_median_and_middle_half_need_three_cycles() -> None:
    two, three = overlay_of(a_nadir_history(cycles=2)), overlay_of(a_nadir_history(cycles=4))
    assert two.band is None
    assert two.band_text == "no median: fewer than 3 cycles have counts on the same days"
    assert three.band is not None
    assert three.band.cycles == 4
    assert three.band_text == "median and middle half of 4 cycles"


def test_that_the_median_lies_between_the_quartiles_and_never_beyond_the_counts() -> None:
    histories = a_nadir_history(cycles=4)
    band = overlay_of(histories).band
    assert band is not None
    assert all(low <= middle <= high for low, middle, high in zip(band.low, band.median, band.high, strict=True))
    assert min(band.low) >= 0.4 * 0.999
    assert band.x[-1] <= 19.4


def test_that_days_which_too_few_cycles_reach_have_no_median() -> None:
    """Each cycle has its counts on days of its own, so no day has three cycles."""
    cycles = [a_cycle(n + 1, day(-62 + 21 * n)) for n in range(3)]
    counts = [a_count("1", collected=at(-62 + 21 * n + 5 * n + shift)) for n in range(3) for shift in (0, 2)]
    assert overlay_of(on_course(counts, a_course(cycles=cycles))).band is None


def test_that_the_window_of_the_regimen_stands_behind_or_is_not_known() -> None:
    known, unknown = overlay_of(a_nadir_history()), overlay_of(a_history(None, a_course("made-up")))
    assert (known.window, known.window_text) == ((10.0, 15.0), "expected nadir D10–14")
    assert (unknown.window, unknown.window_text) == (None, "expected nadir window not known")


def test_that_a_window_of_one_day_is_one_day() -> None:
    assert overlay_of(a_history(None, a_course("docetaxel-75"))).window_text == "expected nadir D8"


def test_that_the_axis_has_28_days_and_more_where_a_count_is_later() -> None:
    assert [words for _, words in overlay_of(a_nadir_history()).x_ticks] == ["D1", "D8", "D15", "D22", "D29"]
    late = on_course([a_count("1")], a_course(first=day(-40), planned=0))
    assert 41 < overlay_of(late).last <= 43


def test_that_a_count_of_months_later_is_not_drawn_and_is_said() -> None:
    course = a_course(first=day(-98), planned=0)
    chart = overlay_of(on_course([a_count("3", collected=at(-90)), a_count("1", collected=at(-3)), a_count("0.8")], course))
    assert [p.label for p in chart.lines[0].points] == ["3"]
    assert chart.last == 29
    assert chart.band_text.endswith("2 counts after D42 not drawn")
    assert chart.now_day is None


def test_that_today_is_a_day_of_the_running_cycle() -> None:
    assert overlay_of(a_nadir_history()).now_day == pytest.approx(11 + 9 / 24)
    assert overlay_of(a_history()).now_day is None


def test_that_counts_without_a_number_are_not_in_the_profile() -> None:
    chart = overlay_of(on_course([a_count("clotted"), a_count("1", collected=at(-1))]))
    assert [p.label for p in chart.lines[0].points] == ["1"]


def test_that_a_long_gap_is_dashed_and_gives_no_median() -> None:
    course = a_course(first=day(-20), planned=0)
    chart = overlay_of(on_course([a_count("4", collected=at(-20)), a_count("3", collected=at(-1))], course))
    assert chart.lines[0].dashed_gaps == (0,)


def test_that_every_cycle_has_a_row_with_nadir_day_duration_growth_factor_and_dose() -> None:
    doses = (a_growth_factor(given=at(-30)), *(a_growth_factor("filgrastim", given=at(-8 + n)) for n in range(3)))
    history = replace(a_nadir_history(), growth_factors=doses)
    first, second = overlay_of(history).rows
    assert (first.nadir, first.day, first.word, first.duration, first.growth_factor, first.dose) == (
        "0.4",
        "D11",
        "lowest measured",
        "0–7 d",
        "pegfilgrastim D2",
        "100 %",
    )
    assert (second.duration, second.growth_factor) == ("on one count", "filgrastim D3–5, 3 doses")


def test_that_a_cycle_without_counts_says_what_is_not_known() -> None:
    row = overlay_of(a_history(None, a_course(cycles=[a_cycle(1, day(-5), dose_percent=None)]))).rows[0]
    assert (row.nadir, row.day, row.duration, row.growth_factor, row.dose) == (
        "no count",
        "–",
        "not known",
        "none recorded",
        "not recorded",
    )


def test_that_a_cycle_above_0_5_says_that_none_was_seen_below() -> None:
    assert overlay_of(on_course([a_count("0.5")])).rows[0].duration == "none seen"


def test_that_the_profile_can_be_spoken() -> None:
    assert overlay_of(a_nadir_history(cycles=1)).summary == (
        "Neutrophil cycle profile: 1 cycle by cycle day. Cycle 1: lowest measured 0.4 on day 11."
    )


def test_that_two_counts_at_one_time_do_not_break_the_median() -> None:
    doubled = [count for count in a_nadir_history(cycles=4).counts for _ in range(2)]
    assert overlay_of(replace(a_nadir_history(cycles=4), counts=tuple(doubled))).band is not None
