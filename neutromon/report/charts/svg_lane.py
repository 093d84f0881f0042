"""The event lane on paper: four rows of signs, each kind with a shape of its own."""

from collections.abc import Callable, Mapping

from neutromon.models.trend_chart import LANE_GLYPHS, LaneEvent, TrendChart
from neutromon.report.charts.canvas import Canvas, Line, width_of
from neutromon.report.charts.marks import Mark
from neutromon.report.charts.paper import Palette, Sheet

ROWS: Mapping[str, int] = {
    "chemo": 0,
    "gcsf": 1,
    "antibiotic": 2,
    "drug": 2,
    "admission": 2,
    "fever": 3,
    "transfusion": 4,
    "note": 4,
    "symptom": 4,
    "call": 4,
}
ROW_NAMES = ("chemo", "G-CSF", "drugs, stay", "fever", "events")
TALLEST = 13.0


def draw_lane(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    """Draw the strip with its row names and every event in range."""
    canvas.rect(sheet.left, sheet.lane, sheet.right, sheet.lane_end, stroke=palette.hair, width=0.7)
    for row, words in enumerate(ROW_NAMES):
        canvas.text((sheet.left - 6, _row(sheet, row)), words, sheet.size * 0.76, anchor="end", fill=palette.soft)
    shown = [(i, e) for i, e in enumerate(chart.lane) if e.start <= sheet.last and (e.end or e.start) >= sheet.first]
    for position, (index, event) in enumerate(shown):
        following = next((e.start for _, e in shown[position + 1 :] if _takes_room(e, event)), sheet.last)
        with canvas.mark(Mark(kind=f"lane:{event.kind}", key=str(index), text=event.text)):
            _event(canvas, event, sheet.x.inside(following), sheet, palette)


def _takes_room(other: LaneEvent, event: LaneEvent) -> bool:
    """Return whether a later event ends the room of a label: one of the same row, but no lower fever of the same day."""
    return ROWS[other.kind] == ROWS[event.kind] and not (other.kind == event.kind == "fever" and not other.label)


def _row(sheet: Sheet, row: int) -> float:
    height = (sheet.lane_end - sheet.lane) / len(ROW_NAMES)
    return sheet.lane + (row + 1) * height - 2.5


def _event(canvas: Canvas, event: LaneEvent, free_until: float, sheet: Sheet, palette: Palette) -> None:
    foot = _row(sheet, ROWS[event.kind])
    x = sheet.x.inside(event.start)
    if event.end is not None:
        _bar(canvas, event, x, sheet.x.inside(event.end), foot, palette)
    SIGNS[event.kind](canvas, event, x, foot, palette)
    size = sheet.size * 0.8
    if event.label and x + 10 + width_of(event.label, size) < free_until:
        canvas.text((x + 7, foot - 1), event.label, size, fill=palette.ink)


def _line(event: LaneEvent, palette: Palette) -> Line:
    return {"stroke": palette.ink, "width": 0.9, "dash": "2 1.5" if event.planned else ""}


def _bar(canvas: Canvas, event: LaneEvent, start: float, end: float, foot: float, palette: Palette) -> None:
    """Draw how long it lasts: a tail of dots for a growth factor, a filled bar for an antibiotic, an outline for the rest."""
    if event.kind == "gcsf":
        canvas.line((start, foot - 4.5), (end, foot - 4.5), stroke=palette.ink, width=1.2, dash="1.5 2.5")
        canvas.line((end, foot - 8), (end, foot - 1), stroke=palette.ink, width=0.9)
    elif event.kind == "antibiotic":
        canvas.rect(start, foot - 6.5, max(end, start + 3), foot - 2.5, fill=palette.soft)
    else:
        canvas.rect(start, foot - 7, max(end, start + 3), foot - 2, fill=palette.paper, stroke=palette.ink, width=0.8)


def _chemo(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    """Draw a triangle as high as the dose; hollow where the dose is not recorded or the treatment is a plan; a bar where omitted."""
    if event.height == 0:
        canvas.line((x - 5, foot - 1), (x + 5, foot - 1), stroke=palette.ink, width=1.4)
        canvas.text((x + 7, foot - 1), "0 %", 8.8, fill=palette.ink)
        return
    fill = palette.paper if event.planned or event.uncertain else palette.ink
    canvas.polygon([(x - 5, foot), (x + 5, foot), (x, foot - TALLEST * min(event.height, 1.0))], fill=fill, **_line(event, palette))


def _gcsf(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    fill = palette.paper if event.planned else palette.ink
    y = foot - 4.5
    canvas.polygon([(x - 3.6, y), (x, y - 5), (x + 3.6, y), (x, y + 5)], fill=fill, **_line(event, palette))


def _antibiotic(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    canvas.rect(x, foot - 8.5, x + 2.5, foot - 0.5, fill=palette.ink)
    if event.end is None:
        canvas.rect(x, foot - 6.5, x + 8, foot - 2.5, fill=palette.soft)


def _drug(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    if event.end is None:
        canvas.rect(x, foot - 7, x + 8, foot - 2, fill=palette.paper, stroke=palette.ink, width=0.8)


def _fever(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    canvas.circle((x, foot - 5), 4.2, fill=palette.ink)


def _transfusion(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    canvas.rect(x - 1.6, foot - 10, x + 1.6, foot, fill=palette.ink)
    canvas.rect(x - 5, foot - 6.6, x + 5, foot - 3.4, fill=palette.ink)


def _admission(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    house = [(x - 4.5, foot), (x - 4.5, foot - 6), (x, foot - 10.5), (x + 4.5, foot - 6), (x + 4.5, foot)]
    canvas.polygon(house, fill=palette.paper, **_line(event, palette))


def _note(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    canvas.text((x, foot), LANE_GLYPHS["note"], 12, anchor="middle", fill=palette.ink)


def _symptom(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    y = foot - 5
    canvas.polygon([(x - 4, y), (x, y - 5), (x + 4, y), (x, y + 5)], fill=palette.paper, **_line(event, palette))


def _call(canvas: Canvas, event: LaneEvent, x: float, foot: float, palette: Palette) -> None:
    canvas.text((x, foot), LANE_GLYPHS["call"], 12, anchor="middle", fill=palette.ink)


SIGNS: Mapping[str, Callable[[Canvas, LaneEvent, float, float, Palette], None]] = {
    "chemo": _chemo,
    "gcsf": _gcsf,
    "antibiotic": _antibiotic,
    "drug": _drug,
    "fever": _fever,
    "transfusion": _transfusion,
    "admission": _admission,
    "note": _note,
    "symptom": _symptom,
    "call": _call,
}
