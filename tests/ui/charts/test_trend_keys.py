"""The trend by keyboard and mouse: every count is spoken, every range is a key away, Enter opens the record."""

import gc
import weakref

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.ui.charts.trend import TrendView
from neutromon.ui.theme import DARK, Theme
from tests.ui.charts.conftest import Painted, look
from tests.ui.charts.samples import POINTS, a_chart, a_point


def press(qtbot: QtBot, view: object, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(view, key)


def test_that_arrows_step_through_the_counts_and_speak_them(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    heard: list[str] = []
    view.read_out_changed.connect(heard.append)
    press(qtbot, view, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right)
    shown = [p for p in POINTS if p.shape.value != "rejected"]
    assert heard == [shown[-1].readout, shown[-2].readout, shown[-1].readout]
    assert view.accessibleDescription() == shown[-1].readout
    assert QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Description) == shown[-1].readout
    assert view.tag_text() == "0.4 · G3"


def test_that_home_and_end_go_to_the_first_and_the_last_count(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    press(qtbot, view, Qt.Key.Key_Home)
    assert view.read_out() == POINTS[0].readout
    press(qtbot, view, Qt.Key.Key_Left)
    assert view.read_out() == POINTS[0].readout
    press(qtbot, view, Qt.Key.Key_End)
    assert view.read_out() == POINTS[-1].readout


def test_that_a_count_outside_the_range_comes_into_sight_when_it_is_read(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    view.show_preset("This cycle")
    press(qtbot, view, Qt.Key.Key_Home)
    first, last = view.shown_range()
    assert first <= POINTS[0].x <= last


def test_that_enter_opens_the_record_of_the_count_that_is_read(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    opened: list[str] = []
    view.sample_requested.connect(opened.append)
    press(qtbot, view, Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_Return)
    assert opened == [POINTS[-1].sample_id]


def test_that_l_changes_the_scale_and_keeps_the_range(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    view.show_preset("This cycle")
    before = view.shown_range()
    press(qtbot, view, Qt.Key.Key_L)
    assert (view.scale_name(), view.preset()) == ("linear", "This cycle")
    assert view.shown_range() == pytest.approx(before)
    press(qtbot, view, Qt.Key.Key_L)
    assert view.scale_name() == "log"


def test_that_plus_minus_and_0_zoom_in_out_and_back(painted: Painted, qtbot: QtBot) -> None:
    view = painted(whole=False)
    opening = view.shown_range()
    press(qtbot, view, Qt.Key.Key_Plus)
    assert width(view.shown_range()) < width(opening)
    assert view.preset() == "Custom"
    press(qtbot, view, Qt.Key.Key_Minus, Qt.Key.Key_Minus)
    assert width(view.shown_range()) >= width(opening)
    press(qtbot, view, Qt.Key.Key_0)
    assert view.shown_range() == pytest.approx(opening)
    assert view.preset() == "Recent"


def width(span: tuple[float, float]) -> float:
    return span[1] - span[0]


def test_that_zoom_ends_at_the_chart_and_at_four_days(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    press(qtbot, view, *[Qt.Key.Key_Minus] * 20)
    first, last = view.shown_range()
    chart = a_chart()
    assert first >= chart.first - 2
    assert last <= chart.last + 2
    press(qtbot, view, *[Qt.Key.Key_Plus] * 40)
    assert width(view.shown_range()) == pytest.approx(4, abs=0.01)


def test_that_brackets_go_from_cycle_to_cycle_and_say_which(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    view.show_preset("This cycle")
    press(qtbot, view, Qt.Key.Key_BracketLeft)
    assert view.read_out() == "Cycle 1: C1 docetaxel/carbo 100 %"
    press(qtbot, view, Qt.Key.Key_BracketRight)
    assert view.read_out() == "Cycle 2: C2 docetaxel/carbo 80 %"
    first, last = view.shown_range()
    assert first < 28 < 49 < last


def test_that_s_shows_sample_courses(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    press(qtbot, view, Qt.Key.Key_S)
    look(view)
    assert "20 sample courses" in view.words("forecast")


def test_that_the_chart_offers_its_ranges_and_an_own_one(painted: Painted) -> None:
    view = painted(whole=False)
    assert view.presets() == ["Recent", "This cycle", "Last 2 cycles", "All cycles", "Around event", "Custom"]
    for name, first, last in a_chart().presets:
        view.show_preset(name)
        assert view.shown_range() == pytest.approx((first, last), abs=0.7)


def test_that_the_chart_opens_on_the_range_that_it_was_built_for(painted: Painted) -> None:
    view = painted(a_chart(opening=(20.0, 70.0)), whole=False)
    assert view.shown_range() == pytest.approx((20.0, 70.0), abs=0.1)


def test_that_own_dates_are_taken_from_the_fields(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    view.controls.range_chosen.emit(a_chart().epoch.replace(day=10), a_chart().epoch.replace(day=20))
    assert view.shown_range() == pytest.approx((5.0, 16.0))


def test_that_pointing_with_the_mouse_reads_the_nearest_count(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    place = QPoint(round(view.pixel_of(POINTS[4].x)) + 3, 300)
    qtbot.mouseMove(view.graph().viewport(), place)
    assert view.read_out() == POINTS[4].readout


def test_that_pointing_at_the_lane_reads_the_event(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    qtbot.mouseMove(view.graph().viewport(), view.event_place(2))
    assert view.read_out() == "fever 38.4 °C"


def test_that_a_double_click_opens_the_record(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    opened: list[str] = []
    view.sample_requested.connect(opened.append)
    viewport, place = view.graph().viewport(), QPoint(round(view.pixel_of(POINTS[1].x)), 300)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert opened == [POINTS[1].sample_id]


def test_that_a_count_under_the_mouse_can_be_read_at_every_number_of_points(painted: Painted) -> None:
    view = painted(a_chart(points=(a_point(3.0, 0.4),), segments=(), markers=(), durations=()))
    view.step(-1)
    view.step(1)
    assert view.read_out() == a_point(3.0, 0.4).readout


def test_that_the_table_says_the_same_as_the_chart_and_moves_with_it(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    view.toggle_table()
    chart = a_chart()
    rows = view.table.model_of_chart.rows
    assert {row.cells[-1] for row in rows} == {p.readout for p in chart.points} | {e.text for e in chart.lane}
    assert [row.x for row in rows] == sorted((row.x for row in rows), reverse=True)
    view.step(-1)
    assert rows[view.table.currentIndex().row()].point == len(chart.points) - 1
    press(qtbot, view.table, Qt.Key.Key_Home)
    view.table.selectRow(next(n for n, row in enumerate(rows) if row.point == 2))
    assert view.read_out() == chart.points[2].readout


def test_that_enter_in_the_table_opens_the_record(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    opened: list[str] = []
    view.sample_requested.connect(opened.append)
    view.toggle_table()
    view.table.selectRow(next(n for n, row in enumerate(view.table.model_of_chart.rows) if row.point == 3))
    press(qtbot, view.table, Qt.Key.Key_Return)
    assert opened == [POINTS[3].sample_id]


def test_that_the_summary_is_what_a_screen_reader_hears_first(painted: Painted) -> None:
    view = painted()
    assert view.accessibleDescription() == a_chart().summary
    for part in ("Example, Testa", "T-0001", "ANC", "×10⁹/L", "logarithmic scale"):
        assert part in view.accessibleName()


def test_that_the_same_patient_keeps_range_and_count_and_another_one_does_not(painted: Painted) -> None:
    view = painted()
    view.show_preset("This cycle")
    view.step(-1)
    view.show_chart(a_chart(summary="read again"), patient="Example, Testa · T-0001 · 31 Jan 1960")
    assert (view.preset(), view.read_out()) == ("This cycle", POINTS[-1].readout)
    view.show_chart(a_chart(), patient="Sample, Otho · T-0002 · 1 Feb 1970")
    assert (view.preset(), view.read_out()) == ("Recent", "")


def test_that_no_chart_says_why(painted: Painted) -> None:
    view = painted()
    view.clear("This patient's record could not be read.")
    view.step(1)
    view.toggle_scale()
    view.next_cycle()
    view.show_preset("This cycle")
    assert view.accessibleDescription() == "This patient's record could not be read."
    assert view.read_out() == ""


def test_that_another_theme_and_text_size_can_come_while_the_chart_is_shown(painted: Painted) -> None:
    view = painted()
    before = view.grab().toImage().pixelColor(400, 300)
    view.set_theme(Theme(palette=DARK, scale=1.4))
    look(view)
    assert view.grab().toImage().pixelColor(400, 300).lightness() < before.lightness()


def test_that_every_button_of_the_chart_has_a_name_and_a_closed_chart_leaves_nothing(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    from PySide6.QtWidgets import QAbstractButton

    assert all(
        button.accessibleName() and button.objectName()
        for button in view.findChildren(QAbstractButton)
        if button.isVisibleTo(view) and button.text()
    )
    view.close()
    QApplication.sendPostedEvents()
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def test_that_the_wheel_zooms_in_time_only_and_over_the_lane_too(painted: Painted) -> None:
    view = painted()
    low = view.value_range()
    for place in (QPoint(600, 300), view.event_place(2)):
        before = view.shown_range()
        send_wheel(view, place, 120)
        assert width(view.shown_range()) < width(before)
    assert view.value_range() == low
    assert view.preset() == "Custom"


def send_wheel(view: TrendView, place: QPoint, delta: int) -> None:
    viewport = view.graph().viewport()
    where = QPointF(place)
    event = QWheelEvent(
        where,
        viewport.mapToGlobal(where),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_that_dragging_moves_the_time_only(painted: Painted, qtbot: QtBot) -> None:
    view = painted()
    view.show_preset("This cycle")
    before, low = view.shown_range(), view.value_range()
    viewport = view.graph().viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(600, 300))
    for x in (620, 660, 700):
        qtbot.mouseMove(viewport, QPoint(x, 340))
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(x, 340),
            viewport.mapToGlobal(QPointF(x, 340)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(700, 340))
    assert view.shown_range()[0] < before[0]
    assert width(view.shown_range()) == pytest.approx(width(before))
    assert view.value_range() == low


def test_that_a_closed_chart_is_given_back(qtbot: QtBot) -> None:
    view = TrendView(Theme())
    view.resize(900, 600)
    view.show()
    view.show_chart(a_chart())
    view.grab()
    gone = weakref.ref(view.graph())
    view.close()
    view.deleteLater()
    QApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)
    del view
    gc.collect()
    assert gone() is None
