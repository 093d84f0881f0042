"""The counts of a chart in the accessibility tree: one child for each point, in the order of time, with its words and its place."""

import weakref
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid

_INSTALLED = "neutromon_readable_points"


class Readable(Protocol):
    """What a chart tells of its points; numbers count the points that are shown, oldest first."""

    def point_count(self) -> int:
        """Return how many points there are."""

    def point_words(self, number: int) -> str:
        """Return a point in words."""

    def point_place(self, number: int) -> QRect:
        """Return where a point stands on the screen; an empty box where it is out of sight."""

    def point_is_selected(self, number: int) -> bool:
        """Return whether a point is read out now."""


class PointInterface(QAccessibleInterface):
    """One count; it stays the same object while the chart lives, whatever chart is shown, so that no reader holds a dead one."""

    def __init__(self, graph: Callable[[], QWidget | None], chart: Callable[[], Readable | None], number: int) -> None:
        super().__init__()
        self._graph, self._chart, self._number = graph, chart, number

    def isValid(self) -> bool:
        """Return whether the point is there."""
        chart = self._chart()
        return chart is not None and self._number < chart.point_count()

    def text(self, kind: QAccessible.Text) -> str:
        """Return the read-out as the point's name."""
        chart = self._chart()
        return chart.point_words(self._number) if chart is not None and kind == QAccessible.Text.Name and self.isValid() else ""

    def rect(self) -> QRect:
        """Return where the point stands on the screen."""
        chart = self._chart()
        return chart.point_place(self._number) if chart is not None and self.isValid() else QRect()

    def role(self) -> QAccessible.Role:
        """Return the role of an entry of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Return what a reader has to know: read only, chosen, out of sight."""
        state, chart = QAccessible.State(), self._chart()
        state.readOnly, state.selectable = 1, 1
        state.invalid = 0 if self.isValid() else 1
        if chart is not None and self.isValid():
            state.selected = int(chart.point_is_selected(self._number))
            state.offscreen = int(chart.point_place(self._number).isEmpty())
        return state

    def parent(self) -> Any:
        """Return the chart."""
        graph = self._graph()
        return QAccessible.queryAccessibleInterface(graph) if graph is not None else None

    def object(self) -> Any:
        """Return nothing: a point is no widget."""
        return None

    def window(self) -> Any:
        """Return the window of the chart."""
        graph = self._graph()
        return graph.window().windowHandle() if graph is not None else None

    def childCount(self) -> int:
        """Return none."""
        return 0

    def child(self, _index: int) -> Any:
        """Return none."""
        return None

    def childAt(self, _x: int, _y: int) -> Any:
        """Return none."""
        return None

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        """Return none."""
        return -1

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        """Change nothing: a count is corrected through its record."""

    def foregroundColor(self) -> QColor:
        """Return no colour: colour carries no meaning of its own."""
        return QColor()

    def backgroundColor(self) -> QColor:
        """Return no colour."""
        return QColor()


class GraphInterface(QAccessibleWidget):
    """The painted part of a chart: a chart whose children are its points. It holds no widget, for Qt keeps it to its own end."""

    def __init__(self, graph: QWidget, chart: Readable) -> None:
        super().__init__(graph, QAccessible.Role.Chart)
        self._known_graph, self._known_chart = weakref.ref(graph), weakref.ref(chart)
        self._points: list[PointInterface] = []

    def _graph(self) -> QWidget | None:
        graph = self._known_graph()
        return graph if graph is not None and isValid(graph) else None

    def _chart(self) -> Readable | None:
        chart = self._known_chart()
        return chart if chart is not None and isValid(chart) and self._graph() is not None else None

    def childCount(self) -> int:
        """Return how many points there are."""
        chart = self._chart()
        return chart.point_count() if chart is not None else 0

    def child(self, index: int) -> Any:
        """Return a point."""
        if not 0 <= index < self.childCount():
            return None
        while len(self._points) <= index:
            self._points.append(PointInterface(self._graph, self._chart, len(self._points)))
        return self._points[index]

    def childAt(self, x: int, y: int) -> Any:
        """Return the point at a place of the screen."""
        chart = self._chart()
        numbers = range(self.childCount()) if chart is not None else ()
        return next((self.child(n) for n in numbers if chart is not None and chart.point_place(n).contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Return the number of a point, or -1."""
        return next((n for n, point in enumerate(self._points) if point is child), -1)


def make_readable(graph: QWidget, chart: Readable) -> None:
    """Let screen readers walk the points of a chart that is painted on a widget."""
    graph.readable_chart = weakref.ref(chart)  # type: ignore[attr-defined]
    application = QCoreApplication.instance()
    if application is not None and not application.property(_INSTALLED):
        application.setProperty(_INSTALLED, True)
        QAccessible.installFactory(_interface)


def _interface(_kind: str, made: QObject | None) -> QAccessibleInterface | None:
    """Return the interface of a readable graph; None leaves every other object to Qt."""
    known = getattr(made, "readable_chart", None)
    chart = known() if known is not None else None
    return GraphInterface(made, chart) if isinstance(made, QWidget) and chart is not None else None
