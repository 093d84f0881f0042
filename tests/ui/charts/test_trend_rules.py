"""Every rule of the chart is visible: what the painters drew is what the data say, on screen as on paper."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton

from neutromon.models.trend_chart import TrendChart
from neutromon.report.charts.marks import Mark, drawn_marks, marks_of
from neutromon.report.charts.svg import render_svg
from neutromon.ui.charts.axis import header_words
from neutromon.ui.charts.points import shorter
from neutromon.ui.charts.shown import BAND_ALPHA, Ink
from neutromon.ui.charts.trend import TrendView
from neutromon.ui.theme import DARK, LIGHT, Theme, contrast, luminance
from neutromon.ui.widgets.badges import Chip
from tests.ui.charts.conftest import Painted, look
from tests.ui.charts.samples import PATIENT, POINTS, a_chart, a_large_chart


def kinds(marks: set[Mark]) -> set[str]:
    return {mark.kind for mark in marks}


@pytest.mark.parametrize("scale", ["log", "linear"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_screen_and_paper_show_the_same_marks(painted: Painted, theme: object, scale: str) -> None:
    chart = a_chart()
    view = painted(chart, theme=Theme(palette=theme))  # type: ignore[arg-type]
    view.toggle_panes()
    view.toggle_rejected()
    if scale == "linear":
        view.toggle_scale()
    look(view)
    assert view.marks() == marks_of(chart)
    assert view.marks() == drawn_marks(render_svg(chart, 1060, 640))


def test_that_a_part_of_the_chart_shows_the_marks_of_that_part(painted: Painted) -> None:
    chart = a_chart()
    view = painted(chart)
    view.toggle_panes()
    view.toggle_rejected()
    view.show_preset("Around event")
    look(view)
    first, last = view.shown_range()
    assert view.marks() == marks_of(chart, first, last)
    assert len(view.marks()) < len(marks_of(chart))


def test_that_rejected_results_are_hidden_until_they_are_asked_for(painted: Painted) -> None:
    view = painted()
    assert "point:rejected" not in kinds(view.marks())
    assert "rejected" not in view.words("legend")
    view.toggle_rejected()
    look(view)
    assert "point:rejected" in kinds(view.marks())
    assert "rejected" in view.words("legend")


def test_that_bands_are_named_in_the_margin_with_the_version_of_the_grades(painted: Painted) -> None:
    words = painted().words("axis")
    assert [word for word in words if word.startswith("band name")] == [
        f"band name {name}" for name in ("G1", "G2", "G3", "G4", "profound")
    ]
    assert "version CTCAE 5.0" in words


def test_that_bands_are_steps_of_lightness_and_never_more_than_18_per_cent(painted: Painted) -> None:
    assert max(BAND_ALPHA) <= 0.18
    assert list(BAND_ALPHA) == sorted(BAND_ALPHA)
    for palette in (LIGHT, DARK):
        ink = Ink(Theme(palette=palette))
        grounds = [ink.band(step) for step in range(4)]
        shares = [abs(luminance(palette.grades[4]) - luminance(palette.surface)) * ground.alphaF() for ground in grounds]
        assert shares == sorted(shares)


def test_that_the_scale_is_printed_on_the_chart_and_the_linear_one_has_a_broken_top(painted: Painted) -> None:
    view = painted()
    assert "scale logarithmic scale" in view.words("axis")
    assert "broken top" not in view.words("background")
    view.toggle_scale()
    look(view)
    assert "scale linear scale, broken at 5" in view.words("axis")
    assert "broken top" in view.words("background")


def test_that_the_forecast_space_is_on_its_own_ground_and_samples_come_on_demand(painted: Painted) -> None:
    view = painted()
    assert "forecast ground" in view.words("background")
    assert view.words("forecast") == ["fan 95 %", "fan 80 %", "fan 50 %", "median dashed"]
    view.toggle_samples()
    look(view)
    assert "20 sample courses" in view.words("forecast")


def test_that_a_refused_forecast_says_its_reason_and_draws_no_fan(painted: Painted) -> None:
    view = painted(a_chart(forecast=None, forecast_refusal="No forecast: no regimen model."))
    assert view.words("forecast") == []
    assert view.forecast_text() == "No forecast: no regimen model."


def test_that_each_cycle_has_its_field_with_dose_and_its_ruler(painted: Painted) -> None:
    words = painted().words("header")
    assert "header C1 docetaxel/carbo 100 %" in words
    assert any("C2" in word and "80 %" in word for word in words)
    assert {"ruler D1", "ruler D8", "ruler D15", "window 1"} <= set(words)
    assert any("C3" in word and word.endswith("planned") for word in words)


def test_that_a_short_field_keeps_a_reduced_dose_as_long_as_it_can() -> None:
    _, reduced, planned = a_chart().cycles
    assert header_words(reduced) == ("C2 docetaxel/carbo 80 %", "C2 80 %", "C2", "2")
    assert header_words(planned)[-3:] == ("C3 planned", "C3", "3")


def test_that_a_lowest_measured_count_is_never_called_nadir_however_short_its_words() -> None:
    lowest, recovery = a_chart().markers
    assert all("lowest" in text for text in shorter(lowest))
    assert shorter(recovery) == ("rec D15",)


def test_that_the_words_of_the_last_count_say_whether_it_will_be_valid_on_day_1(painted: Painted) -> None:
    assert "last count too old" in painted().words("background")
    valid = replace(a_chart().day1, last_count_valid=True)  # type: ignore[type-var]
    assert "last count valid" in painted(a_chart(day1=valid)).words("background")


@pytest.mark.parametrize("size", [(780, 520), (1300, 900), (560, 420)])
@pytest.mark.parametrize("make", [a_chart, a_large_chart])
def test_that_no_two_words_on_the_plot_cover_each_other(painted: Painted, size: tuple[int, int], make: object) -> None:
    view = painted(make(), size=size)  # type: ignore[operator]
    boxes = view.placed_words()
    for n, (_, one) in enumerate(boxes):
        assert not [text for text, other in boxes[n + 1 :] if one.intersects(other)]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_ink_of_the_chart_can_be_seen_on_the_chart(palette: object) -> None:
    ink = Ink(Theme(palette=palette))  # type: ignore[arg-type]
    ground = ink.theme.palette.surface
    for name in ("text", "text_muted", "text_faint", "line", "error", "accent", "meets", "hold"):
        assert contrast(getattr(ink.theme.palette, name), ground) >= 4.5, name
    for name in ("border_strong", "focus"):
        assert contrast(getattr(ink.theme.palette, name), ground) >= 3, name


def test_that_an_empty_chart_still_shows_its_axes_and_says_that_there_is_no_count(painted: Painted) -> None:
    empty = a_chart(points=(), segments=(), markers=(), durations=(), forecast=None, lane=())
    view = painted(empty)
    assert "no count" in view.words("points")
    assert "tick 0.5" in view.words("axis")


def test_that_the_time_axis_stays_left_to_right_in_a_right_to_left_window(painted: Painted) -> None:
    view = painted()
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    look(view)
    assert view.graph().layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert view.pixel_of(POINTS[0].x) < view.pixel_of(POINTS[-1].x)


def test_that_the_painted_part_is_the_same_in_both_directions_of_writing(painted: Painted) -> None:
    view = painted()
    view.step(-1)
    before = view.graph().grab().toImage()
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    look(view)
    assert view.graph().grab().toImage() == before


def test_that_the_chart_is_sharp_on_a_dense_screen(painted: Painted) -> None:
    view = painted(size=(800, 600))
    picture = QImage(1600, 1200, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(2)
    view.render(picture)
    colours = {picture.pixel(x, y) for x in range(300, 1300, 7) for y in range(300, 900, 7)}
    assert len(colours) > 8


def test_that_markup_in_a_chart_is_painted_as_text(painted: Painted) -> None:
    chart: TrendChart = a_chart(title="<b>bold</b>", forecast_refusal="<i>no</i>", forecast=None)
    view = painted(chart)
    assert "<b>bold</b>" in view.title_text()
    assert view.forecast_text() == "<i>no</i>"


def test_that_a_long_chip_leaves_room_for_the_sentence_and_is_whole_in_its_tooltip(painted: Painted) -> None:
    chip = "friberg-kpd 2026-11 · 3 own cycles, 11 counts · " + "a long warning " * 9 + "· last forecast 0.6 (0.3–1.1), measured 0.5"
    view = painted(a_chart(forecast=replace(a_chart().forecast, chip=chip)), size=(780, 560))  # type: ignore[type-var]
    shown = view.findChild(Chip)
    assert shown.text() == "friberg-kpd 2026-11 · 3 own cycles, 11 counts"
    assert "last forecast 0.6" in shown.toolTip()
    assert shown.sizeHint().width() < 400


def test_that_an_admission_is_drawn_with_its_sign_at_its_beginning(painted: Painted) -> None:
    stay = [event for event in a_chart().lane if event.kind == "admission"]
    empty = painted(a_chart(lane=())).grab().toImage()
    view = painted(a_chart(lane=tuple(stay)))
    picture, place = view.grab().toImage(), view.graph().mapTo(view, view.event_place(0))
    start = round(view.pixel_of(stay[0].start)) + view.graph().mapTo(view, view.graph().rect().topLeft()).x()
    changed = [y for y in range(place.y() - 6, place.y() - 3) if picture.pixel(start, y) != empty.pixel(start, y)]
    assert changed


def test_that_an_empty_small_pane_says_that_nothing_is_recorded(painted: Painted) -> None:
    empty = tuple(replace(pane, points=()) for pane in a_chart().panes)
    view = painted(a_chart(panes=empty))
    view.toggle_panes()
    look(view)
    assert view.words("pane Platelets") == ["Platelets, ×10⁹/L", "no value recorded"]


def test_that_the_small_panes_share_the_time_axis_and_give_way_where_there_is_no_room(painted: Painted) -> None:
    view = painted(size=(900, 900))
    view.toggle_panes()
    look(view)
    assert {"pane:Platelets", "pane:Temperature"} <= kinds(view.marks())
    view.show_preset("This cycle")
    look(view)
    assert "pane:Platelets" not in kinds(view.marks())
    small = painted(size=(700, 380))
    small.toggle_panes()
    look(small)
    assert "tick 0.5" in small.words("axis")
    assert not [kind for kind in kinds(small.marks()) if kind.startswith("pane:")]


def test_that_every_other_count_has_its_pane_on_a_small_screen(painted: Painted) -> None:
    pane = a_chart().panes[0]
    names = ("Platelets", "Haemoglobin", "WBC", "Temperature")
    view = painted(a_chart(panes=tuple(replace(pane, name=name) for name in names)), size=(808, 525))
    view.toggle_panes()
    look(view)
    stage = view._stage
    assert [made.isVisible() for made in stage.panes] == [True] * 4
    assert stage.dates.geometry().bottom() <= stage.view.height() + 0.5
    assert stage.box.geometry().height() >= 120
    view.toggle_panes()
    look(view)
    assert stage.legend.isVisible()


def shown_buttons(view: TrendView) -> set[str]:
    return {made.objectName() for made in view.controls.findChildren(QPushButton) if made.isVisible()}


def is_cut(label: QLabel) -> bool:
    """Return whether some of a label's words have no room."""
    room = label.contentsRect()
    wrap = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    needed = label.fontMetrics().boundingRect(room, wrap, label.text())
    return needed.width() > room.width() + 1 or needed.height() > room.height() + 1 or "…" in label.text()


