"""The cycle profile on the screen: every cycle by its name, the running one in front, read point by point, with its table."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from neutromon.models.overlay_chart import CycleLine, OverlayChart, ProfileBand, ProfileRow
from neutromon.models.trend_chart import PointShape
from neutromon.ui.charts.overlay import OverlayView
from neutromon.ui.theme import DARK, Theme
from tests.ui.charts.samples import BANDS, TICKS, a_point


def a_line(cycle: int, *counts: tuple[float, float], current: bool = False) -> CycleLine:
    points = tuple(a_point(x, anc, sample_id=f"c{cycle}-{x:g}", readout=f"C{cycle} D{x:g} · ANC {anc:g}") for x, anc in counts)
    return CycleLine(
        cycle=cycle, points=points, current=current, lightness=0.0 if current else 0.5, label=f"C{cycle}", dashes=() if current else (6, 2)
    )


def an_overlay() -> OverlayChart:
    lines = (a_line(1, (8, 1.0), (12, 0.4), (20, 3.0)), a_line(2), a_line(3, (9, 0.8), (13, 0.3), current=True))
    row = ProfileRow(cycle=1, nadir="0.4", day="D12", duration="2–5 d", growth_factor="none recorded", dose="100 %", word="nadir")
    return OverlayChart(
        title="Neutrophil cycle profile",
        y_label="Absolute neutrophil count (ANC), ×10⁹/L",
        x_label="Cycle day",
        first=1.0,
        last=29.0,
        x_ticks=((1.0, "D1"), (8.0, "D8"), (15.0, "D15")),
        y_low=0.05,
        y_high=20.0,
        y_ticks=TICKS,
        bands=BANDS,
        bands_version="CTCAE 5.0",
        lower_limit=(1.8, "lower limit 1.8"),
        window=(10.0, 15.0),
        window_text="expected nadir D10–14",
        lines=lines,
        band=ProfileBand(x=(8, 12, 20), median=(1, 0.4, 3), low=(0.8, 0.3, 2), high=(1.4, 0.6, 4), cycles=3),
        band_text="median and middle half of 3 cycles",
        now_day=14.0,
        rows=(row, replace(row, cycle=2, nadir="no count"), replace(row, cycle=3, nadir="0.3")),
        summary="Neutrophil cycle profile: 3 cycles by cycle day.",
    )


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[OverlayView]:
    made = OverlayView(Theme())
    qtbot.addWidget(made)
    made.resize(800, 640)
    made.show()
    made.show_chart(an_overlay())
    made.grab()
    yield made
    made.close()


def test_that_every_cycle_with_counts_has_its_line_and_its_name(view: OverlayView) -> None:
    words = view.words()
    assert "cycle 3 front: 2 counts" in words
    assert {"cycle 1: 3 counts", "cycle 2: 0 counts", "name C1", "name C3"} <= set(words)


def test_that_window_middle_half_bands_and_axes_are_drawn_and_named(view: OverlayView) -> None:
    expected = {
        "window expected nadir D10–14",
        "middle half",
        "band name G4",
        "version CTCAE 5.0",
        "limit lower limit 1.8",
        "day D8",
        "tick 0.5",
        "now line",
    }
    assert expected <= set(view.words())
    assert any(word.startswith("legend") and "median and middle half of 3 cycles" in word for word in view.words())
    assert any(word.startswith("name ") and word.endswith("×10⁹/L") for word in view.words())


def test_that_arrows_read_the_counts_of_a_cycle_and_change_the_cycle(view: OverlayView, qtbot: QtBot) -> None:
    heard: list[str] = []
    view.read_out_changed.connect(heard.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
    assert heard == ["C3 D9 · ANC 0.8", "C3 D13 · ANC 0.3", "C1 D20 · ANC 3", "C1 D12 · ANC 0.4"]
    assert view.accessibleDescription() == "C1 D12 · ANC 0.4"


def test_that_enter_and_a_double_click_open_the_record(view: OverlayView, qtbot: QtBot) -> None:
    opened: list[str] = []
    view.sample_requested.connect(opened.append)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    place = view.canvas.place_of(an_overlay().lines[0].points[1]).toPoint()
    qtbot.mouseMove(view.canvas, place + QPoint(2, 1))
    assert view.read_out() == "C1 D12 · ANC 0.4"
    qtbot.mouseDClick(view.canvas, Qt.MouseButton.LeftButton, pos=place)
    assert opened == ["c3-9", "c1-12"]


def test_that_a_row_of_the_table_brings_its_cycle_to_the_front(view: OverlayView) -> None:
    view.table.setCurrentCell(0, 0)
    view.grab()
    assert "cycle 1 front: 3 counts" in view.words()
    assert [view.table.item(1, n).text() for n in range(2)] == ["C2", "no count"]


def test_that_a_censored_count_is_drawn_in_every_theme(view: OverlayView) -> None:
    line = a_line(1, (9, 0.1), current=True)
    censored = replace(line, points=(replace(line.points[0], shape=PointShape.CENSORED, comparator="<", label="<0.1"),))
    view.show_chart(replace(an_overlay(), lines=(censored,), band=None, band_text="no median: 1 of 3 cycles needed", rows=()))
    view.set_theme(Theme(palette=DARK, scale=1.3))
    view.grab()
    assert "middle half" not in view.words()
    assert "cycle 1 front: 1 counts" in view.words()


def test_that_no_cycle_says_what_is_missing(view: OverlayView, qtbot: QtBot) -> None:
    view.show_chart(replace(an_overlay(), lines=(), rows=()))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.read_out() == ""
    assert "No cycle has begun" in view.accessibleDescription()


def test_that_a_cycle_without_an_end_does_not_squeeze_the_others_and_what_is_left_out_is_said(view: OverlayView) -> None:
    long = a_line(3, (9, 0.8), (13, 0.3), (85, 1.1), (99, 0.9), current=True)
    view.show_chart(replace(an_overlay(), lines=(an_overlay().lines[0], long), last=100.0, x_ticks=((1.0, "D1"), (99.0, "D99"))))
    view.grab()
    assert "cycle 3 front: 2 counts" in view.words()
    assert "day D99" not in view.words()
    assert any(word.startswith("legend 2 later counts are in the trend only") for word in view.words())
