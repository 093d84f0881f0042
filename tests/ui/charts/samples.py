"""Charts for the tests of the screen: one with everything on it, built by hand, and one of any size."""

from datetime import date, datetime, timedelta
from typing import Any

from neutromon.models.trend_chart import (
    ChartMarker,
    ChartPoint,
    ChartSegment,
    CycleBlock,
    DayOneTarget,
    DurationBar,
    ForecastFan,
    GradeBand,
    LaneEvent,
    PointShape,
    SmallPane,
    TrendChart,
)

EPOCH = date(2026, 1, 5)
PATIENT = "Example, Testa · T-0001 · 31 Jan 1960"
TICKS = tuple((value, f"{value:g}") for value in (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0))
BANDS = (
    GradeBand(low=1.5, high=1.9, name="G1", step=0),
    GradeBand(low=1.0, high=1.5, name="G2", step=1),
    GradeBand(low=0.5, high=1.0, name="G3", step=2),
    GradeBand(low=0.0, high=0.5, name="G4", step=3),
    GradeBand(low=0.0, high=0.1, name="profound", step=3, hatched=True),
)


def a_point(x: float, anc: float, shape: PointShape = PointShape.MEASURED, **changes: Any) -> ChartPoint:
    """Return a point whose words are made from its numbers."""
    known: dict[str, Any] = {
        "at": datetime(EPOCH.year, EPOCH.month, EPOCH.day) + timedelta(days=x),
        "label": f"{anc:g}",
        "readout": f"day {x:g} · ANC {anc:g} ×10⁹/L",
        "sample_id": f"s{x:g}",
        "grade_text": "G3",
        "cycle": 1 + int(x // 21),
        "cycle_day": 1 + int(x % 21),
    }
    return ChartPoint(x=x, anc=anc, shape=shape, **(known | changes))


POINTS = (
    a_point(0.3, 4.2),
    a_point(8.3, 0.9, PointShape.DERIVED),
    a_point(10.3, 0.1, PointShape.CENSORED, comparator="<", label="<0.1"),
    a_point(14.3, 1.2, corrected=True, corrected_from=12.0),
    a_point(20.3, 30.0),
    a_point(29.3, 0.7, PointShape.BOUNDED, comparator="<="),
    a_point(31.3, 0.05, PointShape.UNKNOWN, label="?", grade_text="cannot grade"),
    a_point(32.3, 0.05, PointShape.REJECTED, label="✕", grade_text="cannot grade"),
    a_point(50.3, 0.4, preliminary=True),
)
FAN_DAYS = tuple(52.0 + day for day in range(14))


def a_fan() -> ForecastFan:
    """Return a forecast with 20 sample courses."""
    row = [0.4 + 0.2 * day for day in range(len(FAN_DAYS))]
    rows = {
        f"{side}{level}": tuple(v * factor for v in row)
        for level, low, high in ((50, 0.8, 1.2), (80, 0.6, 1.5), (95, 0.4, 2.0))
        for side, factor in (("low", low), ("high", high))
    }
    samples = tuple(tuple(v * (0.5 + 0.05 * n) for v in row) for n in range(20))
    words = {"text": "about 7 of 10 similar courses reach ≥ 1.0 by 12 Mar", "chip": "dose-only 1.0 · 2 own cycles, 8 counts"}
    return ForecastFan(x=FAN_DAYS, median=tuple(row), samples=samples, **rows, **words)


def a_chart(**changes: Any) -> TrendChart:
    """Return the chart with everything on it."""
    cycles = (
        CycleBlock(
            number=1,
            start=0,
            end=21,
            header="C1 docetaxel/carbo 100 %",
            planned=False,
            shaded=True,
            ruler=((0, "D1"), (7, "D8"), (14, "D15")),
            window=(7, 11),
            short="C1",
        ),
        CycleBlock(
            number=2,
            start=28,
            end=49,
            header="C2 docetaxel/carbo 80 %",
            planned=False,
            shaded=False,
            ruler=((28, "D1"), (35, "D8")),
            delay=(21, 28, "+7 d (ANC)"),
            short="C2",
        ),
        CycleBlock(
            number=3, start=57, end=78, header="C3 docetaxel/carbo planned", planned=True, shaded=True, ruler=((57, "D1"),), short="C3"
        ),
    )
    lane = (
        LaneEvent(kind="chemo", start=0, end=None, text="C1 D1 docetaxel, 100 %"),
        LaneEvent(kind="gcsf", start=1.5, end=15.5, text="pegfilgrastim 6 mg"),
        LaneEvent(kind="fever", start=10.5, end=None, text="fever 38.4 °C", label="38.4 °C"),
        LaneEvent(kind="antibiotic", start=10.6, end=17, text="piperacillin, treatment"),
        LaneEvent(kind="admission", start=10.6, end=16, text="admission: ward 3"),
        LaneEvent(kind="transfusion", start=12.5, end=None, text="transfusion: 2 red cells"),
        LaneEvent(kind="chemo", start=28, end=None, text="C2 D1 docetaxel, 80 %", height=0.8, label="80 %"),
        LaneEvent(kind="note", start=30, end=None, text="note: telephone"),
        LaneEvent(kind="chemo", start=57, end=None, text="C3 D1 docetaxel, planned", planned=True),
    )
    known: dict[str, Any] = {
        "title": "Absolute neutrophil count against the chemotherapy cycles",
        "y_label": "Absolute neutrophil count (ANC), ×10⁹/L",
        "x_label": "Date",
        "epoch": EPOCH,
        "now": 51.4,
        "now_text": "now 25 Feb 09:36",
        "first": -1.5,
        "last": 79.5,
        "y_low": 0.05,
        "y_high": 20.0,
        "y_ticks": TICKS,
        "bands": BANDS,
        "bands_version": "CTCAE 5.0",
        "lower_limit": (1.9, "lower limit 1.9"),
        "cycles": cycles,
        "points": POINTS,
        "segments": (
            ChartSegment(first=0, second=1, dashed=False),
            ChartSegment(first=1, second=2, dashed=False),
            ChartSegment(first=5, second=8, dashed=True),
        ),
        "lane": lane,
        "markers": (
            ChartMarker(kind="lowest", x=10.3, anc=0.1, text="lowest measured <0.1 · D11", cycle=1),
            ChartMarker(kind="recovery", x=14.3, anc=1.2, text="rec D15", cycle=1),
        ),
        "durations": (DurationBar(start=8.3, end=10.3, text="2–6 d", cycle=1, outer_start=0.3, outer_end=14.3),),
        "day1": DayOneTarget(
            x=57,
            threshold=1.0,
            text="go if ANC ≥ 1.0 and Plt ≥ 100, count valid 3 d (OT-GEN)",
            window_days=3,
            last_count_valid=False,
            last_count_x=50.3,
            low=54,
        ),
        "forecast": a_fan(),
        "forecast_refusal": "",
        "panes": (
            SmallPane(
                name="Platelets",
                unit="×10⁹/L",
                points=((0.3, 240, "240"), (10.3, 60, "60")),
                limits=((150, "LLN 150"),),
                y_low=0,
                y_high=300,
                y_ticks=((0, "0"), (150, "150"), (300, "300")),
            ),
            SmallPane(name="Temperature", unit="°C", points=((10.5, 38.4, "38.4"),), y_low=36, y_high=40, y_ticks=((36, "36"), (40, "40"))),
        ),
        "summary": "Trend of the absolute neutrophil count: 7 counts in 3 cycles.",
        "presets": (("This cycle", 26.5, 52.9), ("Last 2 cycles", -1.5, 52.9), ("All cycles", -1.5, 79.5), ("Around event", 0.5, 20.5)),
        "opening": None,
    }
    return TrendChart(**(known | changes))


def a_large_chart(points: int = 500, cycles: int = 24) -> TrendChart:
    """Return a chart of many counts and cycles, as the benchmark uses it."""
    span = cycles * 21
    made = tuple(a_point(n * span / points, 0.2 + (n * 7 % 23) / 4) for n in range(points))
    blocks = tuple(
        CycleBlock(
            number=c + 1,
            start=c * 21,
            end=c * 21 + 21,
            header=f"C{c + 1} FEC 100 %",
            planned=False,
            shaded=c % 2 == 0,
            ruler=((c * 21, "D1"), (c * 21 + 7, "D8")),
            window=(c * 21 + 8, c * 21 + 13),
            short=f"C{c + 1}",
        )
        for c in range(cycles)
    )
    segments = tuple(ChartSegment(first=n, second=n + 1, dashed=False) for n in range(points - 1))
    return a_chart(
        points=made,
        cycles=blocks,
        segments=segments,
        markers=(),
        durations=(),
        first=-1.5,
        last=span + 10.0,
        now=span - 5.0,
        opening=(span - 106.5, span + 10.0),
        presets=(("All cycles", -1.5, span + 10.0),),
        forecast=None,
        day1=None,
        lane=(),
    )
