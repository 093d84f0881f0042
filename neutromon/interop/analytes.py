"""Which analyte a row is: site rule, LOINC, then names as suggestions; unit and specimen are always read with them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from neutromon.interop.names import PERCENT_OF, Named, NameGrammar, fold, grammar
from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, unit_class
from neutromon.models.imports import RawResult

__all__ = [
    "ABSOLUTE_OF",
    "LOINC",
    "OTHER",
    "PERCENT_OF",
    "CodeTable",
    "Match",
    "fold",
    "load_codes",
    "load_tables",
    "match",
    "source_code",
    "unit_of",
]

ABSOLUTE_OF = {percent: absolute for absolute, percent in PERCENT_OF.items()}
OTHER = "OTHER"
LOINC = re.compile(r"\d{1,5}-\d")
DOUBTFUL = frozenset({"11125-2", "717-9", "11156-7"})
"""LOINC codes of morphology or of another property, under which laboratories send counts all the same."""
KIND_OF = {
    **dict.fromkeys(("ANC", "NEUT_PCT", "SEG", "SEG_PCT", "GRAN", "GRAN_PCT", "IG", "IG_PCT", "META_PCT"), "GRAN"),
    "BAND_PCT": "BAND",
    **{percent: absolute for absolute, percent in PERCENT_OF.items() if absolute in {"LYMPH", "MONO", "EOS", "BASO"}},
}
"""The kind of cell that an analyte counts, where several count the same."""
NEUTROPHILS, GRANULOCYTES = frozenset({"ANC", "NEUT_PCT"}), frozenset({"GRAN", "GRAN_PCT"})
"""Devices that tell three kinds of cell send granulocytes under codes of neutrophils: the name beside the code tells (reference, 3.1)."""
_FLUID = re.compile(
    r"\burin|\bur\b|\bua\b|\bharn\b|harnsed|harnstatus|mittelstrahl|stool|stuhl|faec|feces|selles|heces|(?<!g )\bcsf\b|liquor|\blcr\b"
    r"|cerebrospinal|fluid|liquido|liquide|punktat|marrow|knochenmark|moelle|medula|swab|abstrich|\bsediment\b|semen|sputum|ascit|pleura"
    r"|synov|dialys|\borina\b|\burina\b|\burine\b|\bbal\b|lavage|\bbm\b|\bstl\b|\bspt\b|\bplr\b|\bpleu\b|\bdrn\b|\bccf\b|\bbody fl\b"
    r"|\baszit|peritone|sternalpunkt|\buricult|\burikult|\burc\b|\burn\b"
)
_CONCEPT = re.compile(r"(?<![\d.])\d{6,18}(?![\d.])")
_FIELD = re.compile(
    r"(?:/|\b(?:pro|per|par|por|p\.?))\s*(?:hpf|lpf|gf|feld|gesichtsfeld|field|champ|campo|h\.p\.f\.?|l\.p\.f\.?)(?![a-z])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """LOINC and name tables, folded; `rules` by (sender, code) and `units` by (sender, code, unit as sent) are the site's decisions."""

    loinc: Mapping[str, str]
    names: Mapping[str, str]
    manual: frozenset[str]
    not_blood: frozenset[str]
    fluids: frozenset[str]
    elsewhere: frozenset[str]
    curve: frozenset[str]
    words: NameGrammar
    rules: Mapping[tuple[str, str], str] = field(default_factory=dict)
    units: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def named(self, name: str) -> Named | None:
        """Return what a name suggests: a phrase of the table, else its words."""
        analyte = self.names.get(fold(name))
        return Named(analyte=analyte) if analyte is not None else self.words.read(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An analyte with how it was found: rule, loinc, name, or none; `conflict` where code and unit contradict.

    `other_name` is the analyte of which the name beside a LOINC code speaks, where that is another kind of cell.
    """

    analyte: str
    by: str
    code: str | None
    conflict: bool = False
    other_name: str = ""
    not_blood: bool = False
    method: str | None = None


def load_tables(text: str) -> Mapping[str, Any]:
    """Return every table of the file, for those who write."""
    return tomllib.loads(text)


def load_codes(
    text: str, rules: Mapping[tuple[str, str], str] | None = None, units: Mapping[tuple[str, str, str], str] | None = None
) -> CodeTable:
    """Return the code table of a file's text with the decisions of the site."""
    return replace(_shipped(text), rules=dict(rules or {}), units=dict(units or {}))


@cache
def _shipped(text: str) -> CodeTable:
    data = tomllib.loads(text)
    return CodeTable(
        loinc={code: analyte for analyte, codes in data["loinc"].items() for code in codes},
        names={fold(name): analyte for analyte, names in data["names"].items() for name in names},
        manual=frozenset(data["manual"]["loinc"]),
        not_blood=frozenset(data["not_blood"]["loinc"]),
        fluids=frozenset(data["not_blood"]["snomed"]),
        elsewhere=frozenset(data["elsewhere"]["loinc"]),
        curve=frozenset(data["curve"]["analytes"]),
        words=grammar(data["words"]),
    )


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
        said = _said(row, table)
        analyte = "GRAN" if table.loinc[loinc] in NEUTROPHILS and said and said <= GRANULOCYTES else table.loinc[loinc]
        settled = _settled(analyte, kind, "loinc", loinc, row, method)
        return replace(settled, other_name=_other_cell(settled.analyte, said, table))
    named = _by_name(row, table)
    if named is None:
        return Match(analyte=OTHER, by="none", code=code)
    settled = _settled(named.analyte, kind, "name", code, row, named.method)
    return replace(settled, conflict=settled.conflict or any(c in table.elsewhere for c, _ in row.codes))


def _said(row: RawResult, table: CodeTable) -> set[str]:
    """Return the analytes of which the readable names beside a code speak."""
    return {named.analyte for text in row.texts if fold(text) and (named := table.named(text)) is not None}


def _other_cell(analyte: str, said: set[str], table: CodeTable) -> str:
    """Return the analyte that every readable name beside a LOINC code says, where it is another kind of cell than the code's."""
    kinds = {KIND_OF.get(name, name) for name in said}
    if OTHER in said or not said or KIND_OF.get(analyte, analyte) in kinds or not (said | {analyte}) & table.curve:
        return ""
    return min(said)


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
    if any(code in table.not_blood for code, _ in row.codes) or not table.fluids.isdisjoint(_CONCEPT.findall(row.context)):
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
    elif _impossible(analyte, kind):
        # a name with such a unit is another quantity; a code that says what was measured waits, because one of the two is wrong
        return Match(analyte=analyte if by == "loinc" else OTHER, by=by, code=code, conflict=by != "name", method=method)
    gran = analyte in {"GRAN", "GRAN_PCT"}
    conflict = by == "loinc" and ((wanted != analyte and not gran) or code in DOUBTFUL or (code == "59260-0" and kind == "g/l"))
    return Match(analyte=wanted, by=by, code=code, conflict=conflict or (kind == HEMOGLOBIN and analyte != "HGB"), method=method)


def _impossible(analyte: str, kind: str | None) -> bool:
    """Return whether the unit says that this is another quantity: a plateletcrit, a mean haemoglobin, a share of cells."""
    if analyte == "HGB":
        return kind in {PERCENT, COUNT}
    return (kind == PERCENT and analyte in {"WBC", "PLT"}) or (kind == HEMOGLOBIN and analyte not in {"MCV", "NRBC"})


def _by_name(row: RawResult, table: CodeTable) -> Named | None:
    """Return what a name suggests; a code is asked only where no name stands beside it."""
    codes = [code for code, _ in row.codes]
    own = {fold(code) for code in codes}
    names = [text for text in row.texts if fold(text) and fold(text) not in own]
    for candidate in names or [*row.texts, *codes]:
        found = table.named(candidate)
        if found is not None:
            return found
    return None
