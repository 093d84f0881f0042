"""The neutrophil cycle profile on paper: the running cycle bold and solid, earlier ones thinner, each with a dash of its own."""

from collections.abc import Sequence
from itertools import pairwise

from neutromon.models.overlay_chart import CycleLine, OverlayChart, ProfileBand
from neutromon.report.charts.canvas import Canvas, width_of
from neutromon.report.charts.marks import Mark
from neutromon.report.charts.paper import PAPER, Palette, Scale
from neutromon.report.charts.svg_counts import shape

LEFT, RIGHT, TOP, FOOT, SIZE = 64.0, 50.0, 8.0, 38.0, 13.0
MANY = 8
FURTHEST_MOVE = 3 * SIZE


def render_overlay(chart: OverlayChart, width: float, height: float, palette: Palette = PAPER) -> str:
    """Return the profile as SVG."""
    canvas = Canvas(width, height)
    x = Scale(low=chart.first, high=chart.last, start=LEFT, end=width - RIGHT)
    y = Scale(low=chart.y_low, high=chart.y_high, start=height - FOOT, end=TOP, log=True)
    _ground(canvas, chart, x, y, palette)
    many = len(chart.lines) > MANY
    if chart.band is not None:
        _band(canvas, chart.band, x, y, palette)
    for line in sorted(chart.lines, key=lambda line: line.current):
        _line(canvas, line, x, y, palette, thin=many)
    if chart.band is not None:
        _median(canvas, chart.band, x, y, palette)
    _end_labels(canvas, chart.lines, x, y, palette)
    _axes(canvas, chart, x, y, palette)
    return canvas.svg()


def _ground(canvas: Canvas, chart: OverlayChart, x: Scale, y: Scale, palette: Palette) -> None:
    for band in chart.bands:
        top, bottom = y.inside(band.high), y.inside(band.low)
        with canvas.mark(Mark(kind="band:hatched" if band.hatched else "band", key=band.name, text=band.name)):
            if band.hatched:
                canvas.hatch(x.start, top, x.end, bottom, 5, stroke=palette.band_line, width=0.5)
            else:
                canvas.rect(x.start, top, x.end, bottom, fill=palette.bands[min(band.step, 3)])
            canvas.line((x.start, top), (x.end, top), stroke=palette.band_line, width=0.5)
    if chart.window is not None:
        left, right = (x.inside(day) for day in chart.window)
        with canvas.mark(Mark(kind="window", key="window", text=chart.window_text)):
            canvas.rect(left, y.end, right, y.start, fill="#000", opacity=0.05)
            for edge in (left, right):
                canvas.line((edge, y.end), (edge, y.start), stroke=palette.hair, width=0.7, dash="2 2")
    if chart.lower_limit is not None:
        place = y.inside(chart.lower_limit[0])
        with canvas.mark(Mark(kind="limit", key="lower", text=chart.lower_limit[1])):
            canvas.line((x.start, place), (x.end, place), stroke=palette.ink, width=0.8, dash="7 3 2 3")


def _band(canvas: Canvas, band: ProfileBand, x: Scale, y: Scale, palette: Palette) -> None:
    """Draw the middle half of the cycles as an outlined area."""
    upper = [(x.at(day), y.inside(v)) for day, v in zip(band.x, band.high, strict=True)]
    lower = [(x.at(day), y.inside(v)) for day, v in zip(band.x, band.low, strict=True)]
    with canvas.mark(Mark(kind="profile", key="band", text=f"{band.cycles} cycles")):
        canvas.polygon([*upper, *reversed(lower)], fill=palette.fan[2], opacity=0.55, stroke=palette.hair, width=0.6)


def _median(canvas: Canvas, band: ProfileBand, x: Scale, y: Scale, palette: Palette) -> None:
    """Draw the median over the earlier cycles, on a rim of paper."""
    places = [(x.at(day), y.inside(v)) for day, v in zip(band.x, band.median, strict=True)]
    with canvas.mark(Mark(kind="profile", key="median", text="median")):
        canvas.polyline(places, stroke=palette.paper, width=4.5, opacity=0.8)
        canvas.polyline(places, stroke=palette.soft, width=2.8, dash="1 3")


def grey(lightness: float) -> str:
    """Return a grey: 0 is black, 1 white."""
    level = round(17 + lightness * 200)
    return f"#{level:02x}{level:02x}{level:02x}"


def _line(canvas: Canvas, line: CycleLine, x: Scale, y: Scale, palette: Palette, *, thin: bool) -> None:
    places = [(x.at(p.x), y.inside(p.anc)) for p in line.points]
    colour, width = grey(line.lightness), 2.4 if line.current else 0.7 if thin else 1.1
    dash = " ".join(f"{length:g}" for length in line.dashes)
    with canvas.mark(Mark(kind="line:current" if line.current else "line", key=str(line.cycle), text=line.label)):
        for index, (start, end) in enumerate(pairwise(places)):
            canvas.line(start, end, stroke=colour, width=width, dash="2 4" if index in line.dashed_gaps else dash)
        for point, place in zip(line.points, places, strict=True):
            if line.current or point.comparator != "=":
                shape(canvas, point, place, palette)
            elif not thin:
                canvas.circle(place, 2, fill=colour)


def _end_labels(canvas: Canvas, lines: Sequence[CycleLine], x: Scale, y: Scale, palette: Palette) -> None:
    """Write each cycle's name behind its last count, moved down where another stands there; the newest first, while there is room."""
    taken: list[tuple[float, float]] = []
    for line in sorted((line for line in lines if line.points), key=lambda line: (not line.current, -line.cycle)):
        last = line.points[-1]
        place, height = x.at(last.x) + 6, y.inside(last.anc) + SIZE * 0.36
        lowest = min(y.start - 4, height + FURTHEST_MOVE)
        while any(abs(place - other) < width_of("C99", SIZE) and abs(height - level) < SIZE for other, level in taken):
            height += SIZE * 0.95
        if height > lowest:
            continue
        taken.append((place, height))
        canvas.text((place, height), line.label, SIZE, bold=line.current, fill=palette.ink if line.current else palette.soft)


def _axes(canvas: Canvas, chart: OverlayChart, x: Scale, y: Scale, palette: Palette) -> None:
    canvas.rect(x.start, y.end, x.end, y.start, stroke=palette.soft, width=0.8)
    for value, words in chart.y_ticks:
        canvas.text((x.start - 5, y.at(value) + SIZE * 0.36), words, SIZE * 0.9, anchor="end", fill=palette.ink)
    for day, words in chart.x_ticks:
        canvas.line((x.at(day), y.start), (x.at(day), y.start + 3), stroke=palette.soft, width=0.8)
        canvas.text((x.at(day), y.start + 14), words, SIZE * 0.9, anchor="middle", fill=palette.ink)
    for band in chart.bands:
        middle = (y.inside(band.high) + y.inside(band.low)) / 2 + SIZE * 0.34
        canvas.text((x.end + 4, middle), "< 0.1" if band.hatched else band.name, SIZE * 0.86, bold=not band.hatched, fill=palette.ink)
    words = f"{chart.window_text}; {chart.band_text}"
    canvas.text((x.start, canvas.height - 6), words, SIZE * 0.82, fill=palette.soft)
    middle = (y.start + y.end) / 2 + width_of("ANC, ×10⁹/L", SIZE) / 2
    canvas.text((14, middle), "ANC, ×10⁹/L", SIZE, fill=palette.ink, turn=-90)
