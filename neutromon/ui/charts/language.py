"""A chart's own words in the window's language; the same chart on paper stays English."""

from dataclasses import replace

from neutromon.models.overlay_chart import OverlayChart, ProfileRow
from neutromon.models.trend_chart import TrendChart
from neutromon.ui.spoken import is_translated, spoken


def in_language(chart: TrendChart) -> TrendChart:
    """Return the chart with title, now, limit, markers, bands, target and refusal in the window's language; values are untouched."""
    if not is_translated():
        return chart
    return replace(
        chart,
        title=spoken(chart.title),
        y_label=spoken(chart.y_label),
        now_text=spoken(chart.now_text),
        lower_limit=(chart.lower_limit[0], spoken(chart.lower_limit[1])) if chart.lower_limit else None,
        markers=tuple(replace(marker, text=spoken(marker.text)) for marker in chart.markers),
        durations=tuple(replace(bar, text=spoken(bar.text)) for bar in chart.durations),
        bands=tuple(replace(band, name=spoken(band.name)) for band in chart.bands),
        day1=replace(chart.day1, text=spoken(chart.day1.text)) if chart.day1 else None,
        forecast_refusal=spoken(chart.forecast_refusal),
    )


def profile_in_language(chart: OverlayChart) -> OverlayChart:
    """Return the cycle profile with titles, limit, window, bands and the words of its rows in the window's language."""
    if not is_translated():
        return chart
    return replace(
        chart,
        title=spoken(chart.title),
        y_label=spoken(chart.y_label),
        x_label=spoken(chart.x_label),
        lower_limit=(chart.lower_limit[0], spoken(chart.lower_limit[1])) if chart.lower_limit else None,
        bands=tuple(replace(band, name=spoken(band.name)) for band in chart.bands),
        window_text=spoken(chart.window_text),
        band_text=spoken(chart.band_text),
        rows=tuple(_row_in_language(line) for line in chart.rows),
    )


def _row_in_language(line: ProfileRow) -> ProfileRow:
    return replace(
        line,
        nadir=spoken(line.nadir),
        duration=spoken(line.duration),
        growth_factor=spoken(line.growth_factor),
        dose=spoken(line.dose),
        word=spoken(line.word),
    )
