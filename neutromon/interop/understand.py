"""A row as understood: analyte, number in the analyte's unit, status, and why it is held, kept as text or ignored."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from neutromon.interop.analytes import ABSOLUTE_OF, OTHER, CodeTable, Match, match, unit_of
from neutromon.interop.ranges import bounds
from neutromon.interop.together import checked_together
from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, canonical, factor, unit_class
from neutromon.interop.values import Number, json_number, number, with_mark
from neutromon.models.imports import RawResult, RawSet, ReadResult

ASTM = "ASTM"
"""Value type of rows from ASTM records, whose status W says that the device warns, not that the result is withdrawn."""
JSON = "JSON"
"""Value type of numbers of a JSON document, which know neither commas nor words."""
ASTM_STATUS = frozenset("FPCXISRV")
"""Letters of R-9 that mean what HL7 means by them; N, Q and others say nothing of the result."""
SUSPICION = 100
MOST_ROWS = 1000
UNIT_OF = {COUNT: "10*9/L", HEMOGLOBIN: "g/L", PERCENT: "%"}
SHARE, ANY_COUNT = (Decimal(0), Decimal(100)), (Decimal(0), Decimal(1000))
LIMITS: dict[str, tuple[Decimal, Decimal]] = {
    "WBC": (Decimal(0), Decimal(1000)),
    "PLT": (Decimal(0), Decimal(5000)),
    "HGB": (Decimal(20), Decimal(260)),
}
WITHDRAWN = frozenset({"D", "W", "entered-in-error"})
PENDING = frozenset({"I", "O", "N", "registered"})
CANCELLED = frozenset({"X", "cancelled"})
PRELIMINARY = frozenset({"P", "S", "R", "preliminary"})
KNOWN_STATUS = frozenset({"F", "U", "C", "A", "V", "final", "corrected", "amended"}) | PRELIMINARY | PENDING | CANCELLED | WITHDRAWN
_COMMENT = re.compile(
    r"clump|aggregat|h[aä]e?mol|unlabel|nicht beschriftet|clot|dilut|contaminat|corrected|previously reported", re.IGNORECASE
)
_SIGNED = re.compile(r"\s*([<>≤≥=]{0,2}\s*\d{1,3}(?:[.,]\d{1,9})?)\s*%\s*")

_NUMBER = re.compile(r"[<>≤≥=]{0,2}\s*\d{1,9}(?:[.,]\d{1,9})?")
_MEASURED = re.compile(r"\s*([<>≤≥=]{0,2}\s*\d{1,9}(?:[.,]\d{1,9}){0,3})\s+(\S.{0,30}?)\s*")


@dataclass(frozen=True, slots=True)
class Memo:
    """What rows were matched to and understood as: a stream of messages asks the same again and again."""

    matches: dict[tuple[object, ...], Match] = field(default_factory=dict)
    rows: dict[tuple[object, ...], ReadResult] = field(default_factory=dict)


def understand(own: RawSet, table: CodeTable, *, accept_names: bool, memo: Memo | None = None) -> list[ReadResult]:
    """Return every row of a set as understood, in file order; `memo` spares a stream of messages from one sender the same question."""
    comma = decimal_comma(own.results)
    known = Memo() if memo is None else memo
    return checked_together([_known(row, own, table, comma, accept_names, known) for row in own.results])


def _known(row: RawResult, own: RawSet, table: CodeTable, comma: bool, accept_names: bool, memo: Memo) -> ReadResult:
    key = (row, own.sender, own.processing, comma, accept_names)
    found = memo.rows.get(key)
    if found is None:
        found = _read_sent(row, own, table, comma, accept_names, memo)
        if len(memo.rows) < MOST_ROWS:
            memo.rows[key] = found
    return found


def _read_sent(row: RawResult, own: RawSet, table: CodeTable, comma: bool, accept_names: bool, memo: Memo) -> ReadResult:
    bare = _first_line(row) if row.value and "\n" in row.value else row
    if bare is row and row.value and "%" in row.value:
        bare = _unsigned(row)
    elif row.value and "/" in row.value and not canonical(row.unit):
        bare = _with_its_unit(row)
    found = _read(bare, own, table, comma, accept_names, memo)
    return found if bare is row else replace(found, raw=row)


def _unsigned(row: RawResult) -> RawResult:
    """Return a row whose number carries its per cent sign with the sign as its unit."""
    match_ = _SIGNED.fullmatch(row.value or "")
    if match_ is None or unit_class(row.unit) not in {None, PERCENT} or (canonical(row.unit) and unit_class(row.unit) is None):
        return row
    return replace(row, value=match_.group(1), unit=row.unit or "%", fraction=False)


def _first_line(row: RawResult) -> RawResult:
    """Return a row whose value goes on with a comment in further lines as its number with a comment."""
    first, _, rest = (row.value or "").strip().partition("\n")
    if _NUMBER.fullmatch(first.strip()) is None or not re.search(r"[^\W\d_]{2}", rest):
        return row
    return replace(row, value=first.strip(), notes=(*row.notes, rest.strip()))


def _with_its_unit(row: RawResult) -> RawResult:
    """Return a row whose value carries a known unit behind its number, with that unit as its own."""
    match_ = _MEASURED.fullmatch(row.value or "")
    if match_ is None or unit_class(match_.group(2)) is None:
        return row
    return replace(row, value=match_.group(1), unit=match_.group(2))


def decimal_comma(rows: Sequence[RawResult]) -> bool:
    """Return whether the set shows decimal commas beyond doubt: a comma that cannot be a group mark."""
    texts = [text for row in rows for text in (row.value or "", row.range)]
    if not any("," in text for text in texts):
        return False
    certain = any(re.search(r"(?<!\d)\d+,\d{1,2}(?!\d)|(?<!\d)0,\d+|\d{4,},\d+", text) for text in texts)
    return certain and not any(re.search(r"\d\.\d", text) for text in texts)


def is_doubtful(row: RawResult, rows: Sequence[RawResult]) -> bool:
    """Return whether the number of a row of a set may be a decimal or a thousand, and nobody has said which."""
    found = _parsed(row, decimal_comma(rows))
    return found is not None and found.ambiguous


def status_of(row: RawResult) -> str:
    """Return what a row's status means in HL7's or FHIR's words; empty where an ASTM device writes a letter of its own."""
    status = row.status or ""
    return "" if row.value_type == ASTM and status not in ASTM_STATUS else status


