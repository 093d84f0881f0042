"""Which analyte a row is: site rule, LOINC, then names as suggestions; unit and specimen are always read with them."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, unit_class
from neutromon.models.imports import RawResult

PERCENT_OF = {
    "ANC": "NEUT_PCT",
    "SEG": "SEG_PCT",
    "BAND": "BAND_PCT",
    "GRAN": "GRAN_PCT",
    "LYMPH": "LYMPH_PCT",
    "MONO": "MONO_PCT",
    "EOS": "EOS_PCT",
    "BASO": "BASO_PCT",
    "IG": "IG_PCT",
}
ABSOLUTE_OF = {percent: absolute for absolute, percent in PERCENT_OF.items()}
OTHER = "OTHER"
LOINC = re.compile(r"\d{1,5}-\d")
_FLUID = re.compile(
    r"urin|stool|stuhl|faec|feces|\bcsf\b|liquor|cerebrospinal|fluid|punktat|marrow|knochenmark|swab|abstrich|sediment|semen|sputum|ascit|pleura|synov|dialys"
)
_FIELD = re.compile(r"/\s*(?:hpf|lpf)|/feld|per field|/100\s*wbc", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """LOINC and name tables, folded; `rules` by (sender, code) and `units` by (sender, code, unit as sent) are the site's decisions."""

    loinc: Mapping[str, str]
    names: Mapping[str, str]
    manual: frozenset[str]
    not_blood: frozenset[str]
    curve: frozenset[str]
    rules: Mapping[tuple[str, str], str] = field(default_factory=dict)
    units: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An analyte with how it was found: rule, loinc, name, or none; `conflict` where code and unit contradict."""

    analyte: str
    by: str
    code: str | None
    conflict: bool = False
    not_blood: bool = False
    method: str | None = None


def load_codes(
    text: str, rules: Mapping[tuple[str, str], str] | None = None, units: Mapping[tuple[str, str, str], str] | None = None
) -> CodeTable:
    """Return the code table of a file's text with the decisions of the site."""
    data = tomllib.loads(text)
    return CodeTable(
        loinc={code: analyte for analyte, codes in data["loinc"].items() for code in codes},
        names={fold(name): analyte for analyte, names in data["names"].items() for name in names},
        manual=frozenset(data["manual"]["loinc"]),
        not_blood=frozenset(data["not_blood"]["loinc"]),
        curve=frozenset(data["curve"]["analytes"]),
        rules=dict(rules or {}),
        units=dict(units or {}),
    )


def fold(text: str) -> str:
    """Return a name without case, accents, blanks and punctuation; the signs # and % stay."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9#%]+", " ", text).strip()


def match(row: RawResult, table: CodeTable, sender: str = "") -> Match:
    """Return which analyte a row is, with its unit class."""
    code = source_code(row)
    loinc = next((c for c, _ in row.codes if c in table.loinc), None)
    if not row.decided_analyte and is_not_blood(row, table):
        return Match(analyte=OTHER, by="none", code=code, not_blood=True)
    kind = unit_class(row.unit)
    if row.decided_analyte:
        return Match(analyte=row.decided_analyte, by="rule", code=code)
    ruled = next((table.rules[(sender, fold(c))] for c, _ in row.codes if (sender, fold(c)) in table.rules), None)
    if ruled is not None:
        return _settled(ruled, kind, "rule", code, row, None)
    if loinc is not None:
        method = "manual" if loinc in table.manual else None
        return _settled(table.loinc[loinc], kind, "loinc", loinc, row, method)
    named = _by_name(row, table)
    if named is None:
        return Match(analyte=OTHER, by="none", code=code)
    return _settled(named, kind, "name", code, row, None)


def unit_of(row: RawResult, table: CodeTable, sender: str) -> str | None:
    """Return the unit in which a row is to be read: as decided for it or for its sender, else as sent."""
    if row.decided_unit:
        return row.decided_unit
    sent = (row.unit or "").strip()
    return next((table.units[key] for c, _ in row.codes if (key := (sender, fold(c), sent)) in table.units), row.unit)


def source_code(row: RawResult) -> str | None:
    """Return the code as it is reported: the LOINC, else the first code."""
    for code, _ in row.codes:
        if LOINC.fullmatch(code):
            return code
    return row.codes[0][0] if row.codes else None


def is_not_blood(row: RawResult, table: CodeTable) -> bool:
    """Return whether panel, name, unit or code says urine, stool, fluid, marrow or a field count."""
    if any(code in table.not_blood for code, _ in row.codes):
        return True
    words = fold(" ".join((row.context, *row.texts)))
    return bool(_FLUID.search(words) or _FIELD.search(row.unit or ""))


def _settled(analyte: str, kind: str | None, by: str, code: str | None, row: RawResult, method: str | None) -> Match:
    """Return the analyte that unit class and code agree on; where they contradict the unit wins, with a mark."""
    wanted = analyte
    if kind == PERCENT and analyte in PERCENT_OF:
        wanted = PERCENT_OF[analyte]
    elif kind in {COUNT, "g/l"} and analyte in ABSOLUTE_OF:
        wanted = ABSOLUTE_OF[analyte]
    elif kind == PERCENT and analyte in {"WBC", "PLT"}:
        return Match(analyte=OTHER, by=by, code=code, conflict=True, method=method)
    gran = analyte in {"GRAN", "GRAN_PCT"}
    conflict = by == "loinc" and (
        (wanted != analyte and not gran) or code in {"11125-2", "717-9", "11156-7"} or (code == "59260-0" and kind == "g/l")
    )
    if kind == HEMOGLOBIN and analyte != "HGB":
        conflict = True
    return Match(analyte=wanted, by=by, code=code, conflict=conflict, method=method)


def _by_name(row: RawResult, table: CodeTable) -> str | None:
    """Return the analyte that a name or a code suggests; "%" and "abs" in the name count as a unit class."""
    for candidate in (*row.texts, *(code for code, _ in row.codes)):
        folded = fold(candidate)
        percent = "%" in folded or bool(re.search(r"\b(percent|prozent|pct|rel|relativ|relative)\b", folded))
        absolute = "#" in folded or bool(re.search(r"\b(abs|absolut|absolute|absolu)\b", folded))
        bare = re.sub(
            r"[#%]|\b(percent|prozent|pct|rel|relativ|relative|abs|absolut|absolute|absolu|count|total|blood|blut|im blut|in blood)\b",
            " ",
            folded,
        )
        bare = re.sub(r"\s+", " ", bare).strip()
        analyte = table.names.get(folded) or table.names.get(bare)
        if analyte is not None:
            return PERCENT_OF.get(analyte, analyte) if percent and not absolute else analyte
    return None
