"""What comes in: results as a file says them, the specimen sets they form, and what became of each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from neutromon.models.history import Identifier, PatientHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Decisions of the person who imports; each is audited."""

    format: str = "auto"
    create_patients: bool = False
    accept_names: bool = False
    accept_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResult:
    """One result row as sent; `codes` are (code, system) in file order, `texts` every name that stands with them.

    `modifier` names what changes the meaning of the result in a way that is not known, `suspect` a value that its sender contradicts.
    `context` holds panel, group and specimen words for the guard; `fraction` marks a number that a sheet shows as per cent,
    `decimal` is the decimal mark where a person settled it, `grouped` a point that may be a group mark, as other cells have commas.
    The `decided_*` fields hold what a person decided for this row: its analyte, the unit to read it in, that it is right as it
    stands, that it stays words.
    """

    codes: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()
    value: str | None = None
    unit: str | None = None
    range: str = ""
    flag: str = ""
    status: str | None = None
    value_type: str = ""
    notes: tuple[str, ...] = ()
    context: str = ""
    method: str | None = None
    absent: bool = False
    modifier: str = ""
    suspect: bool = False
    fraction: bool = False
    decimal: str = ""
    grouped: bool = False
    decided_analyte: str = ""
    decided_unit: str = ""
    decided_right: bool = False
    decided_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSet:
    """The results of one patient from one specimen at one time, with who and when as sent."""

    results: tuple[RawResult, ...]
    control_id: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    family: str | None = None
    given: str | None = None
    birth_date: date | None = None
    birth_text: str | None = None
    sex: str | None = None
    collected: str | None = None
    collected_at: datetime | None = None
    day_only: bool = False
    specimen: str | None = None
    sender: str = ""
    reported_at: str = ""
    processing: str = ""
    problem: tuple[str, str] | None = None
    ignored: tuple[str, str] | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """A file as read: its format and its sets; a file that cannot be read has one set with a problem.

    `charts` are whole histories that the file carries; then `sets` is empty, the counts are in the charts.
    """

    format: str
    sets: tuple[RawSet, ...]
    charts: tuple[PatientHistory, ...] = ()


class Disposition(StrEnum):
    """What became of one result."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CORRECTED = "corrected"
    VOIDED = "voided"
    KEPT_AS_TEXT = "kept_as_text"
    HELD = "held"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """A result as understood: analyte, normalised value and unit, and why it is held or ignored."""

    raw: RawResult
    analyte: str
    source_code: str | None
    value: str | None = None
    unit: str | None = None
    method: str | None = None
    text_only: bool = False
    withdrawn: bool = False
    pending: bool = False
    hold: tuple[str, str] | None = None
    ignore: tuple[str, str] | None = None
    marks: tuple[str, ...] = ()
    disposition: Disposition = Disposition.STORED


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReport:
    """What became of one specimen set."""

    index: int
    raw: RawSet
    outcome: str
    reason: tuple[str, str] | None
    marks: tuple[str, ...]
    results: tuple[ReadResult, ...]
    patient: Identifier | None
    patient_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file."""

    path: str
    format: str
    sets: tuple[SetReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of everything that was imported."""

    files: tuple[FileReport, ...] = ()
    stopped: bool = False
    found: int = 0
    patient_ids: frozenset[str] = field(default_factory=frozenset)

    @property
    def needs_a_person(self) -> bool:
        """Return whether something waits in the holding bay."""
        sets = [own for file in self.files for own in file.sets]
        return any(own.outcome == "quarantined" or any(r.disposition is Disposition.HELD for r in own.results) for own in sets)
