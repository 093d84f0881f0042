"""The ground of the paper chart: grade bands, cycles, delays, day-1 target, now, forecast, axis."""

from collections.abc import Sequence

from neutromon.models.trend_chart import CycleBlock, DayOneTarget, ForecastFan, GradeBand, TrendChart
from neutromon.report.charts.canvas import Canvas, fitting, width_of
from neutromon.report.charts.marks import Mark
from neutromon.report.charts.paper import Palette, Sheet

HATCH, DELAY_HATCH, FUTURE_HATCH = 5.0, 6.0, 13.0


def draw_ground(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    """Draw what lies behind the counts."""
    for band, name_at in zip(chart.bands, _apart(chart.bands, sheet), strict=True):
        _band(canvas, band, name_at, sheet, palette)
    _future(canvas, chart, sheet, palette)
    for value, _ in chart.y_ticks:
        canvas.line((sheet.left, sheet.y.at(value)), (sheet.right, sheet.y.at(value)), stroke=palette.faint, width=0.4)
    for index, block in enumerate(chart.cycles):
        if block.start < sheet.last and block.end > sheet.first:
            _cycle(canvas, block, index, sheet, palette)
        if block.delay is not None and block.delay[0] < sheet.last and block.delay[1] > sheet.first:
            _delay(canvas, block.delay, index, sheet, palette)
    fan = chart.forecast if chart.forecast is not None and chart.forecast.x[0] < sheet.last else None
    if fan is not None:
        _fan(canvas, fan, sheet, palette)
    _limit(canvas, chart, sheet, palette, left=fan is not None)
    if chart.day1 is not None and sheet.first <= chart.day1.x <= sheet.last:
        _target(canvas, chart.day1, sheet, palette)
    _now(canvas, chart, sheet, palette)
    _axis(canvas, chart, sheet, palette)


def _apart(bands: Sequence[GradeBand], sheet: Sheet) -> list[float]:
    """Return where the names of the bands stand: at their middle, a line apart from the name above."""
    places: list[float] = []
    for band in bands:
        middle = (sheet.y.inside(band.high) + sheet.y.inside(band.low)) / 2 + sheet.size * 0.35
        places.append(max([middle, *(place + sheet.size * 0.95 for place in places[-1:])]))
    return places


def _band(canvas: Canvas, band: GradeBand, name_at: float, sheet: Sheet, palette: Palette) -> None:
    """Draw a band with its name on the right margin; a profound count is hatched, not another shade."""
    top, bottom = sheet.y.inside(band.high), sheet.y.inside(band.low)
    with canvas.mark(Mark(kind="band:hatched" if band.hatched else "band", key=band.name, text=band.name)):
        if band.hatched:
            canvas.hatch(sheet.left, top, sheet.right, bottom, HATCH, stroke=palette.band_line, width=0.5)
        else:
            canvas.rect(sheet.left, top, sheet.right, bottom, fill=palette.bands[min(band.step, 3)])
        canvas.line((sheet.left, top), (sheet.right, top), stroke=palette.band_line, width=0.6)
        size = sheet.size if width_of(band.name, sheet.size) < 34 else sheet.size * 0.82
        canvas.text((sheet.right + 4, name_at), band.name, size, bold=not band.hatched, fill=palette.ink)


def _future(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    """Hatch the room right of now, faintly: what stands there is forecast or plan."""
    left = sheet.x.inside(chart.now)
    canvas.hatch(left, sheet.top, sheet.right, sheet.bottom, FUTURE_HATCH, rising=False, stroke=palette.faint, width=0.5)


def _cycle(canvas: Canvas, block: CycleBlock, index: int, sheet: Sheet, palette: Palette) -> None:
    left, right = sheet.x.inside(block.start), sheet.x.inside(block.end)
    with canvas.mark(Mark(kind="cycle:planned" if block.planned else "cycle", key=str(index), text=block.header)):
        if block.planned:
            canvas.rect(left, sheet.header + 1, right, sheet.bottom, stroke=palette.hair, width=0.8, dash="3 2")
        elif block.shaded:
            canvas.rect(left, sheet.header + 1, right, sheet.bottom, fill="#000", opacity=0.045)
        if sheet.first <= block.start:
            canvas.line((left, sheet.header + 1), (left, sheet.ruler), stroke=palette.hair, width=0.7)
        words = fitting([block.header, block.brief, block.short], right - left - 8, sheet.size)
        canvas.text((left + 5, sheet.top - 6), words, sheet.size, bold=not block.planned, fill=palette.ink)
        _ruler(canvas, block, sheet, palette)


def _ruler(canvas: Canvas, block: CycleBlock, sheet: Sheet, palette: Palette) -> None:
    """Write D1 D8 D15 under the plot, as many as have room."""
    shown = [(x, words) for x, words in block.ruler if sheet.first <= x < sheet.last]
    size = sheet.size * 0.86
    room = sheet.x.at(sheet.first + 7) - sheet.x.at(sheet.first)
    for number, (x, words) in enumerate(shown):
        place = sheet.x.at(x)
        canvas.line((place, sheet.bottom), (place, sheet.bottom + 3), stroke=palette.soft, width=0.7)
        if number == 0 or room > width_of(words, size) + 3:
            canvas.text((place + 2, sheet.bottom + 11), words, size, fill=palette.soft)


def _delay(canvas: Canvas, delay: tuple[float, float, str], index: int, sheet: Sheet, palette: Palette) -> None:
    left, right = sheet.x.inside(delay[0]), sheet.x.inside(delay[1])
    size = sheet.size * 0.86
    with canvas.mark(Mark(kind="delay", key=str(index), text=delay[2])):
        canvas.rect(left, sheet.top, right, sheet.bottom, fill=palette.paper, opacity=0.75)
        canvas.hatch(left, sheet.top, right, sheet.bottom, DELAY_HATCH, stroke=palette.hair, width=0.6)
        if right - left > size:
            label(canvas, ((left + right) / 2 + size * 0.36, sheet.bottom - 8), delay[2], size, palette, turn=-90)


def label(canvas: Canvas, place: tuple[float, float], words: str, size: float, palette: Palette, *, turn: float = 0) -> None:
    """Write a text on a patch of paper, so that no hatch runs through it."""
    width, (x, y) = width_of(words, size), place
    if turn:
        canvas.rect(x - size * 0.95, y - width - 2, x + size * 0.3, y + 2, fill=palette.paper, opacity=0.9)
    else:
        canvas.rect(x - 2, y - size * 0.9, x + width + 2, y + size * 0.3, fill=palette.paper, opacity=0.9)
    canvas.text(place, words, size, fill=palette.ink, turn=turn)


def _limit(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette, *, left: bool) -> None:
    """Draw the lower limit with its words on the right, or on the left where the forecast needs the right."""
    if chart.lower_limit is None:
        return
    value, words = chart.lower_limit
    place = sheet.y.inside(value)
    with canvas.mark(Mark(kind="limit", key="lower", text=words)):
        canvas.line((sheet.left, place), (sheet.right, place), stroke=palette.ink, width=0.9, dash="7 3 2 3")
        size = sheet.size * 0.82
        label(canvas, (sheet.left + 4 if left else sheet.right - width_of(words, size) - 5, place - 5), words, size, palette)


def _fan(canvas: Canvas, fan: ForecastFan, sheet: Sheet, palette: Palette) -> None:
    """Draw three shades with edges of their own, and one dashed median."""
    shades = ((fan.low95, fan.high95, "1 2"), (fan.low80, fan.high80, "3 2"), (fan.low50, fan.high50, ""))
    places = [sheet.x.inside(x) for x in fan.x]
    with canvas.mark(Mark(kind="fan", key="forecast", text=fan.text)):
        for shade, (low, high, dash) in zip(palette.fan, shades, strict=True):
            upper = [(x, sheet.y.inside(v)) for x, v in zip(places, high, strict=True)]
            lower = [(x, sheet.y.inside(v)) for x, v in zip(places, low, strict=True)]
            canvas.polygon([*upper, *reversed(lower)], fill=shade, opacity=0.75)
            for edge in (upper, lower):
                canvas.polyline(edge, stroke=palette.hair, width=0.6, dash=dash)
        median = [(x, sheet.y.inside(v)) for x, v in zip(places, fan.median, strict=True)]
        canvas.polyline(median, stroke=palette.ink, width=1.4, dash="5 3")


def _target(canvas: Canvas, target: DayOneTarget, sheet: Sheet, palette: Palette) -> None:
    """Draw the days on which a count is valid for day 1, and the bracket from the threshold upward."""
    place, low = sheet.x.at(target.x), sheet.x.inside(target.low)
    foot, top = sheet.y.inside(target.threshold), sheet.top + 2
    with canvas.mark(Mark(kind="day1", key="day1", text=target.text)):
        canvas.rect(low, foot, place, sheet.bottom, stroke=palette.soft, width=0.6, dash="1 3")
        canvas.polyline([(place - 7, top), (place, top), (place, foot), (place - 7, foot)], stroke=palette.ink, width=1.8)
        words = f"D1 ≥ {target.threshold:g} {'✓' if target.last_count_valid else '○'}"
        room = sheet.right - place > width_of(words, sheet.size * 0.9) + 8
        left = place + 6 if room else place - width_of(words, sheet.size * 0.9) - 12
        label(canvas, (left, top + 34), words, sheet.size * 0.9, palette)


def _now(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    if not sheet.first <= chart.now <= sheet.last:
        return
    place = sheet.x.at(chart.now)
    with canvas.mark(Mark(kind="now", key="now", text=chart.now_text)):
        canvas.line((place, sheet.top), (place, sheet.lane_end), stroke=palette.ink, width=2.2)
        size = sheet.size * 0.9
        fits = place + width_of(chart.now_text, size) + 6 < sheet.right
        label(canvas, (place + 5 if fits else place - width_of(chart.now_text, size) - 5, sheet.top + 13), chart.now_text, size, palette)


def _axis(canvas: Canvas, chart: TrendChart, sheet: Sheet, palette: Palette) -> None:
    """Draw the axis with its clinical numbers, its name and unit, and the version of the grades."""
    canvas.rect(sheet.left, sheet.top, sheet.right, sheet.bottom, stroke=palette.soft, width=0.8)
    for value, words in chart.y_ticks:
        place = sheet.y.at(value)
        canvas.line((sheet.left - 4, place), (sheet.left, place), stroke=palette.soft, width=0.8)
        canvas.text((sheet.left - 7, place + sheet.size * 0.36), words, sheet.size, anchor="end", fill=palette.ink)
    middle = (sheet.top + sheet.bottom) / 2 + width_of(chart.y_label, sheet.size) / 2
    canvas.text((14, middle), chart.y_label, sheet.size, fill=palette.ink, turn=-90)
    canvas.text((30, middle), "logarithmic scale", sheet.size * 0.8, fill=palette.soft, turn=-90)
    canvas.text((sheet.right + 4, sheet.top - 6), chart.bands_version, sheet.size * 0.8, fill=palette.soft)
