"""Text pasted from a report: lines with a name, a number and a unit become rows for a person to confirm."""

import re
from datetime import tzinfo

from neutromon.interop.dates import stamped, with_number_month
from neutromon.interop.times import Stamp, stamp
from neutromon.interop.units import unit_class
from neutromon.models.imports import ParsedFile, RawResult, RawSet

LONGEST = 200_000
MOST_LINES = 2_000
_VALUE = r"(?P<value>(?:<=|>=|<|>|≤|≥)?\s?[0-9]{1,9}(?:[.,][0-9]{1,9})?)"
_LINE = re.compile(
    rf"^\s*(?P<name>[^\W\d_][^\t:;|=]{{0,60}}?)\s*[\t:;|= ]\s*{_VALUE}"
    r"\s*(?P<flag1>\*{1,2}|[HL+\-]{1,2}(?=\s))?\s*(?P<rest>.*)$"
)
_RANGE = re.compile(r"\(?\[?\s*([0-9]{1,7}(?:[.,][0-9]{1,6})?\s*(?:-|–|bis|to)\s*[0-9]{1,7}(?:[.,][0-9]{1,6})?)\s*\)?\]?")
_DATE = re.compile(r"\b(\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2})?|\d{1,2}[./]\d{1,2}[./]\d{4}(?:,?\s+\d{1,2}:\d{2})?)\b")
_NAMED = re.compile(r"\d{1,2}[-. /]{1,2}[^\W\d_]{3,10}[-., /]{1,2}\d{4}(?:,?\s+\d{1,2}:\d{2})?|[^\W\d_]{3,10}\s\d{1,2},\s?\d{4}")
_FLAGGED = re.compile(r"(?P<name>\S.*?)\s+(?P<flag>[HhLl*]|HH|LL)")
_ARROW = re.compile(r"[▲▼↑↓]|\((?P<letter>H|L|HH|LL|N|A)\)")
_BIRTH = re.compile(r"born|birth|geb|dob|né", re.IGNORECASE)


def parse_pasted(text: str, site: tzinfo) -> ParsedFile:
    """Return the rows of pasted text as one set without a patient; lines that are no result are passed over."""
    lines = text[:LONGEST].splitlines()[:MOST_LINES]
    rows = tuple(row for line in lines if (row := _row(line)) is not None)
    when, problem = _when(lines, site)
    if not rows:
        return ParsedFile(format="text", sets=(RawSet(results=(), ignored=("NO_COUNTS", "No line reads like a result.")),))
    found = RawSet(
        results=rows,
        collected=when.text if when else None,
        collected_at=when.at if when else None,
        day_only=when.day_only if when else False,
        sender="pasted",
        problem=problem,
    )
    return ParsedFile(format="text", sets=(found,))


def _row(line: str) -> RawResult | None:
    if len(line) > 400:
        return None
    match = _LINE.match(line.replace("\xa0", " ").lstrip(" |"))
    if match is None or _date(line):
        return None
    named = _FLAGGED.fullmatch(match["name"].strip(" .:-"))
    name, marked = (named["name"], named["flag"]) if named else (match["name"].strip(" .:-"), "")
    arrow = _ARROW.search(match["rest"])
    rest = _ARROW.sub(" ", match["rest"]).strip()
    span = _RANGE.search(rest)
    unit = _unit(rest[: span.start()] if span else rest)
    behind = re.findall(r"(?:^|\s)([HL]{1,2}|\*{1,2})(?:\s|$)", rest)
    flag = next((one for one in (match["flag1"], marked, arrow and (arrow["letter"] or arrow.group()), *behind) if one), "")
    return RawResult(
        codes=((name, ""),), texts=(name,), value=match["value"].replace(" ", ""), unit=unit, range=span.group(1) if span else "", flag=flag
    )


def _unit(rest: str) -> str | None:
    """Return the first words that are a unit; words that are none stay away from the number."""
    words = rest.replace(";", " ").replace("|", " ").split()
    for length in (1, 2, 3):
        for start in range(min(2, len(words))):
            candidate = " ".join(words[start : start + length])
            if candidate and unit_class(candidate) is not None:
                return candidate
    first = words[0] if words else ""
    return first if re.search(r"[/%^]|^(?:fl|pg|g)", first, re.IGNORECASE) and not first[0].isdigit() else None


def _date(line: str) -> str:
    """Return the first date of a line, a named month in numbers; empty where there is none."""
    match = _DATE.search(line)
    if match is not None:
        return match.group(1).replace(",", "")
    return next((date for found in _NAMED.findall(line) if (date := with_number_month(found)) != found), "")


def _when(lines: list[str], site: tzinfo) -> tuple[Stamp | None, tuple[str, str] | None]:
    """Return the first date that is no birth date; a date that can be read two ways is a problem, not a guess."""
    for line in lines:
        text = _date(line)
        if not text or _BIRTH.search(line):
            continue
        if text[4:5] == "-":
            return stamp(re.sub(r"\b(\d)\b", r"0\1", text), site), None
        return stamped(text, site, None)
    return None, None