def class_of(analyte: str) -> str | None:
    """Return the unit class of an analyte; None where it has none of its own."""
    if analyte == "HGB":
        return HEMOGLOBIN
    if analyte in ABSOLUTE_OF or analyte.endswith("_PCT"):
        return PERCENT
    return None if analyte in {OTHER, "MCV", "NRBC"} else COUNT


def _match(row: RawResult, own: RawSet, table: CodeTable, memo: Memo) -> Match:
    key = (own.sender, row.codes, row.texts, row.unit, row.context, row.decided_analyte)
    found = memo.matches.get(key)
    if found is None:
        found = memo.matches[key] = match(row, table, own.sender)
    return found


def _read(row: RawResult, own: RawSet, table: CodeTable, comma: bool, accept_names: bool, memo: Memo) -> ReadResult:
    found = _match(row, own, table, memo)
    marks = _marks(row, found.conflict)
    base = ReadResult(
        raw=row, analyte=found.analyte, source_code=found.code, method=found.method or _method(row.method, row.context), marks=marks
    )
    if found.not_blood:
        return replace(base, ignore=("NOT_BLOOD", "Not a result of blood."))
    if own.processing == "Q":
        base = replace(base, ignore=("NOT_PATIENT", "Control material."))
    status = status_of(row)
    if status in WITHDRAWN:
        return replace(base, withdrawn=True, text_only=True)
    if status in PENDING:
        base = replace(base, pending=True, marks=(*base.marks, "PENDING"))
    parsed = _parsed(row, comma)
    if parsed is None or status in CANCELLED or row.absent or row.decided_text:
        word = "NO_RESULT" if not row.value or status in CANCELLED or parsed is not None else "TEXT_RESULT"
        suspect = ("SUSPECT",) if _suspicion(row, parsed) else ()
        return replace(base, text_only=True, marks=(*base.marks, word, *suspect))
    return _numbered(base, parsed, found, table, own, accept_names)


def _suspicion(row: RawResult, parsed: Number | None) -> bool:
    """Return whether a device's suspicion ("Blasts?", 0 to 300) is raised: from 100 on."""
    return row.value_type == ASTM and row.absent and parsed is not None and parsed.value >= SUSPICION


def _parsed(row: RawResult, comma: bool) -> Number | None:
    """Return the number; a mark that a person settled tells, a point among decimal commas may part groups."""
    if row.value_type == JSON:
        return json_number(row.value)
    if row.decimal:
        return with_mark(row.value, row.decimal)
    found = number(row.value, comma)
    return replace(found, ambiguous=True) if found is not None and row.grouped else found


