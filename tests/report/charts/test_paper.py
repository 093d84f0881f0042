"""The chart on paper: every mark of the data, nothing else, and every sign its own without colour."""

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from neutromon.models.trend_chart import ChartPoint, LaneEvent, PointShape, TrendChart
from neutromon.report.charts.canvas import Canvas, fitting
from neutromon.report.charts.marks import Mark, drawn_marks, marks_of
from neutromon.report.charts.paper import PAPER, Scale
from neutromon.report.charts.svg import render_overlay, render_svg
from neutromon.report.charts.svg_counts import shape
from neutromon.report.charts.svg_lane import SIGNS
from tests.builders import a_count, a_course, a_cycle, a_history, a_nadir_history, a_patient, at, day
from tests.report.charted import a_forecast, chart_of, on_course, overlay_of
from tests.report.charts.signs import every_sign

SIZE = (1060.0, 640.0)
SVG = "{http://www.w3.org/2000/svg}"


def full() -> TrendChart:
    """Return the chart with every sign and a forecast."""
    return chart_of(every_sign(), forecast=a_forecast())


@pytest.mark.parametrize("make", [full, lambda: chart_of(a_history()), lambda: chart_of(a_nadir_history(cycles=8))])
def test_that_paper_shows_exactly_the_marks_of_the_data(make: Callable[[], TrendChart]) -> None:
    chart = make()
    assert drawn_marks(render_svg(chart, *SIZE)) == marks_of(chart)


def test_that_paper_has_no_lower_limit_where_none_is_known() -> None:
    chart = chart_of(replace(a_nadir_history(), patient=a_patient(lower_limits={})))
    drawn = drawn_marks(render_svg(chart, *SIZE))
    assert drawn == marks_of(chart)
    assert "limit" not in {mark.kind for mark in drawn}


def test_that_a_delay_too_narrow_for_words_is_still_hatched() -> None:
    cycles = [a_cycle(n, day(-10 - 21 * (12 - n)), planned=day(-11 - 21 * (12 - n))) for n in range(1, 13)]
    chart = chart_of(a_history(None, a_course(cycles=cycles)))
    drawing = render_svg(chart, *SIZE)
    assert drawn_marks(drawing) == marks_of(chart)
    assert ">+1 d (reason not recorded)<" not in drawing


def test_that_a_view_shows_exactly_the_marks_of_its_range() -> None:
    chart = full()
    for name, first, last in chart.presets:
        drawn = drawn_marks(render_svg(chart, *SIZE, view=(first, last)))
        assert drawn == marks_of(chart, first, last), name


def test_that_a_view_of_the_past_shows_no_now_no_target_and_no_forecast() -> None:
    drawn = drawn_marks(render_svg(full(), *SIZE, view=(0.0, 20.0)))
    assert drawn == marks_of(full(), 0.0, 20.0)
    kinds = {mark.kind for mark in drawn}
    assert not kinds & {"now", "day1", "fan"}


def test_that_the_history_with_every_sign_has_every_sign() -> None:
    kinds = {mark.kind for mark in marks_of(full())}
    assert {f"point:{shape.value}" for shape in PointShape} <= kinds
    assert {f"lane:{kind}" for kind in SIGNS} <= kinds
    assert {"delay", "ring", "original", "fan", "day1", "now", "duration", "segment", "segment:dashed", "cycle:planned"} <= kinds


def test_that_the_drawing_is_well_formed_and_stays_on_its_sheet() -> None:
    tree = ElementTree.fromstring(render_svg(full(), *SIZE))
    for node in tree.iter(f"{SVG}circle"):
        assert 0 <= float(node.get("cx", "")) <= SIZE[0]
        assert 0 <= float(node.get("cy", "")) <= SIZE[1]
    for node in tree.iter(f"{SVG}text"):
        assert -1 <= float(node.get("x", "")) <= SIZE[0] + 1
        assert 0 <= float(node.get("y", "")) <= SIZE[1] + 1


def test_that_a_name_with_markup_is_text() -> None:
    course = a_course("<b>R&D</b>", planned=0)
    drawing = render_svg(chart_of(on_course([a_count("1")], course)), *SIZE)
    words = [node.text for node in ElementTree.fromstring(drawing).iter(f"{SVG}text")]
    assert "C1 <b>R&D</b> 100 %" in words
    assert Mark(kind="cycle", key="0", text="C1 <b>R&D</b> 100 %") in drawn_marks(drawing)


def test_that_the_axis_is_named_with_its_unit_and_scale() -> None:
    words = [node.text for node in ElementTree.fromstring(render_svg(full(), *SIZE)).iter(f"{SVG}text")]
    assert {"Absolute neutrophil count (ANC), ×10⁹/L", "logarithmic scale", "CTCAE 5.0", "G1", "G2", "G3", "G4", "profound"} <= set(words)


def a_point(kind: PointShape, **changes: object) -> ChartPoint:
    """Return a point of a shape."""
    return replace(full().points[0], shape=kind, **changes)  # type: ignore[arg-type]


def drawn(draw: Callable[[Canvas], None]) -> str:
    """Return what a sign is made of, its colours taken out."""
    canvas = Canvas(100, 100)
    draw(canvas)
    return re.sub(r"#[0-9a-f]{6}", lambda match: "paper" if match.group() == PAPER.paper else "ink", canvas.svg())


