"""What charts and reports cost: figures in CPU time beside a baseline measured in the same run."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from neutromon.models.evaluation import Evaluation
from neutromon.models.history import CountSample, Course, Cycle, GrowthFactor, Identifier, Patient, PatientHistory
from neutromon.models.quantity import Reported
from neutromon.models.trend_chart import TrendChart
from neutromon.report.charts.build import build_trend_chart
from neutromon.report.charts.overlay import build_overlay
from neutromon.report.document import Printing, ReportDocument
from neutromon.report.glyphs import Glyphs
from neutromon.report.pdf import pdf_bytes, render_drawings
from neutromon.report.trend_report import build_document
from neutromon.rules import evaluate
from neutromon.rules.book_parts import Regimen
from neutromon.services.rule_book import load_book
from neutromon.storage.files import resource_path

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
CYCLES, COUNTS, EVERY_DAYS = 24, 500, 21
PDF_GOAL = "150 ms CPU after the first"


def measurements() -> list[dict[str, Any]]:
    """Return every figure of this suite."""
    book = load_book()
    regimen = book.regimen("R-CHOP-21")
    history = long_history()
    evaluation = evaluate(history, book, NOW)
    chart = _built(history, evaluation, regimen)
    documents = _documents(history, evaluation, chart, regimen)
    return [_building(history, evaluation, regimen), _drawing(documents[0]), _printing(documents)]


def _row(name: str, value: float, baseline: float, goal: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "ms CPU",
        "baseline": baseline,
        "ratio": value / baseline if baseline else None,
        "goal": goal,
    }


def cpu_ms(acts: list[Callable[[], object]]) -> float:
    """Return the median CPU time of some calls in milliseconds."""
    taken = []
    for act in acts:
        start = time.process_time()
        act()
        taken.append((time.process_time() - start) * 1000)
    return median(taken)


def long_history() -> PatientHistory:
    """Return a made-up patient with 24 cycles and 500 counts."""
    first = NOW.date() - timedelta(days=EVERY_DAYS * (CYCLES - 1) + 9)
    starts = [first + timedelta(days=EVERY_DAYS * n) for n in range(CYCLES)]
    cycles = tuple(Cycle(number=n, planned_day1=day, day1=day, dose_percent="100") for n, day in enumerate(starts, start=1))
    span = (NOW.date() - first).days
    counts = tuple(_count(first, span * n / COUNTS) for n in range(COUNTS))
    doses = tuple(GrowthFactor(product="pegfilgrastim", dose="6 mg", given_at=_at(day, 1.4)) for day in starts)
    patient = Patient(
        identifier=Identifier(value="BENCH-1"),
        family_name="Example",
        given_name="Long",
        lower_limits={"anc": Reported(value="1.8", unit="10*9/L")},
    )
    return PatientHistory(patient=patient, course=Course(regimen="R-CHOP-21", cycles=cycles), counts=counts, growth_factors=doses)


def _at(day: date, days: float) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=days)


def _count(first: date, days: float) -> CountSample:
    """Return a count that falls to 0.4 about day 11 and recovers."""
    anc = 0.4 + 4.0 * abs(days % EVERY_DAYS - 10.5) / 10.5
    texts = {"neutrophils": (f"{anc:.2f}", "10*9/L"), "wbc": (f"{anc + 2:.1f}", "10*9/L"), "platelets": ("180", "10*9/L")}
    values = {name: Reported(value=value, unit=unit) for name, (value, unit) in texts.items()}
    return CountSample(id=f"s-{days:.3f}", collected_at=_at(first, days), status="final", values=values)


def _built(history: PatientHistory, evaluation: Evaluation, regimen: Regimen | None) -> TrendChart:
    return build_trend_chart(history, evaluation, None, now=NOW, regimen=regimen)


def _building(history: PatientHistory, evaluation: Evaluation, regimen: Regimen | None) -> dict[str, Any]:
    empty = replace(history, counts=(), growth_factors=(), course=None)
    bare = replace(evaluation, counts=(), nadirs=(), gcsf_timing=(), day1=None)
    alone = cpu_ms([lambda: _built(empty, bare, regimen)] * 15)
    value = cpu_ms([lambda: _built(history, evaluation, regimen)] * 15)
    return _row("build the chart of 500 counts and 24 cycles (baseline: of an empty patient)", value, alone)


def _documents(history: PatientHistory, evaluation: Evaluation, chart: TrendChart, regimen: Regimen | None) -> list[ReportDocument]:
    """Return reports that differ, so that nothing set for one is used for the next."""
    profile = build_overlay(history, evaluation, regimen=regimen)
    made = []
    for number in range(6):
        moment = NOW + timedelta(minutes=number)
        printing = Printing(printed_by=f"Bench {number}", printed_at=moment, data_as_of=moment, program_version="bench")
        named = replace(history, patient=replace(history.patient, given_name=f"Long {number}"))
        made.append(build_document(named, evaluation, (), chart, profile, now=moment, printing=printing))
    return made


def _drawing(document: ReportDocument) -> dict[str, Any]:
    bare, glyphs = replace(document, chart=None), Glyphs(resource_path("fonts"))
    whole, alone = cpu_ms([lambda: render_drawings(document, glyphs)] * 9), cpu_ms([lambda: render_drawings(bare, glyphs)] * 9)
    return _row("draw trend and profile for paper (baseline: the profile alone)", whole, alone)


def _printing(documents: list[ReportDocument]) -> dict[str, Any]:
    first, *later = documents
    pdf_bytes(first)
    value = cpu_ms([lambda document=document: pdf_bytes(document) for document in later])  # type: ignore[misc]
    alone = cpu_ms([lambda number=number: _empty_page(number) for number in range(len(later))])  # type: ignore[misc]
    return _row("trend PDF of 500 counts, each with other data (baseline: typst setting an empty page)", value, alone, PDF_GOAL)


def _empty_page(number: int) -> bytes:
    import typst

    text = f'#set document(title: "Empty")\n#set text(font: "DejaVu Sans")\n= Empty {number}'
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(resource_path("fonts"))])
    content: bytes = typst.compile(
        text.encode(),
        format="pdf",
        font_paths=fonts,
        pdf_standards=["a-3a", "ua-1"],
        timestamp=NOW,
    )
    return content
