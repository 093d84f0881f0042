"""Times as laboratories write them: HL7 and ASTM digits, ISO with dashes; day precision and offsets kept."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[ T]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+|\d{1,4})?)?)?\s*(Z|[+-]\d{2,4})?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d|[+-]\d{3})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time as understood: `at` in its own offset or the site's, `text` as it is reported."""

    at: datetime
    day_only: bool
    text: str


def offset(text: str | None) -> timezone | None:
    """Return an offset such as Z, +0700, -08:00, -500; None where there is none."""
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    digits = digits.zfill(4) if len(digits) != 2 else f"{digits}00"
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


@lru_cache(maxsize=4096)
def stamp(text: str | None, site: tzinfo) -> Stamp | None:
    """Return a time; None where the text is none. Without an offset it is the site's wall clock."""
    if not text:
        return None
    match = _DIGITS.fullmatch(text.strip()) or _ISO.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    day_only = hour is None
    try:
        bare = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001
    except ValueError:
        return None
    at = bare.replace(tzinfo=offset(zone) or site)
    return Stamp(at=at, day_only=day_only, text=at.date().isoformat() if day_only else at.isoformat())


def unless_midnight(found: Stamp | None) -> Stamp | None:
    """Return a time, or its day where it is midnight to the second: so senders write a day who have no clock."""
    if found is None or found.day_only or (found.at.hour, found.at.minute, found.at.second) != (0, 0, 0):
        return found
    return Stamp(at=found.at, day_only=True, text=found.at.date().isoformat())


def day(text: str | None) -> date | None:
    """Return a birth date from the first eight digits or an ISO date."""
    found = stamp((text or "").strip()[:10] if "-" in (text or "") else (text or "").strip()[:8], UTC)
    return found.at.date() if found else None