def _numbered(base: ReadResult, parsed: Number, found: Match, table: CodeTable, own: RawSet, accept_names: bool) -> ReadResult:
    """Return a row that carries a number: normalised, or held with the reason."""
    wanted = class_of(found.analyte)
    if wanted is None:
        return replace(base, marks=(*base.marks, "UNMAPPED")) if found.analyte == OTHER else base
    value, unit, hold = _with_number(base, parsed, wanted, unit_of(base.raw, table, own.sender))
    gran = ("AMBIGUOUS_GRAN",) if found.analyte in {"GRAN", "GRAN_PCT"} else ()
    named = found.by == "name" and found.analyte in table.curve and hold is None
    base = replace(
        base, value=value, unit=unit, hold=hold, marks=(*base.marks, *(("CODE_BY_NAME",) if named and accept_names else ()), *gran)
    )
    if base.raw.modifier and not base.raw.decided_analyte and not base.raw.decided_right and found.analyte in table.curve:
        return replace(base, hold=("UNKNOWN_CODE", f"The sender changes the meaning of this result by '{base.raw.modifier}': not known."))
    if found.other_name and hold is None:
        text = f"The code {found.code} means {found.analyte}, the name beside it {found.other_name}: say which it is."
        return replace(base, hold=("UNKNOWN_CODE", text))
    if named and not accept_names:
        text = f"The code {found.code or '(none)'} looks like {found.analyte}: confirm it for this sender."
        return replace(base, hold=("UNKNOWN_CODE", text))
    return base


@lru_cache(maxsize=1024)
def _method(method: str | None, context: str) -> str | None:
    words = f"{method or ''} {context}".casefold()
    if re.search(r"manual|manuell|mikroskop|microscop", words):
        return "manual"
    return "automated" if re.search(r"automat|analyzer|analyser", words) else None


def _marks(row: RawResult, conflict: bool) -> tuple[str, ...]:
    marks = ["CODE_UNIT_CONFLICT"] if conflict else []
    if row.suspect:
        marks.append("SUSPECT")
    if any(_COMMENT.search(note) for note in row.notes):
        marks.append("SPECIMEN_COMMENT")
    status = status_of(row)
    if status in PRELIMINARY:
        marks.append("PRELIMINARY")
    elif status in {"C", "A", "corrected", "amended"}:
        marks.append("CORRECTION")
    elif row.status == "W" and row.value_type == ASTM:
        marks.append("WARN_STATUS")
    elif status not in KNOWN_STATUS:
        marks.append("STATUS_UNKNOWN")
    return tuple(marks)


def _with_number(base: ReadResult, parsed: Number, wanted: str, unit: str | None) -> tuple[str | None, str | None, tuple[str, str] | None]:
    """Return the normalised value and its unit, or why the row is held."""
    row, right = base.raw, base.raw.decided_right
    if parsed.ambiguous and not right:
        return None, None, ("IMPLAUSIBLE_VALUE", f"'{row.value}' may be a decimal or a thousand: say which.")
    if row.fraction and wanted == PERCENT:
        return parsed.text(Decimal(100)), "%", None
    if not canonical(unit):
        return None, None, ("UNIT_MISSING", f"{base.analyte} {row.value} has no unit.")
    times = factor(unit, wanted)
    if times is None:
        return None, None, ("UNKNOWN_UNIT", f"The unit '{unit}' is not known for {base.analyte}.")
    value = parsed.value * times
    if not _plausible(base.analyte, wanted, value):
        return None, None, ("IMPLAUSIBLE_VALUE", _implausible(base, value))
    if not right and _slipped(row.range, parsed.value):
        return None, None, ("IMPLAUSIBLE_VALUE", f"{base.analyte} {row.value} {unit} lies a power of ten outside the report's range.")
    return parsed.text(times), UNIT_OF[wanted], None


def _plausible(analyte: str, wanted: str, value: Decimal) -> bool:
    low, high = LIMITS.get(analyte) or (SHARE if wanted == PERCENT else ANY_COUNT)
    return low <= value <= high


def _implausible(base: ReadResult, value: Decimal) -> str:
    text = f"{base.analyte} {base.raw.value} {base.raw.unit} is not plausible"
    if base.analyte == "HGB" and Decimal(2) <= value <= Decimal(26):
        return f"{text}; {base.raw.value} g/dL would be {value * 10} g/L."
    return f"{text}."


def _slipped(shown: str, value: Decimal) -> bool:
    """Return whether the value lies outside the report's range by 10, 100 or 1000 while the factor would bring it inside."""
    low, high = bounds(shown)
    if low is None or high is None or value <= 0 or low <= value <= high or low <= 0:
        return False
    times = (Decimal(1000), Decimal("0.001"))
    return any(low <= value * t <= high for t in times)
