"""The cases files beside the rule files: short words for a chart, expanded to `neutromon-chart/1`, and what is expected of it."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from neutromon.interop.chart_file import history_from
from neutromon.models.evaluation import Evaluation
from neutromon.models.history import PatientHistory, Provenance
from neutromon.models.protocol import Protocol
from neutromon.rules import RuleBook, evaluate
from neutromon.services.rule_book import load_book

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
NOW = datetime.fromisoformat("2026-03-12T09:00:00+00:00")
CELLS = "10*9/L"
SHORT = {"anc": "neutrophils", "plt": "platelets", "hb": "hemoglobin"}
UNITS = {"hb": "g/dL", "mcv": "fL"}
QUANTITIES = ("anc", "wbc", "plt", "hb", "lymphocytes", "monocytes", "granulocytes", "mcv")
PERCENTS = ("neutrophils", "segs", "bands", "lymphocytes", "monocytes", "eosinophils", "basophils", "blasts")
Chart = dict[str, Any]


@cache
def book() -> RuleBook:
    return load_book()


def rule_files() -> list[Path]:
    """Return every rule file that must have cases."""
    found = [*(RESOURCES / "rules").glob("*.toml"), *(RESOURCES / "regimens").glob("*.toml")]
    return sorted(path for path in found if not path.name.endswith(".cases.toml"))


def cases_path(rule_file: Path) -> Path:
    return rule_file.with_name(rule_file.name.removesuffix(".toml") + ".cases.toml")


def cases() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give every case with the name of its rule file."""
    for rule_file in rule_files():
        path = cases_path(rule_file)
        if path.exists():
            for case in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["case"]:
                yield rule_file.name, case


def chart_of(case: Mapping[str, Any]) -> Chart:
    """Return the chart that a case's short words stand for; `chart` holds parts written in full."""
    chart: Chart = {"format": "neutromon-chart/1", **case.get("chart", {})}
    now = now_of(case)
    chart.setdefault("patient", {"birth_date": "1980-01-31", "sex": "male"})
    if "regimen" in case or "cycle_day" in case or "planned_in" in case:
        chart["course"] = _course(case, now) | chart.get("course", {})
    counts = [_count(row, now) for row in case.get("earlier", [])]
    own = {key: value for key, value in case.items() if key in QUANTITIES or key.removesuffix("_percent") in PERCENTS or key in UNIT_KEYS}
    if own:
        counts.append(_count({"hours": case.get("count_hours", 2), **own}, now))
    chart["counts"] = [*chart.get("counts", []), *counts]
    readings = [{"hours": 1, "celsius": case["fever"]}] if "fever" in case else case.get("readings", [])
    chart["temperatures"] = [*chart.get("temperatures", []), *(_reading(row, now) for row in readings)]
    signs = [{"at": (now - timedelta(hours=1)).isoformat(), "code": code} for code in case.get("symptoms", [])]
    chart["symptoms"] = [*chart.get("symptoms", []), *signs]
    return chart


UNIT_KEYS = frozenset(f"{name}_unit" for name in QUANTITIES)


def now_of(case: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(case["now"]) if "now" in case else NOW


def _course(case: Mapping[str, Any], now: datetime) -> Chart:
    cycles: list[Chart] = []
    if "cycle_day" in case:
        day1 = now.date() - timedelta(days=case["cycle_day"] - 1)
        end = f"{day1.isoformat()}T12:00:00+00:00"
        cycles.append({"number": 1, "planned_day1": day1.isoformat(), "day1": day1.isoformat(), "chemo_end": end, "dose_percent": 100})
    if "planned_in" in case:
        planned = now.date() + timedelta(days=case["planned_in"])
        cycles.append({"number": len(cycles) + 1, "planned_day1": planned.isoformat(), "dose_percent": 100})
    return {"regimen": case.get("regimen"), "intent": case.get("intent", "curative"), "concurrent_radiotherapy": False, "cycles": cycles}


def _count(row: Mapping[str, Any], now: datetime) -> Chart:
    when = now - timedelta(hours=float(row.get("hours", 0)), days=float(row.get("days", 0)))
    count: Chart = {"collected_at": when.isoformat(), "status": row.get("status", "final")}
    for name in QUANTITIES:
        if name in row:
            unit = row.get(f"{name}_unit", UNITS.get(name, CELLS))
            count[SHORT.get(name, name)] = {"value": str(row[name]), "unit": unit}
    for name in PERCENTS:
        if f"{name}_percent" in row:
            count[f"{name}_percent"] = str(row[f"{name}_percent"])
    return count | {key: row[key] for key in ("accession", "differential_complete") if key in row}


def _reading(row: Mapping[str, Any], now: datetime) -> Chart:
    at = now - timedelta(hours=float(row.get("hours", 0)), minutes=float(row.get("minutes", 0)))
    return {"at": at.isoformat(), "celsius": str(row["celsius"]), "route": row.get("route", "oral")} | (
        {"unit": row["unit"]} if "unit" in row else {}
    )


def history_of(case: Mapping[str, Any]) -> PatientHistory:
    """Return the history of a case; `received` adds a count that came in so many hours ago, which no chart file can say."""
    history = history_from(chart_of(case))
    late = case.get("received")
    if late is None:
        return history
    at = now_of(case) - timedelta(hours=float(late["received_hours"]))
    sample = history_from({"format": "neutromon-chart/1", "counts": [_count(late, now_of(case))]}).counts[0]
    return replace(history, counts=(*history.counts, replace(sample, id="late", provenance=Provenance(received_at=at))))


def evaluation_of(case: Mapping[str, Any]) -> Evaluation:
    """Return what the rules say of a case."""
    return evaluate(history_of(case), book(), now_of(case), Protocol(**case.get("protocol", {})))


def differences(expected: Any, got: Any, path: str = "$") -> Iterator[str]:
    """Give where an answer lacks or contradicts what is expected: keys may be more, numbers are compared as decimals."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            yield f"{path}: {expected!r} expected, {got!r} found"
            return
        for key, value in expected.items():
            yield from differences(_none(value), got.get(key, "nothing"), f"{path}.{key}")
    elif isinstance(expected, list) and expected and all(isinstance(item, Mapping) for item in expected):
        for i, item in enumerate(expected):
            yield from differences(item, got[i] if isinstance(got, list) and i < len(got) else "nothing", f"{path}[{i}]")
    elif not _same(expected, got):
        yield f"{path}: {expected!r} expected, {got!r} found"


def _none(value: Any) -> Any:
    """TOML has no null: the word stands for it."""
    return None if value == "null" else value


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, bool) or isinstance(got, bool) or isinstance(expected, str):
        return expected is got or (isinstance(expected, str) and expected == got)
    if isinstance(expected, int | Decimal) and isinstance(got, int | float | Decimal):
        return Decimal(str(expected)) == Decimal(str(got))
    return bool(expected == got)
