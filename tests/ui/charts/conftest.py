"""A trend on the screen for each test: painted, with the window's fonts, closed afterwards."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.trend_chart import TrendChart
from neutromon.ui.charts.trend import TrendView
from neutromon.ui.theme import Theme
from tests.ui.charts.samples import PATIENT, a_chart

Painted = Callable[..., TrendView]


@pytest.fixture
def painted(qtbot: QtBot) -> Iterator[Painted]:
    """Return a function that shows a chart of a size and paints it."""
    views: list[TrendView] = []

    def paint(
        chart: TrendChart | None = None, *, size: tuple[int, int] = (1300, 900), theme: Theme | None = None, whole: bool = True
    ) -> TrendView:
        view = TrendView(theme or Theme())
        views.append(view)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        view.show_chart(chart or a_chart(), patient=PATIENT)
        if whole:
            view.show_preset("All cycles")
        look(view)
        return view

    yield paint
    for view in views:
        view.close()


def look(view: TrendView) -> None:
    """Paint now what is on the screen."""
    QApplication.sendPostedEvents()
    view.grab()
