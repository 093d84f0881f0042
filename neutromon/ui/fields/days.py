"""Read dates and times as nurses type them: t, t-1, +3, a weekday, ISO, 12 Mar, 12.3., 0840; pure, the day is an argument."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from neutromon.ui.fields.digits import fold_digits

ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_DAYS = 3650


class Lean(StrEnum):
    """Where a date without its year, or a weekday, lies: samples lie behind, plans ahead, births far behind."""

    PAST = "past"
    FUTURE = "future"
    BIRTH = "birth"


def _english(names: tuple[str, ...], first: int) -> dict[str, int]:
    return {form: number for number, name in enumerate(names, start=first) for form in (name, name[:3])}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWords:
    """Names of months (1 to 12) and weekdays (0 is Monday), folded; `month_first` for 3/12 in countries that write so."""

    months: Mapping[str, int] = field(default_factory=lambda: _english(ENGLISH_MONTHS, 1))
    weekdays: Mapping[str, int] = field(default_factory=lambda: _english(ENGLISH_DAYS, 0))
    today: frozenset[str] = frozenset({"t", "today"})
    month_first: bool = False


_SHIFT = re.compile(r"([+-])\s*([0-9]{1,4})\s*d?")
_TODAY = re.compile(r"(\w+?)\s*(?:([+-])\s*([0-9]{1,4}))?")
_ISO = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?\.?")
_DAY_NAME = re.compile(r"([0-9]{1,2})\.?\s*([^\W\d_]+)\.?,?\s*([0-9]{4}|[0-9]{2})?")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.?\s*([0-9]{1,2})(?:,?\s+([0-9]{4}|[0-9]{2}))?")


def read_day(text: str, today: date, lean: Lean = Lean.PAST, words: DayWords | None = None) -> date | None:
    """Return the day that a text means, seen from today; None where it means none (31 Feb, 13.13.)."""
    folded = fold_digits(text).casefold()
    known = words or DayWords()
    for reader in (_relative, _weekday, _iso, _numbers, _named):
        found = reader(folded, today, lean, known)
        if found is not None:
            return found
    return None


def _relative(text: str, today: date, _lean: Lean, words: DayWords) -> date | None:
    shift = _SHIFT.fullmatch(text)
    if shift is not None:
        return _moved(today, shift.group(1), shift.group(2))
    match = _TODAY.fullmatch(text)
    if match is None or match.group(1) not in words.today:
        return None
    return _moved(today, match.group(2), match.group(3)) if match.group(2) else today


def _moved(today: date, sign: str, days: str) -> date | None:
    number = int(days) * (1 if sign == "+" else -1)
    return today + timedelta(days=number) if abs(number) <= MOST_DAYS else None


def _weekday(text: str, today: date, lean: Lean, words: DayWords) -> date | None:
    wanted = words.weekdays.get(text.rstrip("."))
    if wanted is None:
        return None
    behind = (today.weekday() - wanted) % 7
    return today + timedelta(days=(7 - behind) % 7) if lean is Lean.FUTURE else today - timedelta(days=behind)


def _iso(text: str, _today: date, _lean: Lean, _words: DayWords) -> date | None:
    match = _ISO.fullmatch(text)
    return _date(*(int(part) for part in match.groups())) if match else None


def _numbers(text: str, today: date, lean: Lean, words: DayWords) -> date | None:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    first, mark, second, year = match.groups()
    day, month = (second, first) if words.month_first and mark != "." else (first, second)
    return _near(int(day), int(month), year, today, lean)


def _named(text: str, today: date, lean: Lean, words: DayWords) -> date | None:
    for pattern, order in ((_DAY_NAME, (1, 2)), (_NAME_DAY, (2, 1))):
        match = pattern.fullmatch(text)
        month = words.months.get(match.group(order[1])) if match else None
        if match is not None and month is not None:
            return _near(int(match.group(order[0])), month, match.group(3), today, lean)
    return None


def is_ambiguous(text: str) -> bool:
    """Return whether day and month of a date could be read the other way round: 1/2/26; with points the day always comes first."""
    match = _NUMBERS.fullmatch(fold_digits(text).casefold())
    if match is None or match.group(2) == ".":
        return False
    first, second = int(match.group(1)), int(match.group(3))
    return first != second and 1 <= first <= 12 and 1 <= second <= 12


def _near(day: int, month: int, year: str | None, today: date, lean: Lean) -> date | None:
    if year is not None:
        return _date(_whole_year(year, today, lean), month, day)
    if lean is Lean.BIRTH:
        return None
    for offset in (0, 1) if lean is Lean.FUTURE else (0, -1):
        found = _date(today.year + offset, month, day)
        if found is not None and (found >= today if lean is Lean.FUTURE else found <= today + timedelta(days=1)):
            return found
    return None


def _whole_year(year: str, today: date, lean: Lean) -> int:
    if len(year) == 4:
        return int(year)
    century = today.year - today.year % 100
    full = century + int(year)
    return full - 100 if lean is Lean.BIRTH and full > today.year else full


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_CLOCK = re.compile(r"([0-9]{1,2})(?:\s*[:.h,]\s*([0-9]{2}))?\s*(?:h|uhr)?\s*(am|pm)?")
_DIGITS = re.compile(r"([0-9]{1,2})([0-9]{2})")


def read_time(text: str, now: datetime) -> time | None:
    """Return the time of day that a text means: 0840, 840, 8:40, 8.40, 8h40, 8 (08:00), 8 pm, n for now."""
    folded = fold_digits(text).casefold()
    if folded in {"n", "now"}:
        return now.time().replace(second=0, microsecond=0)
    digits = _DIGITS.fullmatch(folded)
    if digits is not None and len(folded) >= 3:
        return _time(int(digits.group(1)), int(digits.group(2)))
    match = _CLOCK.fullmatch(folded)
    if match is None:
        return None
    return _half_day(int(match.group(1)), int(match.group(2) or 0), match.group(3))


def _half_day(hour: int, minute: int, half: str | None) -> time | None:
    if half is None:
        return _time(hour, minute)
    if not 1 <= hour <= 12:
        return None
    return _time(hour % 12 + (12 if half == "pm" else 0), minute)


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if 0 <= hour <= 23 and 0 <= minute <= 59 else None


def at_clock(day: date, moment: time, now: datetime) -> datetime:
    """Return a wall-clock time in the zone of `now`; where that is this computer's, with the offset of that day (summer time)."""
    bare = datetime.combine(day, moment)
    local = now.astimezone()
    if local.utcoffset() == now.utcoffset():
        return bare.astimezone()
    return bare.replace(tzinfo=now.tzinfo)
