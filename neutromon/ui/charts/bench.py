"""Measure the trend on the screen beside a plain plot of the same counts: switch of patient, pan and zoom frame, hover."""

import os
import resource
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

SIZE = (1200, 700)
ROUNDS = 25
COUNTS, CYCLES = 500, 24
SWITCH_GOAL, FRAME_GOAL, HOVER_GOAL = 20.0, 13.0, 7.0
"""Milliseconds of CPU, from the measurements of the reference on the window, section 3."""


def measurements() -> list[dict[str, Any]]:
    """Return the figures of the chart room, each with the plain plot's of the same run as baseline."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from neutromon.storage.files import resource_path
    from neutromon.ui.fonts import FIRST, load_fonts

    application = QApplication([])
    load_fonts(resource_path("fonts"), FIRST)
    own, plain = _own_times(), _plain_times()
    application.quit()
    names = {
        "switch": (f"switch of patient, {COUNTS} counts, {CYCLES} cycles", SWITCH_GOAL),
        "frame": ("pan or zoom frame", FRAME_GOAL),
        "hover": ("hover to the next count", HOVER_GOAL),
    }
    return [
        {
            "name": name,
            "value": own[key],
            "unit": "ms cpu",
            "baseline": plain[key],
            "ratio": own[key] / plain[key] if plain[key] else None,
            "goal": goal,
        }
        for key, (name, goal) in names.items()
    ]


def cpu_ms(work: Callable[[int], object], rounds: int = ROUNDS) -> float:
    """Return the median CPU milliseconds of a piece of work; two rounds warm up."""
    times = []
    for n in range(rounds + 2):
        before = _cpu()
        work(n)
        times.append((_cpu() - before) * 1000)
    return statistics.median(times[2:])


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _own_times() -> dict[str, float]:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from neutromon.ui.charts.trend import TrendView
    from neutromon.ui.theme import Theme

    view = TrendView(Theme())
    view.resize(*SIZE)
    view.show()
    QTest.qWaitForWindowExposed(view)
    charts = [bench_chart(shift) for shift in (0, 3)]

    def paint() -> None:
        for _ in range(3):
            QApplication.sendPostedEvents()

    def switch(n: int) -> None:
        view.show_chart(charts[n % 2], patient=f"Example, Testa · T-000{n % 2}")
        paint()

    def move(n: int) -> None:
        view.pan((-1) ** n * 3.0)
        paint()

    def hover(n: int) -> None:
        view.step(-1 if n % 40 < 20 else 1)
        paint()

    found = {"switch": cpu_ms(switch), "frame": cpu_ms(move), "hover": cpu_ms(hover)}
    view.close()
    return found


def _plain_times() -> dict[str, float]:
    """Measure pyqtgraph's own plot of the same counts without bands, cycles, lane and words."""
    import pyqtgraph
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    plot = pyqtgraph.PlotWidget(background="w")
    plot.resize(*SIZE)
    plot.show()
    QTest.qWaitForWindowExposed(plot)
    pen = pyqtgraph.mkPen("#2B3A4E", width=1)
    line = plot.plot(pen=pen, symbol="o", symbolSize=7, antialias=True)
    rows = [([p.x for p in chart.points], [p.anc for p in chart.points]) for chart in (bench_chart(0), bench_chart(3))]
    cross = pyqtgraph.InfiniteLine(angle=90)
    plot.addItem(cross)

    def paint() -> None:
        for _ in range(3):
            QApplication.sendPostedEvents()

    def switch(n: int) -> None:
        line.setData(*rows[n % 2])
        plot.setXRange(CYCLES * 21 - 105, CYCLES * 21 + 10, padding=0)
        paint()

    def move(n: int) -> None:
        plot.getViewBox().translateBy(x=(-1) ** n * 3.0)
        paint()

    def hover(n: int) -> None:
        cross.setPos(CYCLES * 21 - 20 - n)
        paint()

    found = {"switch": cpu_ms(switch), "frame": cpu_ms(move), "hover": cpu_ms(hover)}
    plot.close()
    return found