def test_that_the_title_has_a_line_of_its_own_where_ranges_and_buttons_fit_on_one(painted: Painted) -> None:
    view = painted(size=(1100, 560))
    table = view.controls.findChild(QPushButton, "table_toggle")
    assert view.controls.head.indexOf(table) < 0 and table.isVisible()
    view.resize(800, 560)
    look(view)
    assert view.controls.head.indexOf(table) >= 0 and table.isVisible()


@pytest.mark.parametrize("width", [320, 500, 640, 800, 1100, 1500])
def test_that_the_title_is_never_cut_and_keeps_name_number_and_birth_date(painted: Painted, width: int) -> None:
    view = painted(size=(width, 560))
    title = view.controls.title
    assert not is_cut(title)
    assert all(part in title.text() for part in PATIENT.split(" · "))
    assert view.title_text() == f"{PATIENT} · {a_chart().title}"


def test_that_menus_stand_for_buttons_that_have_no_room(painted: Painted) -> None:
    view = painted(size=(1100, 560))
    assert not {"range_menu", "view_menu"} & shown_buttons(view)
    view.resize(view.controls.minimumSizeHint().width() + 20, 560)
    look(view)
    assert {"range_menu", "view_menu"} == shown_buttons(view)
    ranges = view.controls.findChild(QPushButton, "range_menu").menu()
    ranges.aboutToShow.emit()
    assert [action.text() for action in ranges.actions() if action.isChecked()] == ["All cycles"]
    next(action for action in ranges.actions() if action.text() == "This cycle").trigger()
    assert view.preset() == "This cycle"
    views = view.controls.findChild(QPushButton, "view_menu").menu()
    views.aboutToShow.emit()
    next(action for action in views.actions() if action.text() == "Linear").trigger()
    assert view.scale_name() == "linear"


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_that_at_large_text_on_a_small_screen_axis_and_counts_keep_their_room(painted: Painted, direction: Qt.LayoutDirection) -> None:
    view = painted(size=(500, 340), theme=Theme(scale=2.0))
    view.setLayoutDirection(direction)
    look(view)
    axis = view._stage.axis
    assert axis.geometry().height() >= 120 and axis.geometry().bottom() <= view.graph().height()
    assert any(word.startswith("name ANC") for word in view.words("axis"))
    assert len([word for word in view.words("axis") if word.startswith("tick ")]) >= 3
    assert not view._stage.lane.isVisible() and not view._stage.legend.isVisible()
