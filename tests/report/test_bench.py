"""The report's bench measures what it says, beside a baseline of the same run."""

from neutromon.report import bench
from neutromon.report.charts.build import build_trend_chart
from neutromon.rules import evaluate
from tests.report.charted import book


def test_that_every_figure_stands_beside_its_baseline() -> None:
    rows = bench.measurements()
    assert [set(row) for row in rows] == [{"name", "value", "unit", "baseline", "ratio", "goal"}] * 3
    assert all(row["value"] > 0 and row["baseline"] >= 0 for row in rows)
    assert rows[-1]["goal"] == "150 ms CPU after the first"


def test_that_the_measured_patient_is_as_long_as_said() -> None:
    history = bench.long_history()
    chart = build_trend_chart(history, evaluate(history, book(), bench.NOW), None, now=bench.NOW, regimen=None)
    assert (len(chart.points), len(chart.cycles)) == (500, 24)
    assert all(point.has_value for point in chart.points)
