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


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(1024, 640), (1366, 768)])
@pytest.mark.parametrize("who", ["p1", "p7"])
def test_that_the_banner_cuts_neither_number_nor_birth_date_nor_allergies(
    qapp: QApplication, scale: float, size: tuple[int, int], who: str
) -> None:
    def measure(window: MainWindow) -> None:
        page = window.pages.currentWidget()
        assert isinstance(page, PatientPage)
        banner = page.banner
        for label in (banner.name, banner.identity, banner.allergies, banner.treatment, banner.gcsf):
            assert label.text() == label.whole_text()
            assert label.heightForWidth(label.width()) <= label.height() if label.wordWrap() else label.sizeHint().width() <= label.width()
            assert label.mapTo(page, label.rect().bottomRight()).x() < page.width()

    paint(qapp, Scene(name="", act=patient(who), settings=replace(PLAIN, scale=scale), size=size), measure)
