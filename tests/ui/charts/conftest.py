"""A trend on the screen for each test: painted, with the window's fonts, closed afterwards."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.trend_chart import TrendChart
from neutromon.storage.files import resource_path
from neutromon.ui.charts.trend import TrendView
from neutromon.ui.fonts import FIRST, load_fonts, window_font
from neutromon.ui.theme import Size, Theme
from tests.ui.charts.samples import PATIENT, a_chart

Painted = Callable[..., TrendView]


@pytest.fixture
def painted(qtbot: QtBot, qapp: QApplication) -> Iterator[Painted]:
    """Return a function that shows a chart of a size and paints it, in the window's font whatever ran before."""
    views: list[TrendView] = []
    before = qapp.font()
    load_fonts(resource_path("fonts"), FIRST)
    qapp.setFont(window_font(Theme().px(Size.BODY)))

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
    qapp.setFont(before)


def look(view: TrendView) -> None:
    """Paint now what is on the screen."""
    QApplication.sendPostedEvents()
    view.grab()
