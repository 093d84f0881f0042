"""What the rows of one set say together: an ANC above its WBC, a differential that contradicts it, two values of one analyte."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from neutromon.models.imports import ReadResult

FRACTIONS = ("NEUT_PCT", "BAND_PCT", "LYMPH_PCT", "MONO_PCT", "EOS_PCT", "BASO_PCT", "META_PCT", "BLAST_PCT")
CURVE = frozenset({"WBC", "ANC", "NEUT_PCT", "SEG", "SEG_PCT", "BAND", "BAND_PCT", "GRAN", "GRAN_PCT", "PLT", "HGB"})
"""The analytes of which no value is taken silently where the report gives two (contract, 1.1)."""
TWO_VALUES = "TWO_VALUES"
"""The mark of an analyte of which one set gives two values under two codes or methods: one stands on the curve, the other beside it."""


def checked_together(rows: list[ReadResult]) -> list[ReadResult]:
    """Hold two values of one code and an ANC above its WBC; mark what contradicts itself; tell segments from all neutrophils."""
    rows = _two_values(rows)
    wbc = _exact_of(rows, "WBC")
    if wbc is None:
        return rows
    limit = wbc * Decimal("1.02") + Decimal("0.05")
    only_segments = _segments_only(rows, wbc)
    found = []
    for row in rows:
        counted = row.analyte in {"ANC", "SEG", "BAND", "GRAN"} and row.value is not None and row.value[0].isdigit()
        if counted and row.value is not None and Decimal(row.value) > limit and not row.raw.decided_right:
            text = f"{row.analyte} {row.value} is above the WBC of {wbc} ×10⁹/L."
            row = replace(row, hold=("IMPLAUSIBLE_VALUE", text), value=None, unit=None)
        elif row.analyte == "ANC" and only_segments:
            row = replace(row, analyte="SEG", marks=(*row.marks, "ANC_BANDS_AMBIGUOUS"))
        elif row.analyte == "ANC" and _inconsistent(row, rows, wbc):
            row = replace(row, marks=(*row.marks, "INCONSISTENT"))
        found.append(row)
    return found


def _two_values(rows: list[ReadResult]) -> list[ReadResult]:
    """Hold different values of one analyte under one code, mark those under different codes: none is taken without a word."""
    given: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row.value is not None and row.hold is None and row.analyte in CURVE:
            given.setdefault(row.analyte, []).append(place)
    if len(given) == sum(map(len, given.values())):
        return rows
    found = list(rows)
    for places in given.values():
        for place in places if len(places) > 1 else ():
            found[place] = _beside(rows[place], [rows[other] for other in places if other != place])
    return found


def _beside(row: ReadResult, others: Sequence[ReadResult]) -> ReadResult:
    """Return a row as it stands beside further values of its analyte; where a person said which is right, the other is kept as words."""
    different = [other for other in others if not _agree(row.value or "", other.value or "")]
    rivals = [other for other in different if _origin(other) == _origin(row)]
    marked = replace(row, marks=(*row.marks, TWO_VALUES)) if different else row
    if row.raw.decided_right or not rivals:
        return marked
    if any(rival.raw.decided_right for rival in rivals):
        return replace(marked, text_only=True, value=None, unit=None)
    text = f"One report gives {row.analyte} {row.value} and {rivals[0].value} {row.unit}: say which is right."
    return replace(marked, hold=("IMPLAUSIBLE_VALUE", text))


def _origin(row: ReadResult) -> tuple[str, str | None, str | None]:
    """Return what tells two results of one analyte apart: the code, the method, and whether it is preliminary or corrects."""
    standing = next((mark for mark in ("PRELIMINARY", "CORRECTION") if mark in row.marks), None)
    return (row.source_code or "").casefold(), row.method, standing


def _agree(one: str, two: str) -> bool:
    """Return whether two values are the same number, the one perhaps rounded."""
    if one == two:
        return True
    if not (one[0].isdigit() and two[0].isdigit()):
        return False
    left, right = Decimal(one), Decimal(two)
    coarse = max(_last_place(left), _last_place(right))
    return abs(left - right) <= coarse / 2


def _last_place(value: Decimal) -> Decimal:
    """Return what one more in the last digit is worth."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


def _exact_of(rows: Sequence[ReadResult], analyte: str) -> Decimal | None:
    """Return the first exact number of an analyte that is not held."""
    found = (r.value for r in rows if r.analyte == analyte and r.value and r.value[0].isdigit() and r.hold is None)
    value = next(found, None)
    return Decimal(value) if value is not None else None


def _segments_only(rows: Sequence[ReadResult], wbc: Decimal) -> bool:
    """Return whether the neutrophils leave the bands out: the fractions add to 100 with the bands, and WBC x NEUT% is the ANC."""
    anc, neutrophils, bands = (_exact_of(rows, name) for name in ("ANC", "NEUT_PCT", "BAND_PCT"))
    if anc is None or neutrophils is None or not bands or _exact_of(rows, "BAND") is None:
        return False
    total = sum((value for name in FRACTIONS if (value := _exact_of(rows, name)) is not None), Decimal(0))
    if not Decimal(90) <= total <= Decimal(102) or total - bands >= Decimal(98):
        return False
    return abs(anc - wbc * neutrophils / 100) < abs(anc - wbc * (neutrophils + bands) / 100)


def _inconsistent(row: ReadResult, rows: Sequence[ReadResult], wbc: Decimal) -> bool:
    """Return whether the reported ANC differs from WBC x per cent by more than 0.2 and 15 per cent (reference, 4.6)."""
    percent = _exact_of(rows, "NEUT_PCT")
    if percent is None or row.value is None or not row.value[0].isdigit():
        return False
    expected = wbc * percent / 100
    return abs(Decimal(row.value) - expected) > max(Decimal("0.2"), expected * Decimal("0.15"))
