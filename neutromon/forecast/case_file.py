"""A reference case `neutromon-case/1`, read strictly: what is missing, zero, negative or unknown is refused with its name."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from neutromon.forecast.disposition import Disposition, Infusion, rates_matrix
from neutromon.forecast.kernel import Array
from neutromon.forecast.likelihood import Counts, Residual

FORMAT = "neutromon-case/1"
PARAMETERS = {"friberg-pk": ("circ0", "mtt_h", "gamma", "slope"), "friberg-kpd": ("circ0", "mtt_h", "gamma", "lk", "t_e_h")}
SIDES = {None: 0, "<": -1, "<=": -1, ">": 1, ">=": 1}
LATEST_H = 1e6
"""More than a century; no case means this."""


class CaseError(Exception):
    """The document is not a reference case; the text says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDose:
    """A dose; `occasion` only where the case has between-occasion variance."""

    time_h: float
    amount: float
    duration_h: float
    occasion: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircInput:
    """Cells released into the circulation, 10^9/L."""

    amount: float
    mean_time_h: float
    start_h: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A case as understood."""

    id: str
    model: str
    typical: Mapping[str, float]
    kcirc: float | None
    dispositions: tuple[Disposition, ...]
    concentration: tuple[tuple[float, float], ...]
    circulating_input: CircInput | None
    variance: Mapping[str, float]
    occasion_variance: float | None
    residual: Residual | None
    doses: tuple[CaseDose, ...]
    times: Array
    counts: Counts
    grid: Array

    @property
    def occasions(self) -> list[int]:
        """Return the occasions of the doses, ascending; none without between-occasion variance."""
        if self.occasion_variance is None:
            return []
        return sorted({dose.occasion for dose in self.doses if dose.occasion is not None})

    @property
    def infusions(self) -> list[Infusion]:
        """Return the doses as infusions."""
        return [Infusion(time_h=d.time_h, amount=d.amount, duration_h=d.duration_h) for d in self.doses]


def read_case(document: object) -> Case:
    """Return the case of a parsed document; raise CaseError."""
    case = _table(document, "the file")
    if case.get("format") != FORMAT:
        raise CaseError(f"format is not {FORMAT}")
    if not isinstance(case.get("id"), str):
        raise CaseError("id is not a text")
    model = case.get("model")
    if not isinstance(model, str) or model not in PARAMETERS:
        raise CaseError(f"model is not one of {', '.join(PARAMETERS)}")
    typical = _named(case.get("typical"), "typical", PARAMETERS[model])
    variance = _variances(case, PARAMETERS[model])
    times, counts = _observations(case)
    return Case(
        id=case["id"],
        model=model,
        typical=typical,
        kcirc=_positive(case["kcirc_per_h"], "kcirc_per_h") if case.get("kcirc_per_h") is not None else None,
        dispositions=_dispositions(case, model),
        concentration=_concentration(case, model),
        circulating_input=_input(case),
        variance=variance,
        occasion_variance=_occasion_variance(case, model),
        residual=_residual(case, len(times)),
        doses=_doses(case, model),
        times=times,
        counts=counts,
        grid=_grid(case),
    )


def _table(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CaseError(f"{name} is not an object")
    return value


def _list(value: object, name: str) -> Sequence[Any]:
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise CaseError(f"{name} is not a list")
    return value


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CaseError(f"{name} is not a number")
    try:
        number = float(value)
    except OverflowError:
        raise CaseError(f"{name} is too large") from None
    if not math.isfinite(number):
        raise CaseError(f"{name} is not a finite number")
    return number


def _positive(value: object, name: str) -> float:
    number = _number(value, name)
    if number <= 0.0:
        raise CaseError(f"{name} is not positive")
    return number


def _time(value: object, name: str) -> float:
    number = _number(value, name)
    if number < 0.0:
        raise CaseError(f"{name} is before time 0")
    if number > LATEST_H:
        raise CaseError(f"{name} is more than a century away")
    return number


def _at_least_zero(value: object, name: str) -> float:
    number = _number(value, name)
    if number < 0.0:
        raise CaseError(f"{name} is negative")
    return number


def _named(value: object, name: str, wanted: Sequence[str]) -> dict[str, float]:
    table = _table(value, name)
    return {key: _positive(table.get(key), f"{name}.{key}") for key in wanted}


def _variances(case: Mapping[str, Any], parameters: Sequence[str]) -> dict[str, float]:
    given = case.get("between_subject_variance")
    if given is None:
        if case.get("observations"):
            raise CaseError("between_subject_variance is missing")
        return {}
    table = _table(given, "between_subject_variance")
    unknown = [key for key in table if key not in parameters]
    if unknown:
        raise CaseError(f"between_subject_variance names {unknown[0]}, which the model does not have")
    return {key: _positive(value, f"between_subject_variance.{key}") for key, value in table.items()}


def _occasion_variance(case: Mapping[str, Any], model: str) -> float | None:
    given = case.get("between_occasion_variance")
    if given is None:
        return None
    table = _table(given, "between_occasion_variance")
    if model != "friberg-kpd":
        raise CaseError("between_occasion_variance belongs to friberg-kpd")
    if set(table) != {"lk"}:
        raise CaseError("between_occasion_variance does not hold exactly lk")
    return _positive(table["lk"], "between_occasion_variance.lk")


def _residual(case: Mapping[str, Any], observations: int) -> Residual | None:
    given = case.get("residual")
    if given is None:
        if observations:
            raise CaseError("residual is missing")
        return None
    table = _table(given, "residual")
    kind = table.get("type")
    if kind not in ("lognormal", "proportional", "combined"):
        raise CaseError("residual.type is not lognormal, proportional or combined")
    sd = _positive(table.get("sd"), "residual.sd")
    additive = _positive(table.get("additive_sd"), "residual.additive_sd") if kind == "combined" else 0.0
    return Residual(kind=kind, sd=np.full(observations, sd), additive_sd=additive)


def _observations(case: Mapping[str, Any]) -> tuple[Array, Counts]:
    times, values, sides = [], [], []
    for index, row in enumerate(_list(case.get("observations"), "observations")):
        table, name = _table(row, f"observations[{index}]"), f"observations[{index}]"
        comparator = table.get("comparator")
        if not (comparator is None or isinstance(comparator, str)) or comparator not in SIDES:
            raise CaseError(f"{name}.comparator is not one of <, <=, >, >=")
        times.append(_time(table.get("time_h"), f"{name}.time_h"))
        values.append(_positive(table.get("value"), f"{name}.value"))
        sides.append(SIDES[comparator])
    return np.array(times), Counts(value=np.array(values), side=np.array(sides, dtype=np.float64))


def _doses(case: Mapping[str, Any], model: str) -> tuple[CaseDose, ...]:
    found = []
    by_occasion = case.get("between_occasion_variance") is not None
    for index, row in enumerate(_list(case.get("doses"), "doses")):
        table, name = _table(row, f"doses[{index}]"), f"doses[{index}]"
        duration = _at_least_zero(table.get("duration_h", 0), f"{name}.duration_h")
        if duration > 0.0 and model == "friberg-kpd":
            raise CaseError(f"{name} is an infusion in a dose-only case")
        _time(duration, f"{name}.duration_h")
        found.append(
            CaseDose(
                time_h=_time(table.get("time_h"), f"{name}.time_h"),
                amount=_at_least_zero(table.get("amount"), f"{name}.amount"),
                duration_h=duration,
                occasion=_occasion(table.get("occasion"), name) if by_occasion else None,
            )
        )
    if found and model == "friberg-pk" and case.get("concentration") is not None:
        raise CaseError("concentration and doses exclude each other")
    return tuple(found)


def _occasion(value: object, name: str) -> int:
    number = _number(value, f"{name}.occasion")
    if number != int(number):
        raise CaseError(f"{name}.occasion is not a whole number")
    return int(number)


def _grid(case: Mapping[str, Any]) -> Array:
    times = [_time(value, f"grid_h[{i}]") for i, value in enumerate(_list(case.get("grid_h"), "grid_h"))]
    if any(later < earlier for earlier, later in pairwise(times)):
        raise CaseError("grid_h is not ascending")
    return np.array(times)


def _input(case: Mapping[str, Any]) -> CircInput | None:
    given = case.get("circulating_input")
    if given is None:
        return None
    table = _table(given, "circulating_input")
    return CircInput(
        amount=_positive(table.get("amount"), "circulating_input.amount"),
        mean_time_h=_positive(table.get("mean_time_h"), "circulating_input.mean_time_h"),
        start_h=_time(table.get("start_h", 0), "circulating_input.start_h"),
    )


def _concentration(case: Mapping[str, Any], model: str) -> tuple[tuple[float, float], ...]:
    given = case.get("concentration")
    if given is None:
        return ()
    if model != "friberg-pk":
        raise CaseError("concentration belongs to friberg-pk")
    if case.get("pk") is not None:
        raise CaseError("concentration and pk exclude each other")
    found = []
    for index, row in enumerate(_list(given, "concentration")):
        table, name = _table(row, f"concentration[{index}]"), f"concentration[{index}]"
        found.append((_time(table.get("from_h"), f"{name}.from_h"), _at_least_zero(table.get("value"), f"{name}.value")))
    _ascending([start for start, _ in found], "concentration")
    return tuple(found)


def _ascending(starts: Sequence[float], name: str) -> None:
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise CaseError(f"from_h of {name} is not ascending")


def _dispositions(case: Mapping[str, Any], model: str) -> tuple[Disposition, ...]:
    if model != "friberg-pk" or case.get("concentration") is not None:
        return ()
    given = case.get("pk")
    if given is None:
        raise CaseError("pk is missing")
    rows = _list(given, "pk") if isinstance(given, list) else [{**_table(given, "pk"), "from_h": 0}]
    if not rows:
        raise CaseError("pk is empty")
    found = [_disposition(_table(row, f"pk[{index}]"), f"pk[{index}]") for index, row in enumerate(rows)]
    _ascending([d.from_h for d in found], "pk")
    if found[0].from_h != 0.0:
        raise CaseError("the first from_h of pk is not 0")
    return tuple(found)


def _disposition(row: Mapping[str, Any], name: str) -> Disposition:
    volume = _positive(row.get("v1_l"), f"{name}.v1_l")
    micro, clearances = row.get("k10_per_h") is not None, row.get("cl_l_per_h") is not None
    if micro == clearances:
        raise CaseError(f"{name} states neither or both of k10_per_h and cl_l_per_h")
    if micro:
        k10 = _positive(row["k10_per_h"], f"{name}.k10_per_h")
        exchange = [_pair(row, f"k1{n}_per_h", f"k{n}1_per_h", name) for n in (2, 3)]
    else:
        k10 = _positive(row["cl_l_per_h"], f"{name}.cl_l_per_h") / volume
        sizes = [_pair(row, f"v{n}_l", f"q{n}_l_per_h", name) for n in (2, 3)]
        exchange = [pair and (pair[1] / volume, pair[1] / pair[0]) for pair in sizes]
    return Disposition(from_h=_time(row.get("from_h"), f"{name}.from_h"), volume=volume, rates=rates_matrix(k10, exchange))


def _pair(row: Mapping[str, Any], first: str, second: str, name: str) -> tuple[float, float] | None:
    if row.get(first) is None and row.get(second) is None:
        return None
    return _positive(row.get(first), f"{name}.{first}"), _positive(row.get(second), f"{name}.{second}")
