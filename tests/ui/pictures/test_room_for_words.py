"""Large text and longer languages find their room: nothing of the patient's cards lies outside the panel."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea

from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.page import PatientPage
from tests.ui.pictures.scenes import PLAIN, Scene, paint, patient


@pytest.mark.parametrize("language", ["en", "de", "tr"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_that_no_card_is_wider_than_its_panel(qapp: QApplication, language: str, scale: float) -> None:
    room: list[tuple[int, int]] = []

    def measure(window: MainWindow) -> None:
        page = window.pages.currentWidget()
        assert isinstance(page, PatientPage)
        area = page.context.findChild(QScrollArea)
        assert area is not None
        room.append((area.widget().minimumSizeHint().width(), area.viewport().width()))

    for who in ("p2", "p9"):
        paint(qapp, Scene(name="", act=patient(who), settings=replace(PLAIN, language=language, scale=scale)), measure)
    assert all(needed <= given for needed, given in room), room
