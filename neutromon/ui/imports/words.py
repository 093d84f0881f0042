"""The words of import: outcomes, totals and reasons, as a nurse reads them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from neutromon.models.imports import Disposition, ImportReport, SetReport
from neutromon.services.importing.plan import fingerprint
from neutromon.ui.text import isolated, tr
from neutromon.ui.worklist.columns import day_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One specimen set of a file."""

    path: str
    form: str
    own: SetReport


def lines_of(report: ImportReport) -> list[Line]:
    """Return every set of a report, those that need a person first."""
    found = [Line(path=file.path, form=file.format, own=own) for file in report.files for own in file.sets]
    rank = {"quarantined": 0, "mixed": 1}
    return sorted(found, key=lambda line: rank.get(line.own.outcome, 2))


def outcome_word(outcome: str) -> str:
    """Return an outcome with the sign that stands for it."""
    words = {
        "stored": tr("✓ Stored"),
        "duplicate": tr("= Known already"),
        "corrected": tr("✎ Corrected"),
        "quarantined": tr("? Waits for a person"),
        "ignored": tr("– Not taken in"),
        "mixed": tr("◐ Partly waiting"),
    }
    return words.get(outcome, outcome)


def file_text(line: Line) -> str:
    """Return the file's name and format."""
    return f"{PurePath(line.path).name} ({line.form})"


def whose_text(line: Line) -> str:
    """Return the name and number as the file states them."""
    own = line.own.raw
    name = ", ".join(part for part in (own.family, own.given) if part)
    number = line.own.patient.value if line.own.patient else ""
    return " · ".join(part for part in (isolated(name), number) if part) or tr("names nobody")


def when_text(line: Line) -> str:
    """Return when the specimen was taken."""
    at = line.own.raw.collected_at
    if at is None:
        return tr("no time")
    return day_text(at.date()) if line.own.raw.day_only else f"{day_text(at.date())} {at:%H:%M}"


def results_text(line: Line) -> str:
    """Return how many results of a set came to what."""
    counts: dict[Disposition, int] = {}
    for row in line.own.results:
        counts[row.disposition] = counts.get(row.disposition, 0) + 1
    return ", ".join(f"{number} {disposition_word(kind)}" for kind, number in counts.items())


def disposition_word(disposition: Disposition) -> str:
    """Return what became of a result."""
    words = {
        Disposition.STORED: tr("stored"),
        Disposition.DUPLICATE: tr("known"),
        Disposition.CORRECTED: tr("corrected"),
        Disposition.VOIDED: tr("withdrawn"),
        Disposition.KEPT_AS_TEXT: tr("kept as text"),
        Disposition.HELD: tr("waiting"),
        Disposition.IGNORED: tr("not taken in"),
    }
    return words[disposition]


def reason_text(line: Line) -> str:
    """Return why a set or its first waiting row waits, else its marks."""
    if line.own.reason:
        return line.own.reason[1]
    held = next((row.hold[1] for row in line.own.results if row.disposition is Disposition.HELD and row.hold), "")
    return held or ", ".join(mark.replace("_", " ").casefold() for mark in line.own.marks)


def reason_word(code: str) -> str:
    """Return a reason in a few words, for lists and groups; the whole sentence stands beside the set."""
    words = {
        "NO_PATIENT_ID": tr("Names no patient"),
        "UNKNOWN_PATIENT": tr("Unknown patient number"),
        "NAME_DOB_MISSING": tr("Name or birth date missing"),
        "DOB_MISSING": tr("Birth date missing"),
        "DEMOGRAPHIC_MISMATCH": tr("Name or birth date differs"),
        "ID_CONFLICT": tr("Numbers of several patients"),
        "UNRESOLVED_SUBJECT": tr("Patient not in the message"),
        "UNRESOLVED_RESULTS": tr("Results not in the message"),
        "NO_TIME": tr("No specimen time"),
        "BAD_TIME": tr("Time cannot be read"),
        "DATE_AMBIGUOUS": tr("Date can be read in two ways"),
        "TIME_BEFORE_BIRTH": tr("Older than the patient"),
        "TIME_IN_FUTURE": tr("Time lies in the future"),
        "MALFORMED": tr("Damaged message"),
        "TRUNCATED": tr("Message is cut off"),
        "MSG_TYPE_UNSUPPORTED": tr("Kind of message not supported"),
        "CHARSET_UNCERTAIN": tr("Letters cannot be read surely"),
        "UNIT_MISSING": tr("Unit missing"),
        "UNKNOWN_UNIT": tr("Unknown unit"),
        "IMPLAUSIBLE_VALUE": tr("Unlikely value"),
        "UNKNOWN_CODE": tr("Unknown code"),
        "NO_COUNTS": tr("No blood count"),
        "NOT_PATIENT": tr("Control material"),
        "TEST_MESSAGE": tr("Test message"),
        "VERSION_UNSUPPORTED": tr("Version not supported"),
        "ALREADY_IMPORTED": tr("Decided before"),
    }
    return words.get(code) or code.replace("_", " ").capitalize()


def totals_text(lines: Sequence[Line]) -> str:
    """Return the totals of an import by outcome, what needs a person first."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.own.outcome] = counts.get(line.own.outcome, 0) + 1
    return "   ".join(f"{outcome_word(outcome)}: {number}" for outcome, number in counts.items())


def reasons_text(lines: Sequence[Line]) -> str:
    """Return how many sets wait, or were not taken in, for which reason, the most frequent first; "" where there are none."""
    counts = Counter(code for line in lines if (code := reason_code(line)))
    return " · ".join(f"{number} {reason_word(code)}" for code, number in counts.most_common())


def waiting_text(lines: Sequence[Line], in_bay: int) -> str:
    """Return how many sets of an import wait beside how many the holding bay holds, so that both numbers are understood."""
    waiting = [line for line in lines if line.own.outcome == "quarantined" or reason_waits(line)]
    if not waiting:
        return ""
    different = len({fingerprint(line.own.raw, line.own.patient_id) for line in waiting})
    if different == len(waiting) == in_bay:
        return ""
    told = tr("{n} sets of this import wait.", n=len(waiting)) if len(waiting) > 1 else tr("1 set of this import waits.")
    if different < len(waiting):
        told += " " + tr("{n} of them differ: a set that was sent twice waits once.", n=different)
    return f"{told} {tr('The holding bay holds {n} in all.', n=in_bay)}"


def reason_waits(line: Line) -> bool:
    """Return whether a row of a set that was stored in part waits."""
    return any(row.disposition is Disposition.HELD for row in line.own.results)


def reason_code(line: Line) -> str:
    """Return the code of the reason of a set, else of its first waiting row; "" where nothing waits."""
    if line.own.reason:
        return line.own.reason[0]
    return next((row.hold[0] for row in line.own.results if row.disposition is Disposition.HELD and row.hold), "")
