"""The parts of the rule book and how each kind of file is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from neutromon.rules.logic import Bound
from neutromon.rules.reading import Table

COUNT = "10*9/L"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """The head of a rule file: what it is, from where, for what, and whether it is confirmed."""

    name: str
    id: str
    title: str
    version: str
    kind: str
    review: str
    source: str
    use: str
    misuse: str
    sha256: str

    @property
    def needs_sign_off(self) -> bool:
        """Return whether a clinician still has to confirm the file."""
        return self.review == "needs clinical sign-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Grades of one quantity in one unit, worst first: (grade, upper bound that excludes it; None means the LLN)."""

    quantity: str
    unit: str
    bounds: tuple[tuple[int, Decimal | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRules:
    """One version of the grading criteria."""

    file: RuleFile
    scales: Mapping[tuple[str, str], Scale]
    profound: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Sustained:
    """A temperature held over a time."""

    temperature: Bound
    minutes: Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class FnRule:
    """One definition of febrile neutropenia."""

    file: RuleFile
    anc: Bound
    expected_fall: bool
    expected_fall_bound: Bound | None
    single: Bound
    sustained: Sustained | None
    sepsis_signs: bool
    grading: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsfRule:
    """What one guideline says on G-CSF: bands, factors, therapeutic use."""

    file: RuleFile
    list: str
    high: Bound
    intermediate: Bound
    factors: tuple[str, ...]
    therapeutic_factors: tuple[str, ...]
    therapeutic_definition: str | None
    secondary: bool
    flags: frozenset[str]
    bounds: Mapping[str, Bound]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A growth factor."""

    id: str
    long_acting: bool
    delay_hours: int
    dose: str
    start: str
    stop: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A flag that does not forbid: shown when the condition, symptom or regimen flag is there."""

    kind: str
    code: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Growth factors with the timing rules that their labels share."""

    file: RuleFile
    products: Mapping[str, Product]
    cautions: tuple[Caution, ...]
    not_before_hours: int
    too_close_below_days: int
    caution_below_days: int
    stop_above: Bound
    may_stop_from: Bound

    def find(self, product: str) -> Product | None:
        """Return a product by its id, also with a biosimilar's suffix."""
        wanted = product.strip().casefold()
        if wanted in self.products:
            return self.products[wanted]
        return next((p for p in self.products.values() if wanted.startswith(f"{p.id}-")), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneRule:
    """Bounds of a day-1 rule; `full` holds the bounds for 100 per cent where lower counts allow a reduced dose."""

    id: str
    applies: str
    needed: Mapping[str, Bound]
    full: Mapping[str, Bound]
    reduced_percent: int | None
    first_cycle: Mapping[str, Bound]
    later_day: Mapping[str, Bound]
    fever_postpones: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A regimen of the library or of the clinic; `categories` by guideline list: high, intermediate, low or unsettled."""

    id: str
    name: str
    cancer: str
    drugs: str
    cycle_days: int
    nadir_window: tuple[int, int] | None
    nadir_text: str
    recovery_day: int | None
    day1_rule: str
    doses: str
    categories: Mapping[str, str]
    category_texts: Mapping[str, str]
    flags: frozenset[str] = frozenset()
    author: str = ""
    version: str = ""
    effective_from: str = ""

    @property
    def haystack(self) -> str:
        """Return what a search looks through."""
        return f"{self.id} {self.name} {self.cancer} {self.drugs}".casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A file of single numbers: bounds, decimals, whole numbers, lists, and tables as they stand."""

    file: RuleFile
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    decimals: Mapping[str, Decimal] = field(default_factory=dict)
    wholes: Mapping[str, int] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


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
        single=fever.bound("single", "Cel"),
        sustained=_sustained(fever.table("sustained")) if fever.has("sustained") else None,
        sepsis_signs=fever.flag("sepsis_signs"),
        grading=table.flag("grading"),
    )
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
    from neutromon.rules.logic import Op

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
    return GcsfRule(
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


def read_products(table: Table, head: RuleFile) -> Products:
    """Return growth factors, cautions and the shared timing rules."""
    products = {}
    for row in table.tables("product"):
        product = Product(
            id=row.text("id"),
            long_acting=row.flag("long_acting"),
            delay_hours=row.whole("delay_hours") if row.has("delay_hours") else 0,
            dose=row.text("dose"),
            start=row.text("start"),
            stop=row.text("stop"),
        )
        row.finish()
        products[product.id] = product
    return Products(
        file=head,
        products=products,
        cautions=tuple(_caution(row) for row in table.tables("caution")),
        not_before_hours=table.whole("not_before_hours"),
        too_close_below_days=table.whole("too_close_below_days"),
        caution_below_days=table.whole("caution_below_days"),
        stop_above=table.bound("stop_above", COUNT),
        may_stop_from=table.bound("may_stop_from", COUNT),
    )


def _caution(row: Table) -> Caution:
    kind = next((kind for kind in ("condition", "symptom", "regimen_flag") if row.has(kind)), "condition")
    found = Caution(kind=kind, code=row.text(kind), text=row.text("text"), source=row.text("source"))
    row.finish()
    return found


DAY1_UNITS = {"anc": COUNT, "platelets": COUNT, "hemoglobin": "g/dL"}


def read_day1(table: Table, head: RuleFile) -> dict[str, DayOneRule]:
    """Return day-1 rules by id."""
    table.whole("count_validity_hours")
    rules = {}
    for row in table.tables("rule"):
        rule = DayOneRule(
            id=row.text("id"),
            applies=row.text("applies"),
            needed=_quantities(row),
            full={name: row.bound(f"full_{name}") for name in DAY1_UNITS if row.has(f"full_{name}")},
            reduced_percent=row.whole("reduced_percent") if row.has("reduced_percent") else None,
            first_cycle=_inner_quantities(row, "first_cycle"),
            later_day=_inner_quantities(row, "later_day"),
            fever_postpones=row.flag("fever_postpones"),
        )
        row.finish()
        if rule.id in rules:
            raise row.error("id", f"'{rule.id}' stands twice")
        rules[rule.id] = rule
    return rules


def _quantities(row: Table) -> dict[str, Bound]:
    return {name: row.bound(name) for name in DAY1_UNITS if row.has(name)}


def _inner_quantities(row: Table, key: str) -> dict[str, Bound]:
    if not row.has(key):
        return {}
    inner = row.table(key)
    found = _quantities(inner)
    inner.finish()
    return found


def read_regimens(table: Table, head: RuleFile) -> dict[str, Regimen]:
    """Return the regimen library by chart id."""
    found: dict[str, Regimen] = {}
    for row in table.tables("regimen"):
        regimen = read_regimen(row)
        if regimen.id in found:
            raise row.error("id", f"'{regimen.id}' stands twice")
        found[regimen.id] = regimen
    return found


def read_regimen(row: Table) -> Regimen:
    """Return one regimen; refuse a category that is none."""
    for key in ("number", "cycle_text", "recovery_text"):
        if row.has(key):
            row.text(key)
    fn = row.table("fn")
    categories, texts = {}, {}
    for guideline in fn.names():
        inner = fn.table(guideline)
        categories[guideline], texts[guideline] = inner.text("category"), inner.text("text")
        if categories[guideline] not in {"high", "intermediate", "low", "unsettled"}:
            raise inner.error("category", f"'{categories[guideline]}' is no category")
        inner.finish()
    regimen = Regimen(
        id=row.text("id"),
        name=row.text("name"),
        cancer=row.text("cancer"),
        drugs=row.text("drugs"),
        cycle_days=row.whole("cycle_days"),
        nadir_window=row.pair("nadir_window") if row.has("nadir_window") else None,
        nadir_text=row.text("nadir_text"),
        recovery_day=row.whole("recovery_day") if row.has("recovery_day") else None,
        day1_rule=row.text("day1_rule"),
        doses=row.text("doses"),
        categories=categories,
        category_texts=texts,
        flags=frozenset(row.texts("flags")),
        author=row.text("author") if row.has("author") else "",
        version=row.text("version") if row.has("version") else "",
        effective_from=row.text("effective_from") if row.has("effective_from") else "",
    )
    row.finish()
    return regimen


SCHEMAS: Mapping[str, Mapping[str, Mapping[str, str] | tuple[str, ...]]] = {
    "plausibility": {
        "bounds": {
            "anc_per_litre_suspect": COUNT,
            "anc_per_microlitre_suspect": "/uL",
            "wbc_block": COUNT,
            "wbc_warn": COUNT,
            "platelets_warn": COUNT,
            "hemoglobin_block": "g/dL",
            "hemoglobin_looks_like_g_l": "g/dL",
            "hemoglobin_looks_like_g_l_to": "g/dL",
            "hemoglobin_looks_like_g_dl": "g/L",
            "sum_block": "%",
            "sum_warn": "%",
            "complete_sum_block": "%",
            "complete_sum_warn": "%",
            "temperature_block_below": "Cel",
            "temperature_block_above": "Cel",
            "temperature_fahrenheit_from": "Cel",
            "temperature_fahrenheit_to": "Cel",
            "bounded_below": COUNT,
        },
        "decimals": ("rapid_change_fold", "derived_difference", "derived_difference_percent"),
        "wholes": ("rapid_change_hours",),
        "lists": ("one", "thousandth"),
    },
    "expected_fall": {
        "bounds": {"fall_below": COUNT},
        "decimals": ("fall_percent",),
        "wholes": ("days_before_window", "fall_hours", "suspected_weeks", "temperature_hours"),
        "pairs": ("high_risk_days",),
    },
    "scores": {"tables": ("mascc", "cisne")},
    "findings": {
        "bounds": {
            "grade4": COUNT,
            "grade3": COUNT,
            "profound": COUNT,
            "rapid_fall_below": COUNT,
            "recovered": COUNT,
            "unexplained_below": COUNT,
        },
        "decimals": ("rapid_fall_percent", "wrong_patient_mcv", "other_lines_fall_percent", "deeper_than_own_share"),
        "wholes": (
            "protracted_days",
            "rapid_fall_hours",
            "not_recovered_after_days",
            "count_validity_hours",
            "overdue_after_days",
            "unexplained_weeks",
            "treatment_days_ahead",
        ),
        "lists": ("nadir_count_from_risk",),
        "tables": ("tier",),
    },
    "duffy_null": {"rows": ("interval",)},
    "clozapine": {"rows": ("band",)},
    "prophylaxis": {"wholes": ("protracted_days",), "texts": ("expected_flag", "regimen_flag", "antibacterial", "antifungal")},
    "causes": {"lists": ("drugs_confirmed", "drugs_recalled"), "rows": ("class", "step")},
    "triage": {"bounds": {"call_from": "Cel", "call_below": "Cel"}, "wholes": ("antibiotic_minutes",), "rows": ("flag",)},
}


def read_numbers(table: Table, head: RuleFile) -> Numbers:
    """Return a file of numbers by its schema."""
    schema = SCHEMAS[head.kind]
    bounds = schema.get("bounds", {})
    assert isinstance(bounds, Mapping)
    pairs = {key: table.pair(key) for key in schema.get("pairs", ())}
    wholes = {key: table.whole(key) for key in schema.get("wholes", ())}
    wholes |= {f"{key}_{end}": value for key, pair in pairs.items() for end, value in zip(("from", "to"), pair, strict=True)}
    return Numbers(
        file=head,
        bounds={key: table.bound(key, unit) for key, unit in bounds.items()},
        decimals={key: table.decimal(key) for key in schema.get("decimals", ())},
        wholes=wholes,
        lists={key: table.texts(key) for key in schema.get("lists", ())},
        rows={key: tuple({name: row.raw(name) for name in row.names()} for row in table.tables(key)) for key in schema.get("rows", ())},
        tables={key: _plain(table.table(key)) for key in schema.get("tables", ())},
        texts={key: table.text(key) for key in schema.get("texts", ())},
    )


def _plain(table: Table) -> dict[str, Any]:
    """Return a table as it stands, bounds read."""
    found: dict[str, Any] = {}
    for key in table.names():
        value = table.raw(key)
        found[key] = table.bound(key) if isinstance(value, dict) and "op" in value else value
    return found
