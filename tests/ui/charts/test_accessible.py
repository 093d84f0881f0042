"""A screen reader walks the trend point by point: every count is a child of the chart, with its words and its place."""

import gc

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication

from neutromon.ui.charts.trend import TrendView
from tests.ui.charts.conftest import Painted, look
from tests.ui.charts.samples import POINTS, a_chart, a_point


def graph_of(view: TrendView) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view.graph())
    assert found is not None
    return found


def names_of(graph: QAccessibleInterface) -> list[str]:
    return [graph.child(n).text(QAccessible.Text.Name) for n in range(graph.childCount())]


def test_that_every_count_is_a_child_of_the_chart_in_the_order_of_time(painted: Painted) -> None:
    view = painted()
    graph = graph_of(view)
    assert graph.role() == QAccessible.Role.Chart
    assert graph.text(QAccessible.Text.Name) == "Counts of the chart"
    assert names_of(graph) == [point.readout for point in POINTS if point.shape.value != "rejected"]
    assert graph.child(graph.childCount()) is None


def test_that_a_point_is_found_in_the_tree_below_the_trend(painted: Painted) -> None:
    view = painted()
    point = graph_of(view).child(0)
    assert point.role() == QAccessible.Role.ListItem
    assert point.parent().object() is view.graph()
    assert graph_of(view).indexOfChild(point) == 0
    assert point.childCount() == 0


def test_that_a_withdrawn_count_is_read_only_when_it_is_shown(painted: Painted) -> None:
    view = painted()
    before = graph_of(view).childCount()
    view.toggle_rejected()
    look(view)
    assert graph_of(view).childCount() > before


def test_that_a_point_stands_where_it_is_painted_and_is_found_there(painted: Painted) -> None:
    view = painted()
    graph, number = graph_of(view), 2
    box = graph.child(number).rect()
    inside = view.graph().mapFromGlobal(box.center())
    assert abs(inside.x() - view.pixel_of(a_chart().points[number].x)) <= 2
    found = graph.childAt(box.center().x(), box.center().y())
    assert found is not None and found.rect().contains(box.center())


def test_that_a_point_out_of_the_range_says_so(painted: Painted) -> None:
    view = painted()
    first = graph_of(view).child(0)
    assert not first.state().offscreen
    view.show_span(a_chart().points[-1].x - 2, a_chart().points[-1].x + 4)
    look(view)
    assert first.state().offscreen and first.rect().isEmpty()


def test_that_the_count_that_is_read_out_is_the_chosen_child(painted: Painted) -> None:
    view = painted()
    view.step(-1)
    graph = graph_of(view)
    chosen = [n for n in range(graph.childCount()) if graph.child(n).state().selected]
    assert chosen == [graph.childCount() - 1]
    assert graph.child(chosen[0]).text(QAccessible.Text.Name) == view.read_out()


def test_that_a_held_point_follows_the_next_patient_and_is_invalid_beyond_her_counts(painted: Painted) -> None:
    view = painted()
    graph = graph_of(view)
    held = [graph.child(n) for n in range(graph.childCount())]
    other = a_chart(points=(a_point(5.0, 0.7),), segments=(), markers=(), durations=())
    view.show_chart(other, patient="Another, Testa")
    assert held[0].text(QAccessible.Text.Name) == other.points[0].readout
    assert [point.isValid() for point in held[:2]] == [True, False]
    assert held[1].text(QAccessible.Text.Name) == "" and held[1].rect().isEmpty()


@pytest.mark.parametrize("way", ["later", "scope"])
def test_that_a_closed_chart_leaves_no_living_point_behind(qapp: QApplication, painted: Painted, way: str) -> None:
    from neutromon.ui.theme import Theme

    view = TrendView(Theme())
    view.show_chart(a_chart())
    held = graph_of(view).child(0)
    assert held.isValid()
    if way == "later":
        view.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    del view
    gc.collect()
    assert not held.isValid()
    assert held.text(QAccessible.Text.Name) == "" and held.parent() is None
