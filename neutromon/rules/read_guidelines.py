"""Read the files of the guidelines: head, grade scales, definitions of febrile neutropenia, advice on growth factors."""

from decimal import Decimal
from typing import Any

from neutromon.rules.book_parts import FnRule, GcsfRule, GradeRules, RuleFile, Scale, Sustained
from neutromon.rules.logic import Bound, Op
from neutromon.rules.reading import Table
from neutromon.rules.schemas import COUNT


def read_head(table: Table, name: str, sha256: str) -> RuleFile:
    """Return the head of a file; each of its lines must be there."""
    keys = ("id", "title", "version", "kind", "review", "source", "use", "misuse")
    head = {key: table.text(key) for key in keys}
    if head["review"] not in {"needs clinical sign-off", "confirmed in public sources"}:
        raise table.error("review", f"'{head['review']}' is no review status")
    return RuleFile(name=name, sha256=sha256, **head)


def read_grades(table: Table, head: RuleFile) -> GradeRules:
    """Return grade scales; refuse gaps, overlaps and grades out of order."""
    scales = {}
    for inner in table.tables("scale"):
        scale = _scale(inner)
        key = (scale.quantity, scale.unit)
        if key in scales:
            raise inner.error("quantity", f"'{scale.quantity}' in {scale.unit} stands twice")
        scales[key] = scale
        inner.finish()
    return GradeRules(file=head, scales=scales, profound=table.bound("profound_below", COUNT))


def _scale(inner: Table) -> Scale:
    quantity, unit = inner.text("quantity"), inner.text("unit")
    allowed = {"g/dL", "g/L", "mmol/L"} if quantity == "hemoglobin" else {COUNT}
    if unit not in allowed:
        raise inner.error("unit", f"'{unit}' is no unit for {quantity}")
    bounds: list[tuple[int, Decimal | None]] = []
    for row in inner.tables("bounds"):
        grade, written = row.whole("grade"), row.text("lt")
        limit = None if written == "LLN" else row.decimal("lt")
        if bounds and (bounds[-1][0] - 1 != grade or bounds[-1][1] is None or (limit is not None and limit <= bounds[-1][1])):
            raise row.error("grade", f"{grade} leaves a gap or overlaps in {quantity}")
        bounds.append((grade, limit))
        row.finish()
    if bounds[-1][0] != 1:
        raise inner.error("bounds", f"of {quantity} do not reach grade 1")
    return Scale(quantity=quantity, unit=unit, bounds=tuple(bounds))


def read_fn(table: Table, head: RuleFile) -> FnRule:
    """Return a definition of febrile neutropenia."""
    anc, fever = table.table("anc"), table.table("fever")
    rule = FnRule(
        file=head,
        anc=anc.bound("bound", COUNT),
        expected_fall=anc.flag("expected_fall"),
        expected_fall_bound=anc.bound("expected_fall_bound", COUNT) if anc.has("expected_fall_bound") else None,
        single=fever.bound("single", "Cel") if fever.has("single") else None,
        sustained=_sustained(fever.table("sustained")) if fever.has("sustained") else None,
        route=fever.text("route") if fever.has("route") else None,
        sepsis_signs=fever.flag("sepsis_signs"),
        grading=table.flag("grading"),
    )
    if rule.single is None and rule.sustained is None:
        raise table.error("fever", "names no temperature")
    anc.finish()
    fever.finish()
    return rule


def _sustained(inner: Table) -> Sustained:
    minutes = Bound(op=_op(inner, "minutes_op"), value=Decimal(inner.whole("minutes")), unit="min")
    if inner.text("unit") != "Cel":
        raise inner.error("unit", "must be 'Cel'")
    found = Sustained(temperature=Bound(op=_op(inner, "op"), value=inner.decimal("value"), unit="Cel"), minutes=minutes)
    inner.finish()
    return found


def _op(inner: Table, key: str) -> Any:

    written = inner.text(key)
    if written not in set(Op):
        raise inner.error(key, f"'{written}' is no comparator")
    return Op(written)


GCSF_BOUNDS = {
    "age": "a",
    "therapeutic_age": "a",
    "bilirubin": "mg/dL",
    "creatinine_clearance": "mL/min",
    "hemoglobin": "g/dL",
    "albumin": "g/L",
    "afebrile_not_routine": COUNT,
}
GCSF_FLAGS = ("age_needs_full_dose", "prior_fn_is_factor", "female_is_factor")


def read_gcsf(table: Table, head: RuleFile) -> GcsfRule:
    """Return what a guideline says on G-CSF."""
    rule = GcsfRule(
        file=head,
        list=table.text("list"),
        high=table.bound("high", "%"),
        intermediate=table.bound("intermediate", "%"),
        factors=table.texts("factors"),
        therapeutic_factors=table.texts("therapeutic_factors"),
        therapeutic_definition=table.text("therapeutic_definition") if table.has("therapeutic_definition") else None,
        secondary=table.flag("secondary"),
        flags=frozenset(flag for flag in GCSF_FLAGS if table.flag(flag)),
        bounds={name: table.bound(name, unit) for name, unit in GCSF_BOUNDS.items() if table.has(name)},
    )
    if rule.therapeutic_definition is not None and "therapeutic_age" not in rule.bounds:
        raise table.error("therapeutic_age", "is missing")
    if rule.intermediate.value >= rule.high.value:
        raise table.error("intermediate", "leaves a gap or overlaps with the high band")
    return rule
