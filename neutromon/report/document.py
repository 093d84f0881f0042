"""A report as data: what stands on the paper, before any layout; tests read it instead of pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from neutromon.models.overlay_chart import OverlayChart
from neutromon.models.trend_chart import TrendChart

PURPOSE = "Decision support that shows its basis, not a prescription. Measured values decide; local protocol applies."


class Paper(StrEnum):
    """The two ways to hold a sheet of A4."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Who prints what when, and what it rests on: the footer of every page."""

    printed_by: str
    printed_at: datetime
    data_as_of: datetime
    program_version: str
    protocol_version: str = "default"
    grading: str = "CTCAE 5.0"
    rule_digest: str = ""
    audit_text: str = "Audit chain not checked"
    audit_holds: bool | None = None
    practice: bool = False
    clinic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientStrip:
    """The two identifiers that stand on every page of a patient's report, and what else tells the patient apart."""

    name: str
    mrn: str
    birth_date: date | None
    age_years: int | None
    sex: str = ""
    lines: tuple[str, ...] = ()

    @property
    def birth_text(self) -> str:
        """Return the birth date as "31 Jan 1960", or that it is not known."""
        return f"{self.birth_date:%d %b %Y}" if self.birth_date else "birth date not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One line of the headline: a label, what is known, and whether it needs attention (drawn with a bar and bold, not by colour)."""

    label: str
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its header repeated on every page; `widths` are shares.

    A bold row is one that needs attention; a marked row has a bold first cell and a bar at its left instead, for rows of long texts.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    bold: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    empty: str = "None recorded."
    note: str = ""
    lines: bool = False

    def __post_init__(self) -> None:
        """Refuse a table whose rows do not fit its header."""
        if len(self.widths) != len(self.header) or any(len(row) != len(self.header) for row in self.rows):
            raise ValueError(f"the table {self.title} has rows or widths that do not fit its header")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDocument:
    """A whole report; `patient` is None for lists, whose rows carry two identifiers each."""

    kind: str
    title: str
    subtitle: str
    printing: Printing
    patient: PatientStrip | None = None
    headline: tuple[Statement, ...] = ()
    chart: TrendChart | None = None
    chart_note: str = ""
    profile: OverlayChart | None = None
    legend: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    paper: Paper = Paper.PORTRAIT
    one_page: bool = False

    @property
    def texts(self) -> Sequence[str]:
        """Return every text that will be printed, for the check of glyphs."""
        found = [self.title, self.subtitle, self.chart_note, *self.notes, *(part for row in self.legend for part in row)]
        found += [part for line in self.headline for part in (line.label, line.text)]
        for table in self.tables:
            found += [table.title, table.empty, table.note, *table.header, *(cell for row in table.rows for cell in row)]
        if self.patient:
            found += [self.patient.name, self.patient.mrn, self.patient.sex, *self.patient.lines]
        printing = self.printing
        return [*found, printing.printed_by, printing.audit_text, printing.clinic, printing.grading]
