"""The places of one sample's results and on which report each stands: which version wins, and which was seen before."""

from dataclasses import dataclass
from datetime import UTC, datetime

from neutromon.interop.times import stamp
from neutromon.interop.understand import status_of
from neutromon.models.history import CountSample
from neutromon.models.imports import Disposition, ReadResult
from neutromon.models.quantity import Reported

_RANKS = {
    4: ("D", "W", "entered-in-error"),
    3: ("C", "A", "corrected", "amended", "appended"),
    1: ("P", "S", "R", "preliminary"),
    0: ("I", "O", "N", "registered"),
}
_RANK = {status: rank for rank, statuses in _RANKS.items() for status in statuses}
FINAL = 2
METHODS = frozenset({"manual", "automated"})
_SEPARATOR = "\x1f"


def status_rank(status: str | None) -> int:
    """Return withdrawn 4, corrected 3, final (and anything unknown) 2, preliminary 1, pending 0."""
    return _RANK.get(status or "", FINAL)


@dataclass(frozen=True, slots=True)
class Version:
    """The report on which a value stands, and the values that it replaced."""

    status: str
    reported: str
    code: str
    earlier: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the version as it is stored."""
        return _SEPARATOR.join((self.status, self.reported, self.code, *self.earlier))


def read_version(text: str | None) -> Version | None:
    """Return a stored version."""
    if text is None:
        return None
    status, reported, code, *earlier = text.split(_SEPARATOR)
    return Version(status, reported, code, tuple(earlier))


def _moment(text: str) -> datetime | None:
    found = stamp(text, UTC)
    return found.at if found else None


class Slots:
    """The values and other results of one sample while a set is laid over it."""

    def __init__(self, base: CountSample, reported: str, yielding: frozenset[str] = frozenset()) -> None:
        """Start from a stored sample; the columns of `yielding` give way to a manual differential."""
        self.values: dict[str, Reported] = dict(base.values)
        self.others: dict[str, Reported] = dict(base.others)
        self.versions: dict[str, str] = dict(base.versions)
        self._method = base.method
        self._yielding = yielding
        self._reported = reported
        self._touched: set[str] = set()

    def put_value(self, row: ReadResult, name: str) -> Disposition:
        """Put a number into its column; a second one of the same message, or under another code, is kept beside it."""
        value = _reported(row)
        there = self.values.get(name)
        if there is None or _same(there, value):
            return self._renew(self.values, name, value, row)
        if row.method == "manual" and name in self._yielding and name not in self._touched:
            self._set_aside(row, name)
            return self._renew(self.values, name, value, row)
        label = f"{_label(row)} (second)"
        if label in self.others or self._is_another(row, name):
            return self._beside(label, value, row)
        return self._renew(self.values, name, value, row)

    def _set_aside(self, row: ReadResult, name: str) -> None:
        """Move the automated number beside, under the label that it would have had as the second one."""
        version, old = self.versions.pop(name, None), self.values.pop(name)
        known = read_version(version)
        place = f"{row.analyte}:{(known.code if known else '') or 'result'} (second)"
        self.others[place] = old
        if version is not None:
            self.versions[place] = version

    def _beside(self, label: str, value: Reported, row: ReadResult) -> Disposition:
        """Keep a further number of one analyte beside the first; one that is there already is seen again."""
        place, number = label, 1
        while place in self.others and not _same(self.others[place], value) and place in self._touched:
            number += 1
            place = f"{label}#{number}"
        return self._renew(self.others, place, value, row)

    def put_other(self, row: ReadResult) -> Disposition:
        """Keep a result without a column of its own: normalised where it has a unit of its own, else as sent."""
        value = _reported(row)
        label, number = _label(row), 1
        place = label
        while place in self._touched:
            if place in self.others and _same(self.others[place], value):
                return Disposition.DUPLICATE
            number += 1
            place = f"{label}#{number}"
        return self._renew(self.others, place, value, row)

    def keep_words(self, row: ReadResult) -> None:
        """Keep words, or the fact that there is no value, as sent."""
        place, number = _label(row), 1
        words = Reported(value=row.raw.value or "", unit=row.raw.unit, flag=row.raw.flag, range=row.raw.range)
        while place in self.others and not _same(self.others[place], words):
            number += 1
            place = f"{_label(row)}#{number}"
        self.others[place] = words

    def withdraw(self, row: ReadResult, name: str | None) -> Disposition:
        """Take a value away that the laboratory withdraws or corrects to words; only of the same code."""
        version = read_version(self.versions.get(name)) if name else None
        of_this_code = version is None or not version.code or version.code == _code(row)
        self.keep_words(row)
        if name is None or name not in self.values or name in self._touched or not of_this_code:
            return Disposition.KEPT_AS_TEXT
        if version is not None and not self._wins(row, version, row.raw.value or ""):
            return Disposition.KEPT_AS_TEXT
        old = self.values.pop(name)
        earlier = (*(version.earlier if version else ()), old.value)
        self.versions[name] = Version(status_of(row.raw) or "D", self._reported, _code(row), earlier).text()
        return Disposition.VOIDED if row.withdrawn else Disposition.CORRECTED

    def _is_another(self, row: ReadResult, name: str) -> bool:
        """Return whether a differing number is a second result and no correction of the first."""
        version = read_version(self.versions.get(name))
        if name in self._touched:
            return version is None or version.code != _code(row) or status_rank(version.status) == status_rank(status_of(row.raw))
        other_method = self._method in METHODS and row.method in METHODS and self._method != row.method
        other_code = version is not None and bool(version.code) and version.code != _code(row)
        return (other_code or other_method) and status_rank(status_of(row.raw)) != 3

    def _renew(self, places: dict[str, Reported], place: str, value: Reported, row: ReadResult) -> Disposition:
        there, version = places.get(place), read_version(self.versions.get(place))
        self._touched.add(place)
        if there is None and version is None:
            self._set(places, place, value, row, ())
            return Disposition.STORED
        if there is not None and _same(there, value):
            if version is None or status_rank(status_of(row.raw)) > status_rank(version.status):
                self._set(places, place, there, row, version.earlier if version else ())
            return Disposition.DUPLICATE
        if version is not None and not self._wins(row, version, value.value):
            return Disposition.DUPLICATE
        earlier = (*(version.earlier if version else ()), *((there.value,) if there else ()))
        self._set(places, place, value, row, earlier)
        return Disposition.CORRECTED

    def _set(self, places: dict[str, Reported], place: str, value: Reported, row: ReadResult, earlier: tuple[str, ...]) -> None:
        places[place] = value
        self.versions[place] = Version(status_of(row.raw), self._reported, _code(row), earlier).text()

    def _wins(self, row: ReadResult, version: Version, value: str) -> bool:
        """Return whether a differing row replaces what stands: higher rank, else later report, else what was never seen."""
        new, old = status_rank(status_of(row.raw)), status_rank(version.status)
        if new != old:
            return new > old
        mine, theirs = _moment(self._reported), _moment(version.reported)
        if mine is not None and theirs is not None and mine != theirs:
            return mine > theirs
        return value not in version.earlier


def _code(row: ReadResult) -> str:
    return (row.source_code or "").replace(_SEPARATOR, " ")


def _label(row: ReadResult) -> str:
    return f"{row.analyte}:{row.source_code or (row.raw.texts[0] if row.raw.texts else 'result')}"


def _same(one: Reported, two: Reported) -> bool:
    """Return whether two results say the same: value and unit count, what the laboratory thinks of them does not."""
    return (one.value, one.unit) == (two.value, two.unit)


def _reported(row: ReadResult) -> Reported:
    raw = row.raw
    if row.value is None:
        return Reported(value=raw.value or "", unit=raw.unit, flag=raw.flag, range=raw.range)
    unit = row.unit or raw.unit
    return Reported(value=row.value, unit=unit, original_value=raw.value, original_unit=raw.unit, flag=raw.flag, range=raw.range)
