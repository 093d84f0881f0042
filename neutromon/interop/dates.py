"""Dates as people and spreadsheets write them: order of day and month, names of months, clocks of twelve hours; never guessed."""

import re
from collections.abc import Sequence
from datetime import date, timedelta, tzinfo

from neutromon.interop.names import fold
from neutromon.interop.times import Stamp, day, stamp, unless_midnight

Problem = tuple[str, str]
AMBIGUOUS: Problem = ("DATE_AMBIGUOUS", "Day and month of the date cannot be told apart.")
UNREADABLE: Problem = ("BAD_TIME", "The date of the row cannot be read.")
MISSING: Problem = ("NO_TIME", "The row has no date.")
_MONTHS = (
    "jan janv ene gen oca ocak januar january janvier enero gennaio janeiro januari",
    "feb fev fevr sub subat februar february fevrier febrero febbraio fevereiro februari",
    "mar mrz marz mars mart maerz march marzo marco maart",
    "apr avr abr nis nisan april avril abril aprile",
    "may mai mag maggio mayo maio mei mayis",
    "jun juin giu haz haziran juni june junio giugno junho",
    "jul juil lug tem temmuz juli july juillet julio luglio julho",
    "aug aout ago agu agustos august agosto augustus",
    "sep sept set eyl eylul september septembre septiembre settembre setembro",
    "oct okt ott out eki ekim october oktober octobre octubre ottobre outubro",
    "nov kas kasim november novembre noviembre novembro",
    "dec dez dic ara aralik december dezember decembre diciembre dicembre dezembro",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-./\s]*([^\W\d_]{3,10})[-./,\s]*(\d{4}|\d{2})(?!\d)(.*)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})[-./\s]*(\d{1,2})(?:st|nd|rd|th)?[-./,\s]+(\d{4})(?!\d)(.*)")
_YEAR_FIRST = re.compile(r"(\d{4})[-./\s]+([^\W\d_]{3,10})[-./\s]+(\d{1,2})(?!\d)(.*)")
_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s*([ap])\.?\s?m\.?\s*$", re.IGNORECASE)
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,](\d{1,12}))?")
_SPREADSHEET = date(1899, 12, 30)


def with_number_month(text: str) -> str:
    """Return a date whose month is named as year, month and day in numbers, with what follows it; any other text as it is."""
    plain = text.strip()
    if not re.search(r"[^\W\d_]{3}", plain):
        return text
    for pattern, places in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3))):
        match = pattern.fullmatch(plain)
        month = _MONTH_OF.get(fold(match.group(places[1]))) if match else None
        if match is not None and month is not None:
            year = match.group(places[0])
            year = year if len(year) == 4 else f"20{year}"
            return f"{year}-{month:02d}-{int(match.group(places[2])):02d} {match.group(4).strip(' ,')}".strip()
    return text


def date_order(texts: Sequence[str]) -> str | None:
    """Return "dmy" or "mdy" where a day above 12 decides, "ymd" for ISO dates, None where it is open."""
    parts = [re.match(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})", with_number_month(text)) for text in texts]
    known = [(m.group(1), m.group(2)) for m in parts if m]
    if known and all(len(first) == 4 for first, _ in known):
        return "ymd"
    known = [pair for pair in known if len(pair[0]) < 4]
    if any(int(first) > 12 for first, _ in known) or any(re.match(r"\d{1,2}\.\d", text) for text in texts):
        return "dmy"
    return "mdy" if any(int(second) > 12 for _, second in known) else None


def row_time(date_text: str, time_text: str, site: tzinfo, order: str | None) -> tuple[Stamp | None, Problem | None]:
    """Return the time, and the problem where the date is missing, none, or open between day and month."""
    if not date_text:
        return None, MISSING
    date_text, time_text = _day_clock(with_number_month(date_text)), _day_clock(time_text)
    match = _NUMBERS.match(date_text)
    if match is None:
        found = unless_midnight(stamp(date_text, site))
        return found, None if found else _unread(date_text)
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$", date_text):
        return _answer(stamp(date_text, site))
    written, settled = _written(match, time_text, order)
    found = unless_midnight(stamp(written, site))
    return (found, AMBIGUOUS) if not settled else _answer(found)


def _answer(found: Stamp | None) -> tuple[Stamp | None, Problem | None]:
    return found, None if found else UNREADABLE


def _written(match: re.Match[str], time_text: str, order: str | None) -> tuple[str, bool]:
    """Return the date in ISO's form, and whether day and month are beyond doubt."""
    first, second, third, clock = match.groups()
    if len(first) == 4:
        order = "ymd"
    elif order in {None, "ymd"}:
        order = "dmy" if first == second else ""
    shape = {"ymd": (first, second, third), "dmy": (third, second, first), "mdy": (third, first, second)}.get(order, (third, second, first))
    year, month, number = shape
    year = f"20{year}" if len(year) == 2 else year
    written = f"{int(year):04d}-{int(month):02d}-{int(number):02d}"
    clock = clock or (time_text if _CLOCK.fullmatch(time_text) else "")
    if clock:
        hour, rest = clock.split(":", 1)
        written += f"T{int(hour):02d}:{rest}"
    return written, bool(order)


def _unread(text: str) -> Problem:
    """Return why a date cannot be read; a spreadsheet's number for a day is named, never taken."""
    match = _SERIAL.fullmatch(text.strip())
    if match is None:
        return UNREADABLE
    likely = _SPREADSHEET + timedelta(days=int(match.group(1)))
    return "BAD_TIME", f"'{text.strip()[:20]}' may be a spreadsheet's number for {likely.isoformat()}: give the time."


def _day_clock(text: str) -> str:
    """Return a text with its clock of twelve hours turned into one of twenty-four."""
    match = _HALF_DAY.search(text)
    if match is None or not 1 <= int(match.group(1)) <= 12:
        return text
    hour = int(match.group(1)) % 12 + (12 if match.group(3).casefold() == "p" else 0)
    return f"{text[: match.start()]}{hour:02d}{match.group(2)}"


def stamped(text: str, site: tzinfo, order: str | None) -> tuple[Stamp | None, Problem | None]:
    """Return the time of one text, with the problem where it has one."""
    return row_time(text, "", site, order or date_order([text]))


def birth_date(text: str, order: str | None) -> date | None:
    """Return a birth date; where nothing in the table tells day from month there is none."""
    written = with_number_month(text)
    if written is not text:
        match = re.search(r"[^\W\d_][-./,\s]*(\d{2})$", text.strip())
        return None if match else day(written)
    found = day(text)
    if found is not None:
        return found
    numbers = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?: 0?0:00(?::00)?)?", text)
    if numbers is None or numbers.group(3) == "0000":
        return None
    first, second, year = int(numbers.group(1)), int(numbers.group(2)), numbers.group(3)
    order = date_order([text]) or order or ("dmy" if first == second else None)
    number, month = (second, first) if order == "mdy" else (first, second)
    return day(f"{year}-{month:02d}-{number:02d}") if order else None