def test_that_every_shape_differs_without_colour() -> None:
    points = [a_point(kind) for kind in PointShape]
    points += [a_point(PointShape.CENSORED, comparator=">"), a_point(PointShape.MEASURED, preliminary=True)]
    signs = [drawn(lambda canvas, point=point: shape(canvas, point, (50, 50), PAPER)) for point in points]  # type: ignore[misc]
    assert len(set(signs)) == len(points)


def test_that_every_lane_sign_differs_without_colour() -> None:
    events = [LaneEvent(kind=kind, start=0, end=None, text="") for kind in SIGNS]
    events += [replace(events[0], height=0.75), replace(events[0], height=0.0), replace(events[0], planned=True)]
    events += [replace(events[0], uncertain=True), replace(events[1], planned=True)]
    signs = [drawn(lambda canvas, event=event: SIGNS[event.kind](canvas, event, 50, 50, PAPER)) for event in events]  # type: ignore[misc]
    assert len(set(signs)) == len(events)


def test_that_neighbouring_bands_differ_in_lightness_and_have_names() -> None:
    levels = [int(colour[1:3], 16) for colour in PAPER.bands]
    assert all(pale - dark >= 10 for pale, dark in itertools.pairwise(levels))


def test_that_the_fan_has_an_edge_of_its_own_for_each_band() -> None:
    drawing = render_svg(full(), *SIZE)
    fan = drawing[drawing.index('data-mark="fan"') :].split("</g>")[0]
    assert {'stroke-dasharray="1 2"', 'stroke-dasharray="3 2"', 'stroke-dasharray="5 3"'} <= set(
        re.findall(r'stroke-dasharray="[^"]*"', fan)
    )


def test_that_a_wide_cycle_has_its_whole_header_and_a_narrow_one_its_number() -> None:
    many = chart_of(a_nadir_history(cycles=20))
    whole = render_svg(many, *SIZE)
    close = render_svg(many, *SIZE, view=many.opening)
    assert ">C20<" in whole
    assert ">C20 R-CHOP-21 100 %<" in close


def test_that_a_drawing_is_the_same_every_time() -> None:
    assert render_svg(full(), *SIZE) == render_svg(full(), *SIZE)


def test_that_the_profile_shows_every_cycle_band_and_window() -> None:
    chart = overlay_of(a_nadir_history(cycles=4))
    kinds = [(mark.kind, mark.text) for mark in sorted(drawn_marks(render_overlay(chart, 560, 290)))]
    assert [text for kind, text in kinds if kind.startswith("line")] == ["C1", "C2", "C3", "C4"]
    assert ("line:current", "C4") in kinds
    assert {("profile", "4 cycles"), ("profile", "median"), ("window", "expected nadir D10–14"), ("limit", "lower limit 1.8")} <= set(kinds)


def test_that_a_profile_of_many_cycles_names_the_newest_only() -> None:
    drawing = render_overlay(overlay_of(a_nadir_history(cycles=14)), 560, 290)
    named = {node.text for node in ElementTree.fromstring(drawing).iter(f"{SVG}text")}
    assert "C14" in named
    assert "C1" not in named


def test_that_a_profile_keeps_limits_and_long_gaps_apart() -> None:
    counts = [a_count("4", collected=at(-40)), a_count("<0.1", collected=at(-29), wbc="0.9"), a_count("2", collected=at(-1))]
    history = replace(on_course(counts, a_course(first=day(-41), given=2)), patient=a_patient(lower_limits={}))
    drawing = render_overlay(overlay_of(history), 560, 290)
    assert 'stroke-dasharray="2 4"' in drawing
    assert "<polygon" in drawing


def test_that_a_profile_without_a_window_or_count_is_still_an_axis() -> None:
    drawing = render_overlay(overlay_of(a_history(None, a_course("made-up"))), 560, 290)
    assert "expected nadir window not known" in drawing


def test_that_a_hatch_stays_inside_its_rectangle() -> None:
    for rising in (True, False):
        canvas = Canvas(100, 100)
        canvas.hatch(10, 20, 40, 30, 4, rising=rising, stroke="#000")
        for node in ElementTree.fromstring(canvas.svg()).iter(f"{SVG}line"):
            assert 10 <= float(node.get("x1", "")) <= 40
            assert 20 <= float(node.get("y2", "")) <= 30


def test_that_an_empty_rectangle_draws_nothing() -> None:
    canvas = Canvas(10, 10)
    canvas.rect(5, 5, 5, 9, fill="#000")
    canvas.hatch(5, 5, 5, 9, 2, stroke="#000")
    assert canvas.svg().count("\n") == 1


def test_that_a_logarithmic_scale_puts_equal_shares_at_equal_distances() -> None:
    scale = Scale(low=0.1, high=10, start=200, end=0, log=True)
    assert [round(scale.at(value)) for value in (0.1, 1, 10)] == [200, 100, 0]
    assert (scale.inside(50), scale.inside(0.01)) == (0, 200)


def test_that_a_text_that_does_not_fit_gives_way_to_a_shorter_one() -> None:
    assert fitting(["a long header", "short"], 40, 10) == "short"
    assert fitting(["a long header"], 10, 10) == ""
