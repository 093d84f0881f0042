"""Specimens of the practice clinic: made by the curve or written in the case, in the units of five made-up laboratories."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from neutromon.models.history import CountSample, Course, Cycle, Provenance
from neutromon.models.quantity import Reported
from neutromon.services.practice.cases import Calendar, Case
from neutromon.services.practice.curve import Shape, anc_at, hemoglobin_at, noisy, platelets_at

CELLS = ("wbc", "neutrophils", "lymphocytes", "monocytes")
CELL_UNITS = {"A": "10*9/L", "B": "10*3/uL", "C": "/uL", "D": "10*9/L", "E": "10*9/L"}
PLATELET_UNITS = {"A": "10*9/L", "B": "10*3/uL", "C": "10*3/uL", "D": "10*9/L", "E": "10*9/L"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The true values of a specimen: cells in 10^9/L, haemoglobin in g/dL; `anc` as text keeps a comparator."""

    anc: str
    wbc: str
    lymphocytes: str
    monocytes: str
    platelets: str
    hemoglobin: str
    mcv: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What the specimens of one case are made from."""

    case: Case
    calendar: Calendar
    shape: Shape
    random: Random

    def sample(self, collected: datetime, values: Mapping[str, Reported], row: Mapping[str, Any] | None = None) -> CountSample:
        """Return a final sample with its provenance; the row may name status, method and a corrected value."""
        given = row or {}
        old = given.get("corrected_from")
        superseded = (("neutrophils", Reported(value=str(old), unit="10*9/L"), "laboratory correction"),) if old else ()
        received = min(collected + timedelta(minutes=50), self.calendar.now)
        return CountSample(
            collected_at=collected,
            status=given.get("status", "final"),
            values=values,
            method=given.get("method", "manual" if self.case.lab == "D" else "automated"),
            superseded=superseded,
            provenance=Provenance(source=f"practice laboratory {self.case.lab}", received_at=received),
        )


def specimens(bench: Bench, course: Course | None, regimen_days: int) -> tuple[CountSample, ...]:
    """Return every specimen of a case, oldest first."""
    made: list[CountSample] = []
    cycles = [cycle for cycle in (course.cycles if course else ()) if cycle.day1 is not None]
    for cycle in cycles:
        last = cycle is cycles[-1]
        made += _before_day1(bench, cycle, last)
        if not last or bench.case.counts is None:
            end = _end_of(cycle, cycles, regimen_days)
            made += _by_curve(bench, cycle, end)
    made += [written(bench, row) for row in bench.case.counts or ()]
    latest = bench.calendar.now
    return tuple(sorted((s for s in made if s.collected_at and s.collected_at <= latest), key=lambda s: s.collected_at or latest))


def written(bench: Bench, row: Mapping[str, Any]) -> CountSample:
    """Return a specimen as the case writes it."""
    collected = bench.calendar.moment(row)
    if "raw" in row:
        values = {name: Reported(value=pair[0], unit=pair[1]) for name, pair in row["raw"].items()}
    else:
        values = in_units(cells_of_row(bench, row), bench.case.lab)
    return bench.sample(collected, values, row)


def cells_of_row(bench: Bench, row: Mapping[str, Any]) -> Cells:
    """Return the cells of a written row; what it leaves out is made up to fit."""
    anc = str(row["anc"])
    number = Decimal(anc.lstrip("<>="))
    lymphocytes, monocytes = _others(bench.random)
    wbc = row.get("wbc") or f"{number + lymphocytes + monocytes + Decimal('0.1'):.1f}"
    if "wbc" in row:
        room = max(Decimal(wbc) - number, Decimal(0))
        lymphocytes, monocytes = room * Decimal("0.7"), room * Decimal("0.2")
    return Cells(
        anc=anc,
        wbc=str(wbc),
        lymphocytes=f"{lymphocytes:.2f}",
        monocytes=f"{monocytes:.2f}",
        platelets=str(row.get("plt") or round(noisy(bench.shape.platelets * 0.8, bench.random))),
        hemoglobin=str(row.get("hb") or f"{bench.shape.hemoglobin:.1f}"),
        mcv=row.get("mcv"),
    )


def in_units(cells: Cells, lab: str) -> dict[str, Reported]:
    """Return the values as one of the made-up laboratories reports them."""
    absolute: Callable[[str], Reported] = _per_microlitre if lab == "C" else (lambda text: Reported(value=text, unit=CELL_UNITS[lab]))
    values = {"wbc": absolute(cells.wbc)}
    if lab in {"D", "E"} and not cells.anc.startswith("<"):
        values |= _percents(cells, lab)
    else:
        values |= {
            "neutrophils": absolute(cells.anc),
            "lymphocytes": absolute(cells.lymphocytes),
            "monocytes": absolute(cells.monocytes),
        }
    values["platelets"] = Reported(value=cells.platelets, unit=PLATELET_UNITS[lab])
    grams = f"{Decimal(cells.hemoglobin) * 10:.0f}" if lab == "D" else cells.hemoglobin
    values["hemoglobin"] = Reported(value=grams, unit="g/L" if lab == "D" else "g/dL")
    if cells.mcv:
        values["mcv"] = Reported(value=cells.mcv, unit="fL")
    return values


def _percents(cells: Cells, lab: str) -> dict[str, Reported]:
    total = Decimal(cells.wbc)
    share = min(round(Decimal(cells.anc) / total * 100), 97)
    rest = 100 - share
    monocytes = max(1, rest // 5)
    named = {"lymphocytes_percent": rest - monocytes, "monocytes_percent": monocytes}
    neutrophils = {"segs_percent": share - share // 20, "bands_percent": share // 20} if lab == "D" else {"neutrophils_percent": share}
    return {name: Reported(value=str(value), unit="%") for name, value in (neutrophils | named).items()}


def _per_microlitre(text: str) -> Reported:
    sign = text[: len(text) - len(text.lstrip("<>="))]
    return Reported(value=f"{sign}{Decimal(text.lstrip('<>=')) * 1000:.0f}", unit="/uL")


def _others(random: Random) -> tuple[Decimal, Decimal]:
    return Decimal(f"{noisy(1.2, random, 0.2):.2f}"), Decimal(f"{noisy(0.35, random, 0.2):.2f}")


def _before_day1(bench: Bench, cycle: Cycle, last: bool) -> Iterator[CountSample]:
    """Give the specimen of the day before day 1; the running cycle's may be written."""
    if last and bench.case.previous:
        yield from (written(bench, row) for row in bench.case.previous)
        return
    assert cycle.day1 is not None
    anc = noisy(bench.shape.baseline, bench.random)
    yield _made(bench, cycle, cycle.day1 - timedelta(days=1), anc, 0)


