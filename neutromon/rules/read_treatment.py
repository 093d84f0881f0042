"""Read the files of treatment: growth factors, day-1 rules, regimens."""

from neutromon.rules.book_parts import Caution, DayOneRule, Product, Products, Regimen, RegimenDrug, RuleFile
from neutromon.rules.logic import Bound
from neutromon.rules.reading import Table
from neutromon.rules.schemas import COUNT


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
            source=row.text("source"),
            longest_days=row.whole("longest_days") if row.has("longest_days") else None,
        )
        row.finish()
        if product.id in products:
            raise row.error("id", f"'{product.id}' stands twice")
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
        transient_days=table.whole("transient_days"),
        label_warnings=table.texts("label_warnings"),
    )


def _caution(row: Table) -> Caution:
    kind = next((kind for kind in ("condition", "symptom", "regimen_flag") if row.has(kind)), "condition")
    found = Caution(kind=kind, code=row.text(kind), text=row.text("text"), source=row.text("source"))
    row.finish()
    return found


DAY1_UNITS = {"anc": COUNT, "platelets": COUNT, "hemoglobin": "g/dL"}


def read_day1(table: Table, head: RuleFile) -> dict[str, DayOneRule]:
    """Return day-1 rules by id."""
    fever = table.bound("fever", "Cel")
    rules = {}
    for row in table.tables("rule"):
        rule = DayOneRule(
            id=row.text("id"),
            applies=row.text("applies"),
            source=row.text("source"),
            needed=_quantities(row),
            full={name: row.bound(f"full_{name}", unit) for name, unit in DAY1_UNITS.items() if row.has(f"full_{name}")},
            reduced_percent=row.whole("reduced_percent") if row.has("reduced_percent") else None,
            first_cycle=_inner_quantities(row, "first_cycle"),
            later_day=_inner_quantities(row, "later_day"),
            fever=fever if row.flag("fever_postpones") else None,
        )
        row.finish()
        if rule.id in rules:
            raise row.error("id", f"'{rule.id}' stands twice")
        _check_bands(row, rule)
        rules[rule.id] = rule
    return rules


def _check_bands(row: Table, rule: DayOneRule) -> None:
    """Refuse a reduced dose without bounds for the full one, and a full dose that asks for less than the reduced one."""
    if bool(rule.full) != (rule.reduced_percent is not None):
        raise row.error("reduced_percent", "and the bounds of the full dose must stand together")
    for name, bound in rule.full.items():
        if name not in rule.needed or bound.value < rule.needed[name].value:
            raise row.error(f"full_{name}", "leaves a gap or overlaps with the bound of the reduced dose")


def _quantities(row: Table) -> dict[str, Bound]:
    return {name: row.bound(name, unit) for name, unit in DAY1_UNITS.items() if row.has(name)}


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


PARTS = ("dose", "unit", "route", "days", "note")


def _component(part: Table) -> RegimenDrug:
    """Return one drug; what is not stated has no key, and a unit, route or day without a dose says nothing."""
    found = RegimenDrug(drug=part.text("drug"), **{name: part.text(name) for name in PARTS if part.has(name)})
    part.finish()
    if not found.dose and (found.unit or found.route or found.days):
        raise part.error("dose", "is missing beside a unit, a route or days")
    return found


def read_regimen(row: Table) -> Regimen:
    """Return one regimen; refuse a category that is none."""
    for key in ("cycle_text", "recovery_text"):
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
        number=row.text("number") if row.has("number") else "",
        name=row.text("name"),
        cancer=row.text("cancer"),
        drugs=row.text("drugs"),
        components=tuple(_component(part) for part in row.tables("components")),
        cycle_days=row.whole("cycle_days"),
        nadir_window=row.pair("nadir_window") if row.has("nadir_window") else None,
        nadir_text=row.text("nadir_text"),
        recovery_day=row.whole("recovery_day") if row.has("recovery_day") else None,
        day1_rule=row.text("day1_rule"),
        later_day_rule=row.text("later_day_rule") if row.has("later_day_rule") else None,
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
