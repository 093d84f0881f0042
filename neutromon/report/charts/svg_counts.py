"""Counts on paper: points by shape, the line between them, nadir and recovery marks, time below 0.5."""

from collections.abc import Iterator, Sequence

from neutromon.models.trend_chart import ChartMarker, ChartPoint, ChartSegment, DurationBar, PointShape, TrendChart
from neutromon.report.charts.canvas import Canvas, Line, Place, width_of
from neutromon.report.charts.marks import Mark
from neutromon.report.charts.paper import Palette, Scale, Sheet

RADIUS = 3.7
Box = tuple[float, float, float, float]


def draw_counts(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    """Draw everything that was measured, and the words beside it."""
    for index, segment in enumerate(chart.segments):
        _segment(canvas, chart, segment, index, sheet, palette)
    shown = [(index, bar) for index, bar in enumerate(chart.durations) if sheet.first <= bar.start and bar.end <= sheet.last]
    taken: list[Box] = [_duration(canvas, bar, index, sheet, palette) for index, bar in shown]
    for index, point in enumerate(chart.points):
        if sheet.first <= point.x <= sheet.last:
            draw_point(canvas, point, index, (sheet.x, sheet.y), palette)
            place = (sheet.x.at(point.x), sheet.y.inside(point.anc))
            taken.append((place[0] - 5, place[1] - 5, place[0] + 5, place[1] + 5))
    for index, marker in enumerate(chart.markers):
        if sheet.first <= marker.x <= sheet.last:
            _marker(canvas, chart, marker, index, sheet, palette, taken)


def _segment(canvas: Canvas, chart: TrendChart, segment: ChartSegment, index: int, sheet: Sheet, palette: Palette) -> None:
    """Draw a line, cut where the range ends; on the logarithmic axis it stays straight."""
    start, end = chart.points[segment.first], chart.points[segment.second]
    if start.x > sheet.last or end.x < sheet.first:
        return
    ends = [_cut(start, end, x, sheet) for x in (max(start.x, sheet.first), min(end.x, sheet.last))]
    with canvas.mark(Mark(kind="segment:dashed" if segment.dashed else "segment", key=str(index))):
        canvas.line(*ends, stroke=palette.ink, width=1.3, dash="5 3" if segment.dashed else "")


def _cut(start: ChartPoint, end: ChartPoint, x: float, sheet: Sheet) -> Place:
    share = (x - start.x) / (end.x - start.x) if end.x > start.x else 0.0
    low, high = sheet.y.inside(start.anc), sheet.y.inside(end.anc)
    return sheet.x.at(x), low + share * (high - low)


def draw_point(canvas: Canvas, point: ChartPoint, index: int, scales: tuple[Scale, Scale], palette: Palette) -> None:
    """Draw a point by its shape; a preliminary one is hollow, a corrected one has a ring and its first value in grey."""
    place = (scales[0].at(point.x), scales[1].inside(point.anc))
    if point.corrected_from is not None:
        with canvas.mark(Mark(kind="original", key=str(index), text=f"{point.corrected_from:g}")):
            old = (place[0], scales[1].inside(point.corrected_from))
            canvas.line(old, place, stroke=palette.old, width=0.7, dash="1 2")
            canvas.circle(old, RADIUS, fill=palette.paper, stroke=palette.old, width=1.2)
    with canvas.mark(Mark(kind=f"point:{point.shape.value}", key=str(index), text=point.label)):
        shape(canvas, point, place, palette)
    if point.corrected:
        with canvas.mark(Mark(kind="ring", key=str(index))):
            canvas.circle(place, RADIUS + 3, stroke=palette.ink, width=1)


def shape(canvas: Canvas, point: ChartPoint, place: Place, palette: Palette) -> None:
    """Draw the sign alone: filled circle, square, open triangle, triangle on a bar, cross, question mark."""
    x, y = place
    r = RADIUS
    fill = palette.paper if point.preliminary else palette.ink
    line: Line = {"stroke": palette.ink, "width": 1.2}
    match point.shape:
        case PointShape.MEASURED:
            canvas.circle(place, r, fill=fill, **line)
        case PointShape.DERIVED:
            canvas.rect(x - r, y - r, x + r, y + r, fill=fill, **line)
        case PointShape.CENSORED | PointShape.BOUNDED:
            tip = -1 if point.points_up else 1
            canvas.polygon([(x - r - 1, y - tip * r), (x + r + 1, y - tip * r), (x, y + tip * (r + 1.5))], fill=palette.paper, **line)
            if point.shape is PointShape.BOUNDED:
                canvas.line((x - r - 3, y - tip * (r + 2.5)), (x + r + 3, y - tip * (r + 2.5)), **line)
        case PointShape.REJECTED:
            canvas.line((x - r, y - 2 * r - 2), (x + r, y - 2), **line)
            canvas.line((x - r, y - 2), (x + r, y - 2 * r - 2), **line)
        case _:
            canvas.rect(x - 5, y - 14, x + 5, y - 1, fill=palette.paper, stroke=palette.ink, width=0.8)
            canvas.text((x, y - 3.5), "?", 11, anchor="middle", bold=True, fill=palette.ink)


def _duration(canvas: Canvas, bar: DurationBar, index: int, sheet: Sheet, palette: Palette) -> Box:
    """Draw the time below 0.5: a thick bar between the low counts, thin whiskers to their neighbours; return where it stands."""
    y = sheet.bottom - 16
    inner = (sheet.x.at(bar.start), sheet.x.at(bar.end))
    left = sheet.x.inside(bar.outer_start) if bar.outer_start is not None else inner[0]
    right = sheet.x.inside(bar.outer_end) if bar.outer_end is not None else inner[1]
    size = sheet.size * 0.82
    words = f"< 0.5: {bar.text}"
    with canvas.mark(Mark(kind="duration", key=str(index), text=bar.text)):
        canvas.line((left, y), (right, y), stroke=palette.ink, width=0.8)
        for end in (left, right):
            canvas.line((end, y - 3), (end, y + 3), stroke=palette.ink, width=0.8)
        canvas.line((inner[0] - 1, y), (inner[1] + 1, y), stroke=palette.ink, width=3.6)
        centre = min(max((left + right) / 2, sheet.left + width_of(words, size) / 2), sheet.right - width_of(words, size) / 2)
        half = width_of(words, size) / 2
        canvas.rect(centre - half, y + 3.5, centre + half, y + 13.5, fill=palette.paper, opacity=0.8)
        canvas.text((centre, y + 12.5), words, size, anchor="middle", fill=palette.ink)
    return min(left, centre - half), y - 4, max(right, centre + half), y + 14


def _marker(canvas: Canvas, chart: TrendChart, marker: ChartMarker, index: int, sheet: Sheet, palette: Palette, taken: list[Box]) -> None:
    """Draw a small triangle under a nadir (hollow under a lowest measured) or a tick over a recovery, with words that fit."""
    x, y = sheet.x.at(marker.x), sheet.y.inside(marker.anc)
    size = sheet.size * 0.9
    with canvas.mark(Mark(kind=f"marker:{marker.kind}", key=str(index), text=marker.text)):
        if marker.kind == "recovery":
            canvas.polyline([(x - 4, y - 10), (x, y - 6), (x + 5, y - 13)], stroke=palette.ink, width=1.3)
            taken.append((x - 5, y - 14, x + 6, y - 5))
        else:
            fill = palette.ink if marker.kind == "nadir" else palette.paper
            canvas.polygon([(x - 4.5, y + 7), (x + 4.5, y + 7), (x, y + 14)], fill=fill, stroke=palette.ink, width=0.9)
            taken.append((x - 5, y + 6, x + 5, y + 15))
        words = _words(chart, marker, sheet, size)
        box = _free(x, y, width_of(words, size), size, marker.kind == "recovery", sheet, taken)
        taken.append(box)
        canvas.rect(*box, fill=palette.paper, opacity=0.75)
        canvas.text((box[0] + 1, box[3] - size * 0.22), words, size, fill=palette.ink, bold=marker.kind == "nadir")


def _words(chart: TrendChart, marker: ChartMarker, sheet: Sheet, size: float) -> str:
    """Return the text, shortened where the cycle is too narrow: the hollow triangle still says "lowest measured"."""
    block = next((b for b in chart.cycles if b.number == marker.cycle and not b.planned), None)
    room = sheet.x.at(block.end) - sheet.x.at(block.start) if block else 0.0
    short = marker.text.removeprefix("lowest measured ")
    choices = [marker.text, short, short.split(" · ")[0]]
    return next((words for words in choices if width_of(words, size) < room * 0.9), choices[-1])


def _free(x: float, y: float, width: float, size: float, above: bool, sheet: Sheet, taken: Sequence[Box]) -> Box:
    """Return the first place for a text that covers nothing, else the one that covers least."""
    height = size * 1.15
    boxes = [_kept(box, sheet) for box in _places(x, y, width, height, above)]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    near = [other for other in taken if other[0] < right and other[2] > left]
    return min(boxes, key=lambda box: sum(_overlap(box, other) for other in near))


def _places(x: float, y: float, width: float, height: float, above: bool) -> Iterator[Box]:
    under, over = y + 15, y - 14 - height
    rows = [over, over - height, under] if above else [under, under + height, over]
    for top in (*rows, y - height / 2):
        for left in (x - width / 2, x + 7, x - width - 7):
            yield left, top, left + width, top + height


def _kept(box: Box, sheet: Sheet) -> Box:
    left = min(max(box[0], sheet.left + 1), sheet.right - (box[2] - box[0]) - 1)
    top = min(max(box[1], sheet.top + 1), sheet.bottom - (box[3] - box[1]) - 1)
    return left, top, left + box[2] - box[0], top + box[3] - box[1]


def _overlap(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)
