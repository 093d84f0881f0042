"""The unit in which cell counts are shown, ×10⁹/L or /µL: the choice hangs on the application, and only what is shown goes through it."""

import re
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from neutromon.models.formatting import COUNT_UNIT
from neutromon.models.quantity import plain_decimal
from neutromon.ui.settings import COUNT_UNITS
from neutromon.ui.text import as_read

PER_LITRE, PER_MICROLITRE = COUNT_UNITS
SHOWN_UNITS = {PER_LITRE: COUNT_UNIT, PER_MICROLITRE: "/µL"}
FACTOR = 1000
"""1 ×10⁹/L is 1000 per µL, exactly."""

_PROPERTY = "neutromon_count_unit"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_LIMIT = re.compile(r"(?P<before>\d " + COUNT_UNIT + r"(?: on [^;]*)?; )(?P<rule>\S+) asks for (?P<bound>[^;/(]+)")
_COUNT = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)(?P<gap>[ \u00a0])" + COUNT_UNIT)
_SIGNED = re.compile(r"[<>≤≥]?" + _COUNT.pattern)


def use_count_unit(unit: str) -> None:
    """Let counts be shown in a unit from now on; views read again."""
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(_PROPERTY, unit)


def count_unit() -> str:
    """Return the unit that counts are shown in; ×10⁹/L, as they are stored, where nobody chose."""
    application = QCoreApplication.instance()
    chosen = application.property(_PROPERTY) if application is not None else None
    return chosen if chosen in COUNT_UNITS else PER_LITRE


def shown_counts(text: str) -> str:
    """Return a text with every count in the chosen unit: "<0.1 ×10⁹/L" reads "<100 /µL"; exact, and g/L or % as they are.

    Never for the text of an alert: that is shown as it was stored.
    """
    if count_unit() == PER_LITRE or COUNT_UNIT not in text:
        return as_read(text)
    return as_read(_COUNT.sub(_per_microlitre, text))


def _per_microlitre(found: re.Match[str]) -> str:
    return f"{_times_thousand(found['number'])}{found['gap']}{SHOWN_UNITS[PER_MICROLITRE]}"


def _times_thousand(number: str) -> str:
    return plain_decimal(Decimal(number.replace(",", ".")) * FACTOR)


def shown_limit(text: str) -> str:
    """Return why a day 1 is limited in the chosen unit: the bound, which carries no unit of its own, goes with its count."""
    if count_unit() == PER_LITRE:
        return as_read(text)
    return shown_counts(_LIMIT.sub(_limit_per_microlitre, text))


def shown_bare(text: str) -> str:
    """Return a text whose numbers are all counts without a unit of their own, "<0.1" or "0.3 (0.1–0.7)", in the chosen unit."""
    if count_unit() == PER_LITRE:
        return as_read(text)
    return as_read(_NUMBER.sub(lambda number: _times_thousand(number[0]), text))


def shown_unit() -> str:
    """Return the chosen unit as people read it."""
    return SHOWN_UNITS[count_unit()]


def shown_title(title: str) -> str:
    """Return a heading that names the stored unit, "ANC, ×10⁹/L", with the chosen one."""
    return title.replace(COUNT_UNIT, shown_unit())


def other_unit_line(text: str) -> str:
    """Return the counts of a text that must stay as it was stored, each with what it is per µL; "" where ×10⁹/L is chosen."""
    if count_unit() == PER_LITRE:
        return ""
    return ", ".join(dict.fromkeys(f"{found[0]} = {shown_counts(found[0])}" for found in _SIGNED.finditer(text)))


def other_unit_values(text: str) -> str:
    """Return only what the counts of such a text are per µL, where there is no room for more; "" where ×10⁹/L is chosen."""
    if count_unit() == PER_LITRE:
        return ""
    return ", ".join(dict.fromkeys(shown_counts(found[0]) for found in _SIGNED.finditer(text)))


def _limit_per_microlitre(found: re.Match[str]) -> str:
    whole = found["bound"].rstrip()
    bound = whole.removesuffix(".")
    shown = _NUMBER.sub(lambda number: _times_thousand(number[0]), bound)
    return f"{found['before']}{found['rule']} asks for {shown} {SHOWN_UNITS[PER_MICROLITRE]}{whole.removeprefix(bound)}"