def bench_chart(shift: int) -> Any:
    """Return a chart of many counts and cycles with bands, cycles, lane, markers and a forecast; `shift` makes another patient."""
    from neutromon.models.trend_chart import ChartMarker, ChartSegment, SmallPane, TrendChart

    span = CYCLES * 21.0
    points = tuple(_point(n, n * span / COUNTS, shift) for n in range(COUNTS))
    lowest = [points[n] for n in range(8, COUNTS, 21)]
    return TrendChart(
        title="Absolute neutrophil count against the chemotherapy cycles",
        y_label="Absolute neutrophil count (ANC), ×10⁹/L",
        x_label="Date",
        epoch=date(2025, 1, 6),
        now=span - 12,
        now_text="now 12 Mar 09:00",
        first=-1.5,
        last=span + 10,
        y_low=0.05,
        y_high=20.0,
        y_ticks=tuple((value, f"{value:g}") for value in (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0)),
        bands=_bands(),
        bands_version="CTCAE 5.0",
        lower_limit=(1.8, "lower limit 1.8"),
        cycles=tuple(_cycle(number) for number in range(CYCLES)),
        points=points,
        segments=tuple(ChartSegment(first=n, second=n + 1, dashed=n % 17 == 0) for n in range(COUNTS - 1)),
        lane=_lane(),
        markers=tuple(ChartMarker(kind="nadir", x=p.x, anc=p.anc, text=f"{p.label} · D9", cycle=p.cycle or 0) for p in lowest),
        durations=(),
        day1=None,
        forecast=None,
        forecast_refusal="No forecast was calculated.",
        panes=(SmallPane(name="Platelets", unit="×10⁹/L", points=tuple((p.x, 200.0, "200") for p in points)),),
        summary="Trend of the absolute neutrophil count.",
        presets=(("All cycles", -1.5, span + 10),),
        opening=(span - 106.5, span + 10),
    )


def _point(n: int, x: float, shift: int) -> Any:
    from neutromon.models.trend_chart import ChartPoint, PointShape

    anc = 0.2 + ((n + shift) * 7 % 23) / 4
    cycle = 1 + int(x // 21)
    return ChartPoint(
        x=x,
        at=datetime(2025, 1, 6, tzinfo=UTC) + timedelta(days=x),
        anc=anc,
        shape=PointShape.MEASURED,
        label=f"{anc:g}",
        readout=f"C{cycle} · ANC {anc:g} ×10⁹/L",
        sample_id=str(n),
        grade_text="G3",
        cycle=cycle,
        cycle_day=1 + int(x % 21),
    )


def _bands() -> Any:
    from neutromon.models.trend_chart import GradeBand

    rows = ((1.5, 1.8, "G1", 0), (1.0, 1.5, "G2", 1), (0.5, 1.0, "G3", 2), (0.0, 0.5, "G4", 3))
    bands = [GradeBand(low=low, high=high, name=name, step=step) for low, high, name, step in rows]
    return (*bands, replace(bands[-1], high=0.1, name="profound", hatched=True))


def _cycle(number: int) -> Any:
    from neutromon.models.trend_chart import CycleBlock

    start = number * 21.0
    ruler = ((start, "D1"), (start + 7, "D8"), (start + 14, "D15"))
    header, shaded = f"C{number + 1} FEC 80 %", number % 2 == 0
    window = (start + 8, start + 13)
    return CycleBlock(
        number=number + 1, start=start, end=start + 21, header=header, planned=False, shaded=shaded, ruler=ruler, window=window
    )


def _lane() -> Any:
    from neutromon.models.trend_chart import LaneEvent

    doses = [LaneEvent(kind="chemo", start=n * 21.0, end=None, text="FEC, 80 %", height=0.8, label="80 %") for n in range(CYCLES)]
    tails = [LaneEvent(kind="gcsf", start=n * 21.0 + 1, end=n * 21.0 + 15, text="pegfilgrastim 6 mg") for n in range(CYCLES)]
    return (*doses, *tails)
