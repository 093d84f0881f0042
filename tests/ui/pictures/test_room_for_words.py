"""Large text and longer languages find their room: nothing of the patient's cards lies outside the panel."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea

from neutromon.models.standing import Tier
from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.widgets.badges import TierBadge
from tests.ui.pictures.scenes import PLAIN, Scene, form, paint, patient


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


@pytest.mark.parametrize("language", ["en", "de", "tr"])
def test_that_the_count_form_never_scrolls_sideways(qapp: QApplication, language: str) -> None:
    def measure(window: MainWindow) -> None:
        (dialog,) = window.forms.dialogs()
        area = dialog.findChild(QScrollArea)
        assert area is not None
        assert area.widget().minimumSizeHint().width() <= area.viewport().width()

    paint(qapp, Scene(name="", act=form("count", "p4"), settings=replace(PLAIN, language=language, scale=2.0)), measure)


@pytest.mark.parametrize("language", ["en", "de", "tr"])
@pytest.mark.parametrize("desk", ["inbox", "handover", "wall"])
def test_that_no_desk_is_wider_than_the_window_at_twice_the_size(qapp: QApplication, language: str, desk: str) -> None:
    def measure(window: MainWindow) -> None:
        page = window.pages.currentWidget()
        assert page is not None and page.minimumSizeHint().width() <= page.width()
        for area in page.findChildren(QScrollArea):
            if area.isVisible():
                assert area.widget().minimumSizeHint().width() <= area.viewport().width()

    settings = replace(PLAIN, language=language, scale=2.0)
    paint(qapp, Scene(name="", act=lambda window: window.show_desk(desk), settings=settings), measure)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_that_the_sheet_of_keys_fits_the_screen_with_its_way_out(qapp: QApplication, scale: float) -> None:
    def measure(window: MainWindow) -> None:
        (dialog,) = window.forms.dialogs()
        way_out = dialog.findChild(QPushButton, "cancel")
        area = dialog.findChild(QScrollArea)
        assert way_out is not None and area is not None
        assert dialog.height() <= dialog.screen().availableGeometry().height()
        assert way_out.mapTo(dialog, way_out.rect().bottomRight()).y() < dialog.height()
        assert area.widget().minimumSizeHint().width() <= area.viewport().width()

    paint(qapp, Scene(name="", act=lambda window: window.sheets.keys(), settings=replace(PLAIN, scale=scale)), measure)


def test_that_badges_are_made_anew_only_where_a_number_changed(qapp: QApplication) -> None:
    def measure(window: MainWindow) -> None:
        before = window.strip.findChildren(TierBadge)
        window.read_again()
        assert before and [badge for badge in window.strip.findChildren(TierBadge) if badge.isVisible()] == before
        window.strip.show_alerts({Tier.EMERGENCY: 99}, "", "")
        qapp.processEvents()
        assert [badge.text() for badge in window.strip.findChildren(TierBadge) if badge.isVisible()] == ["■ 99 Emergency"]

    paint(qapp, Scene(name="", act=patient("p1")), measure)
