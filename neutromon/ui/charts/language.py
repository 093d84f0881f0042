"""A chart's own words in the window's language; the same chart on paper stays English."""

from dataclasses import replace

from neutromon.models.trend_chart import TrendChart
from neutromon.ui.spoken import is_translated, spoken


def in_language(chart: TrendChart) -> TrendChart:
    """Return the chart with title, now, limit, markers, bands, target and refusal in the window's language; values are untouched."""
    if not is_translated():
        return chart
    return replace(
        chart,
        title=spoken(chart.title),
        now_text=spoken(chart.now_text),
        lower_limit=(chart.lower_limit[0], spoken(chart.lower_limit[1])) if chart.lower_limit else None,
        markers=tuple(replace(marker, text=spoken(marker.text)) for marker in chart.markers),
        bands=tuple(replace(band, name=spoken(band.name)) for band in chart.bands),
        day1=replace(chart.day1, text=spoken(chart.day1.text)) if chart.day1 else None,
        forecast_refusal=spoken(chart.forecast_refusal),
    )
