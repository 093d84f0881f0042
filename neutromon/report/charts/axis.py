"""Axes of the charts: days since an epoch on x, clinical numbers on y."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from neutromon.models.quantity import Comparator, Quantity

Y_LOW, Y_HIGH = 0.05, 20.0
Y_TICKS = (0.1, 0.2, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0, 16.0)
LOWER_ENDS = (0.02, 0.01, 0.005)
UPPER_ENDS = ((40.0, 32.0), (80.0, 64.0), (160.0, 128.0))
Y_LABEL = "Absolute neutrophil count (ANC), ×10⁹/L"
DAYS_OF_STEP = (1, 2, 7, 14, 28)
MONTHS_OF_STEP = (1, 2, 3, 6, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAxis:
    """Days since an epoch by the clock on the wall: a sample at 08:40 stands at the same place of its day in winter and summer."""

    epoch: date

    def day(self, day: date) -> float:
        """Return the start of a date."""
        return float((day - self.epoch).days)

    def moment(self, moment: datetime) -> float:
        """Return a time of day as a part of its day."""
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        return (moment.date() - self.epoch).days + seconds / 86400

    def date_at(self, x: float) -> date:
        """Return the date of a place."""
        return self.epoch + timedelta(days=int(x // 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """The logarithmic axis of the ANC with ticks at clinical numbers only."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


def value_axis(values: Iterable[float]) -> ValueAxis:
    """Return 0.05 to 20, made longer where a count lies outside; a rebound to 30 adds a tick and does not flatten the nadir."""
    known = list(values)
    least, most = min(known, default=Y_LOW), max(known, default=Y_HIGH)
    low, high, extra = Y_LOW, Y_HIGH, []
    if least < low:
        low = next((end for end in LOWER_ENDS if least > end), LOWER_ENDS[-1])
        extra.append(low)
    for end, tick in UPPER_ENDS:
        if most <= high:
            break
        high = end
        extra.append(tick)
    return ValueAxis(low=low, high=high, ticks=tuple((tick, f"{tick:g}") for tick in sorted({*Y_TICKS, *extra})))


def place_of(quantity: Quantity) -> tuple[float, Comparator]:
    """Return where a count is drawn and how the true value relates to it.

    A zero has no place on a logarithmic axis and is no number that was measured: "0.0" says that the count is below what one printed
    decimal can show, so it stands as a limit at 0.1; "0" says nothing on the limit and stands at the axis' default lower end.
    """
    if quantity.value > 0:
        return float(quantity.value), quantity.comparator
    exponent = quantity.value.as_tuple().exponent
    resolution = float(Decimal(1).scaleb(exponent)) if isinstance(exponent, int) and exponent < 0 else Y_LOW
    return max(resolution, Y_LOW), Comparator.LE if quantity.comparator is Comparator.EQ else quantity.comparator


def date_ticks(epoch: date, first: float, last: float, most: int = 10) -> tuple[tuple[float, str], ...]:
    """Return at most `most` dates in a range: days or weeks in a short one, first days of months in a long one."""
    start, end = DayAxis(epoch=epoch).date_at(first), DayAxis(epoch=epoch).date_at(last)
    days = max((end - start).days, 1)
    step = next((step for step in DAYS_OF_STEP if days / step <= most), None)
    chosen = _by_days(start, end, step) if step else _by_months(start, end, most)
    return tuple(((day - epoch).days * 1.0, _date_text(day, known)) for day, known in _with_previous(chosen))


def _by_days(start: date, end: date, step: int) -> list[date]:
    """Return dates at whole steps since a fixed Monday, so that a tick stays where it is while the range moves."""
    offset = (date(1970, 1, 5) - start).days % step
    first = start + timedelta(days=offset)
    return [first + timedelta(days=n) for n in range(0, (end - first).days + 1, step)]


def _by_months(start: date, end: date, most: int) -> list[date]:
    months = (end.year - start.year) * 12 + end.month - start.month
    step = next((step for step in MONTHS_OF_STEP if months / step <= most), months // most + 1)
    firsts = [date(start.year + (start.month - 1 + n) // 12, (start.month - 1 + n) % 12 + 1, 1) for n in range(months + 1)]
    return [day for day in firsts if day >= start and (day.year * 12 + day.month - 1) % step == 0]


def _with_previous(days: list[date]) -> Iterable[tuple[date, date | None]]:
    yield from zip(days, [None, *days[:-1]], strict=True)


def _date_text(day: date, previous: date | None) -> str:
    """Return "12 Mar", with the year where it begins or changes."""
    return f"{day:%d %b}" if previous is not None and previous.year == day.year else f"{day:%d %b %Y}"