def _by_curve(bench: Bench, cycle: Cycle, end: date) -> Iterator[CountSample]:
    """Give a specimen about the nadir, and for some patients further ones, as a clinic takes them."""
    nadir = round(bench.shape.nadir_day)
    days = [nadir] if bench.random.random() < 0.5 else [nadir - 3, nadir, nadir + 4]
    for day in days:
        assert cycle.day1 is not None
        when = cycle.day1 + timedelta(days=day - 1)
        if day > 1 and when < end - timedelta(days=1) and when <= bench.calendar.now.date():
            yield _made(bench, cycle, when, noisy(_of_cycle(bench, cycle, day), bench.random), day)


def _of_cycle(bench: Bench, cycle: Cycle, day: int) -> float:
    dose = float(Decimal(cycle.dose_percent or "100") / 100)
    supported = bench.case.gcsf is not None and cycle.number >= bench.case.gcsf_from
    fever = 0.35 if cycle.number in bench.case.fn_cycles else 1.0
    shape = Shape(**{name: getattr(bench.shape, name) for name in Shape.__slots__} | {"dose": dose, "growth_factor": supported})
    return anc_at(shape, day) * fever


def _made(bench: Bench, cycle: Cycle, day: date, anc: float, cycle_day: int) -> CountSample:
    lymphocytes, monocytes = _others(bench.random)
    shown = Decimal(f"{max(anc, 0.05):.2f}")
    cells = Cells(
        anc=str(shown),
        wbc=f"{shown + lymphocytes + monocytes + Decimal('0.05'):.1f}",
        lymphocytes=str(lymphocytes),
        monocytes=str(monocytes),
        platelets=str(round(noisy(platelets_at(bench.shape, cycle_day, cycle.number), bench.random, 0.06))),
        hemoglobin=f"{noisy(hemoglobin_at(bench.shape, cycle.number), bench.random, 0.02):.1f}",
    )
    minutes = 7 * 60 + bench.random.randrange(0, 150, 5)
    start = datetime.combine(day, time(0), bench.calendar.now.tzinfo)
    collected = min(start + timedelta(minutes=minutes), bench.calendar.now - timedelta(minutes=40))
    return bench.sample(collected, in_units(cells, bench.case.lab))


def _end_of(cycle: Cycle, cycles: list[Cycle], regimen_days: int) -> date:
    assert cycle.day1 is not None
    later = [c.day1 for c in cycles if c.number > cycle.number and c.day1]
    return min(later, default=cycle.day1 + timedelta(days=regimen_days + 30))
