"""The eleven criteria for graphs of laboratory results of Sittig 2015 (PMC4482275), asserted on what is on the screen."""

import pytest

from neutromon.ui.charts.trend import TrendView
from tests.ui.charts.conftest import Painted, look
from tests.ui.charts.samples import POINTS, a_chart, a_point


@pytest.fixture
def view(painted: Painted) -> TrendView:
    return painted()


def test_that_1_the_title_names_the_test(view: TrendView) -> None:
    assert "neutrophil count" in view.title_text()


def test_that_2_two_identifiers_of_the_patient_stand_over_the_graph(view: TrendView) -> None:
    assert "Example, Testa" in view.title_text()
    assert "T-0001" in view.title_text()


def test_that_3_the_x_axis_has_a_name(view: TrendView) -> None:
    assert "name Date" in view.words("dates")


def test_that_4_the_y_axis_has_a_name(view: TrendView) -> None:
    assert any(word.startswith("name Absolute neutrophil count (ANC)") for word in view.words("axis"))


def test_that_5_the_y_axis_has_its_unit(view: TrendView) -> None:
    assert any(word.startswith("name ") and word.endswith("×10⁹/L") for word in view.words("axis"))


def test_that_6_the_x_axis_has_dates_at_even_steps_of_true_time(view: TrendView) -> None:
    days = [word.removeprefix("date ") for word in view.words("dates") if word.startswith("date ")]
    assert len(days) >= 3
    pixels = [view.pixel_of(x) for x in (0.0, 10.0, 40.0)]
    assert (pixels[2] - pixels[1]) / (pixels[1] - pixels[0]) == pytest.approx(3.0)


def test_that_dates_of_decades_carry_their_years(painted: Painted) -> None:
    view = painted(a_chart(first=-24 * 365.0, presets=(("All cycles", -24 * 365.0, 60.0),)))
    days = [word.removeprefix("date ") for word in view.words("dates") if word.startswith("date ")]
    assert 3 <= len(days) <= 20
    assert {day[5:] for day in days} == {"01-01"}


def test_that_7_the_oldest_result_is_on_the_left(view: TrendView) -> None:
    pixels = [view.pixel_of(point.x) for point in POINTS]
    assert pixels == sorted(pixels)


def test_that_8_limits_and_grades_are_shown_with_their_names(view: TrendView) -> None:
    assert "limit" in {mark.kind for mark in view.marks()}
    assert "band name G4" in view.words("axis")


def test_that_9_each_result_is_one_mark_at_its_time_and_the_line_does_not_invent_any(view: TrendView) -> None:
    drawn = {mark.key for mark in view.marks() if mark.kind.startswith("point:")}
    assert drawn == {str(n) for n, point in enumerate(POINTS) if point.shape.value != "rejected"}
    assert len([mark for mark in view.marks() if mark.kind.startswith("segment")]) == len(a_chart().segments)


def test_that_10_the_exact_value_of_every_result_can_be_read(view: TrendView) -> None:
    view.step(1)
    for point in [p for p in POINTS if p.shape.value != "rejected"]:
        assert view.read_out() == point.readout
        assert view.tag_text().startswith(point.label)
        view.step(1)


def test_that_11_results_beyond_the_axis_are_shown_with_their_number_and_do_not_flatten_the_rest(painted: Painted) -> None:
    plain = painted()
    crowded = painted(a_chart(points=(*POINTS[:4], a_point(20.3, 300.0, label="300"), *POINTS[5:])))
    look(crowded)
    assert crowded.words("axis") == plain.words("axis")
    assert "300" in [text for text, _ in crowded.placed_words()]
