"""Set a report on paper: PDF/A-3a and PDF/UA-1 by typst, offline, shipped fonts, the same bytes for the same document."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from neutromon.models.errors import UserError
from neutromon.report.document import PURPOSE, Paper, ReportDocument, Table
from neutromon.report.glyphs import MISSING_NOTE, Glyphs
from neutromon.report.words import stamp_text
from neutromon.storage.files import resource_path

CHART_WIDTH = 1060.0
PLOT_HEIGHT, PANE_HEIGHT = 462.0, 48.0
PROFILE_SIZE = (560.0, 290.0)
TEXT_POINTS = 8.4
ONE_PAGE_POINTS = 10.0
SMALLEST_POINTS = 4.5
Render = Callable[[ReportDocument], Mapping[str, str]]


def write_pdf(document: ReportDocument, path: Path, *, render: Render | None = None) -> Path:
    """Write a report to a file, whole or not at all, and return where; raise UserError where the place cannot be written."""
    content = pdf_bytes(document, render=render)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True) if part.parent.is_dir() else None
        raise UserError(f"{path} cannot be written: {error.strerror}.", "Choose another folder, or free some space.") from None
    return path


def pdf_bytes(document: ReportDocument, *, render: Render | None = None) -> bytes:
    """Return the report as PDF; a sheet that must fit one page is set smaller until it does."""
    glyphs = shipped_glyphs()
    drawings = render(document) if render else render_drawings(document, glyphs)
    points = ONE_PAGE_POINTS if document.one_page else TEXT_POINTS
    content = _compile(layout_data(document, drawings, points, glyphs), document.printing.printed_at)
    while document.one_page and pages_of(content) > 1 and points > SMALLEST_POINTS:
        points = max(points * 0.88, SMALLEST_POINTS)
        content = _compile(layout_data(document, drawings, points, glyphs), document.printing.printed_at)
    return content


def pages_of(content: bytes) -> int:
    """Return the number of pages of a PDF that typst wrote: its page objects are never compressed away."""
    return content.count(b"/Type /Page\n") + content.count(b"/Type /Page/") + content.count(b"/Type/Page/")


def render_drawings(document: ReportDocument, glyphs: Glyphs) -> dict[str, str]:
    """Return the report's charts as SVG in the palette for paper, by name; characters that cannot be printed are boxes."""
    from neutromon.report.charts.svg import PAPER, render_overlay, render_svg

    drawn, chart = {}, document.chart
    if chart is not None:
        panes = sum(1 for pane in chart.panes if pane.points)
        drawn["chart"] = render_svg(chart, CHART_WIDTH, PLOT_HEIGHT + panes * PANE_HEIGHT, PAPER, view=chart.opening)
    if document.profile is not None:
        drawn["profile"] = render_overlay(document.profile, *PROFILE_SIZE, PAPER)
    return {name: glyphs.printable_markup(svg, glyphs.missing([svg])) for name, svg in drawn.items()}


def layout_data(document: ReportDocument, drawings: Mapping[str, str], points: float, glyphs: Glyphs) -> dict[str, Any]:
    """Return what the template reads; characters that cannot be printed are boxes, and a note says so."""
    missing = glyphs.missing(document.texts)

    def shown(text: str) -> str:
        return glyphs.printable(text, missing)

    patient = document.patient
    return {
        "title": shown(document.title),
        "subtitle": shown(document.subtitle),
        "paper": document.paper.value,
        "size": points,
        "one_page": document.one_page,
        "practice": document.printing.practice,
        "purpose": PURPOSE,
        "patient": None
        if patient is None
        else {
            "name": shown(patient.name),
            "mrn": shown(patient.mrn),
            "born": patient.birth_text + (f" ({patient.age_years} y)" if patient.age_years is not None else ""),
            "detail": shown(" · ".join(part for part in (patient.sex, *patient.lines) if part)),
        },
        "headline": [{"label": shown(line.label), "text": shown(line.text), "strong": line.strong} for line in document.headline],
        "chart": drawings.get("chart"),
        "chart_alt": shown(document.chart.summary or document.chart.title) if document.chart else "",
        "profile": drawings.get("profile"),
        "profile_alt": shown(document.profile.summary) if document.profile else "",
        "legend": [[shown(sign), shown(words)] for sign, words in document.legend],
        "chart_note": shown(document.chart_note),
        "tables": [_table(table, shown) for table in document.tables],
        "notes": [shown(note) for note in document.notes] + ([MISSING_NOTE] if missing else []),
        "footer": [[shown(left), shown(right)] for left, right in footer_lines(document)],
    }


def footer_lines(document: ReportDocument) -> list[tuple[str, str]]:
    """Return the footer of every page: who printed when, how old the data are, on which rules, and the audit chain."""
    printing = document.printing
    rules = f" · rules {printing.rule_digest[:12]}" if printing.rule_digest else ""
    return [
        (f"Printed by {printing.printed_by}, {stamp_text(printing.printed_at)}. Data as of {stamp_text(printing.data_as_of)}.", ""),
        (f"NeutroMon {printing.program_version} · protocol {printing.protocol_version} · {printing.grading}{rules}", printing.audit_text),
    ]


def _table(table: Table, shown: Callable[[str], str]) -> dict[str, Any]:
    return {
        "title": shown(table.title),
        "header": [shown(cell) for cell in table.header],
        "rows": [[shown(cell) for cell in row] for row in table.rows],
        "widths": list(table.widths),
        "bold": sorted(table.bold),
        "marked": sorted(table.marked),
        "empty": shown(table.empty),
        "note": shown(table.note),
        "lines": table.lines,
    }


@cache
def shipped_glyphs() -> Glyphs:
    """Return the characters of the shipped fonts, read once: they stay as they are while the program runs."""
    return Glyphs(resource_path("fonts"))


@cache
def _fonts() -> Any:
    """Return the shipped fonts alone, opened once for all reports of a batch."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(resource_path("fonts"))])


def _compile(data: Mapping[str, Any], moment: datetime) -> bytes:
    import typst

    content: bytes = typst.compile(
        str(resource_path("report/report.typ")),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-3a", "ua-1"],
        timestamp=moment.replace(microsecond=0),
    )
    return content


def paper_text(paper: Paper) -> str:
    """Return the paper's name for people."""
    return "A4 landscape" if paper is Paper.LANDSCAPE else "A4 portrait"
