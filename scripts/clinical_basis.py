"""Write docs/clinical-basis.md from the rule data: what fires, on which numbers, from which source, what is unverified."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from neutromon.rules import RuleBook  # noqa: E402
from neutromon.rules.book_parts import DayOneRule, FnRule, GcsfRule, Numbers, Regimen, Scale  # noqa: E402
from neutromon.rules.filled import UNITS, filled, shown  # noqa: E402
from neutromon.rules.logic import Bound  # noqa: E402
from neutromon.services.rule_book import load_book  # noqa: E402

PAGE = ROOT / "docs" / "clinical-basis.md"
TIER_NAMES = {1: "1 emergency", 2: "2 urgent", 3: "3 advisory", 4: "4 data"}
LEFT_OUT = (
    "FENCE: its points could not be sourced.",
    "SEOM 2018 as a definition of febrile neutropenia: its clause before the nadir is implied and names no number.",
    "EU and UK clozapine scheme: the change of 2025 is unverified.",
    "UKONS triage text: copyright, used by permission; the signs here are a list of our own.",
    "NCCN text: licensed; facts (category, bound, condition) only.",
    "Anaemia grades 4 and 5, febrile neutropenia grades 4 and 5: clinical, never from a number.",
    "Talcott groups: named by ASCO/IDSA 2018, not encoded.",
)


def page(book: RuleBook) -> str:
    """Return the whole page."""
    parts = [
        HEAD,
        *_files(book),
        *_findings(book),
        *_grades(book),
        *_fever(book),
        *_growth_factor(book),
        *_products(book),
        *_day_one(book),
        *_number_files(book),
        *_regimens(book),
        "## Left out, and why\n",
        *(f"- {line}" for line in LEFT_OUT),
    ]
    return "\n".join(parts).rstrip() + "\n"


HEAD = """# Clinical basis

This page is written by `scripts/clinical_basis.py` from the files in `resources/rules` and `resources/regimens`; do not edit it by hand.
It lists what fires, on which numbers, from which source, and what a clinician still has to confirm. A number stands with the comparator
that decides exactly at the bound. "Recalled" in a source means: not read in the original.

The program supports a nurse's or physician's decision; it gives no order, and nothing unknown is ever shown as normal.
"""


def row(*cells: str) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def header(*names: str) -> Iterator[str]:
    """Give the head of a table."""
    yield row(*names)
    yield "|" + "---|" * len(names)


def _files(book: RuleBook) -> Iterator[str]:
    yield "## Rule files\n"
    yield from header("File", "What", "Version", "Status", "Source")
    for head in sorted(book.files, key=lambda file: file.name):
        yield row(f"`{head.name}`", head.title, head.version, head.review, head.source)
    open_ones = [head.name for head in book.files if head.needs_sign_off]
    yield f"\n{len(open_ones)} of {len(book.files)} files need clinical sign-off.\n"


def _findings(book: RuleBook) -> Iterator[str]:
    numbers = book.numbers["findings"]
    yield f"## What fires\n\n{numbers.file.use} {numbers.file.misuse} {numbers.file.review.capitalize()}.\n"
    yield from header("Finding", "Tier", "When", "Basis")
    for rule, tier in numbers.tables["tier"].items():
        yield row(f"`{rule}`", TIER_NAMES[tier], filled(numbers.tables["when"][rule], book), numbers.tables["basis"][rule])
    yield ""
    yield from _numbers(numbers)


def _numbers(numbers: Numbers) -> Iterator[str]:
    """Give every single number of a file as a table."""
    rows = [(name, shown(bound)) for name, bound in numbers.bounds.items()]
    rows += [(name, str(value)) for name, value in {**numbers.decimals, **numbers.wholes}.items()]
    if rows:
        yield from header("Number", "Value")
        yield from (row(name.replace("_", " "), value) for name, value in rows)
        yield ""


def _grades(book: RuleBook) -> Iterator[str]:
    for rules in book.grades.values():
        yield f"## CTCAE {rules.file.version}\n\n{rules.file.use} {rules.file.misuse}\n"
        yield from header("Quantity", "Unit", "Grade below")
        for scale in rules.scales.values():
            yield row(scale.quantity, UNITS.get(scale.unit, scale.unit), _scale(scale))
        yield f"\nProfound: {shown(rules.profound)}.\n"


def _scale(scale: Scale) -> str:
    return ", ".join(f"G{grade} {'LLN' if bound is None else bound}" for grade, bound in scale.bounds)


def _fever(book: RuleBook) -> Iterator[str]:
    yield "## Febrile neutropenia, definitions side by side\n"
    yield from header("Definition", "ANC", "Expected fall", "Single", "Sustained", "Other", "Status")
    for name, rule in book.fn.items():
        yield row(name, shown(rule.anc), _fall(rule), _single(rule), _sustained(rule), _other(rule), rule.file.review)
    yield ""
    yield from _section(book.numbers["expected_fall"])


def _fall(rule: FnRule) -> str:
    if not rule.expected_fall:
        return "no"
    return f"yes, {shown(rule.expected_fall_bound)}" if rule.expected_fall_bound else "yes, no upper bound"


def _single(rule: FnRule) -> str:
    return shown(rule.single) if rule.single else "no"


def _sustained(rule: FnRule) -> str:
    return f"{shown(rule.sustained.temperature)} for {shown(rule.sustained.minutes)}" if rule.sustained else "no"


def _other(rule: FnRule) -> str:
    words = ["signs of sepsis in place of fever"] if rule.sepsis_signs else []
    words += [f"{rule.route} readings only"] if rule.route else []
    return "; ".join([*words, *(["a grading"] if rule.grading else [])]) or "-"


def _growth_factor(book: RuleBook) -> Iterator[str]:
    yield "## Growth factor by guideline\n"
    yield from header("Guideline", "High", "Intermediate", "Factors", "In febrile neutropenia", "Numbers", "Status")
    for name, rule in book.gcsf.items():
        bands = shown(rule.high), shown(rule.intermediate)
        yield row(name, *bands, _list(rule.factors), _therapeutic(rule), _bounds(rule), rule.file.review)
    nice = book.numbers["gcsf_nice"]
    yield f"\nNICE CG151: {nice.texts['not_routine']}; {nice.texts['integral']}: recommend. {nice.file.source}.\n"


def _therapeutic(rule: GcsfRule) -> str:
    return _list(rule.therapeutic_factors) if rule.therapeutic_factors else "no word of its own"


def _bounds(rule: GcsfRule) -> str:
    return "; ".join(f"{name.replace('_', ' ')} {shown(bound)}" for name, bound in rule.bounds.items()) or "-"


def _list(items: tuple[str, ...]) -> str:
    return ", ".join(item.replace("_", " ") for item in items) or "-"


def _products(book: RuleBook) -> Iterator[str]:
    products = book.products
    yield f"## Growth-factor products\n\n{products.file.use} {products.file.misuse}\n"
    yield from header("Product", "Dose", "Start", "Stop", "Source")
    for product in products.products.values():
        yield row(f"`{product.id}`", product.dose, product.start, product.stop, product.source)
    close, caution = products.too_close_below_days, products.caution_below_days
    yield f"\n- Not before {products.not_before_hours} h after chemotherapy."
    yield f"- Long-acting: closer than {close} days to the next day 1 is too close, closer than {caution} days a caution."
    yield f"- Daily course past the nadir: stop {shown(products.stop_above)}, may stop {shown(products.may_stop_from)};"
    yield f"  the first {products.transient_days} days say nothing.\n"
    yield from header("Caution", "Source")
    yield from (row(own.text, own.source) for own in products.cautions)
    yield f"\nFurther label warnings: {', '.join(products.label_warnings)}.\n"


def _day_one(book: RuleBook) -> Iterator[str]:
    yield "## Day-1 rules\n"
    yield from header("Rule", "Applies", "Asks for", "Full dose", "First cycle", "Later day", "Fever", "Source")
    for rule in book.day1.values():
        later = _asked(rule.first_cycle), _asked(rule.later_day)
        yield row(rule.id, rule.applies, _asked(rule.needed), _full(rule), *later, _postpones(rule), rule.source)
    yield ""


def _asked(bounds: Mapping[str, Bound]) -> str:
    return ", ".join(f"{name} {shown(bound)}" for name, bound in bounds.items()) or "-"


def _full(rule: DayOneRule) -> str:
    return f"{_asked(rule.full)}, else {rule.reduced_percent} %" if rule.full else "-"


def _postpones(rule: DayOneRule) -> str:
    return f"{shown(rule.fever)} postpones" if rule.fever else "-"


SECTIONS = ("plausibility", "scores", "depth", "prophylaxis", "triage", "causes", "duffy_null", "clozapine")


def _number_files(book: RuleBook) -> Iterator[str]:
    for kind in SECTIONS:
        yield from _section(book.numbers[kind])


def _section(numbers: Numbers) -> Iterator[str]:
    """Give one file of numbers: use and misuse, numbers, lists, tables and rows as they stand."""
    head = numbers.file
    yield f"## {head.title}\n\n{head.use} {head.misuse}\n\nSource: {head.source}. {head.review.capitalize()}.\n"
    yield from _numbers(numbers)
    for name, texts in numbers.lists.items():
        yield f"- {name.replace('_', ' ')}: {', '.join(texts)}"
    for name, text in numbers.texts.items():
        yield f"- {name.replace('_', ' ')}: {text}"
    for name, table in numbers.tables.items():
        yield f"\n**{name.upper()}**: " + "; ".join(f"{key.replace('_', ' ')} {_cell(value)}" for key, value in table.items())
    for rows in numbers.rows.values():
        keys = list(dict.fromkeys(key for own in rows for key in own))
        yield ""
        yield from header(*keys)
        yield from (row(*(_cell(own.get(key, "-")) for key in keys)) for own in rows)
    yield ""


def _cell(value: Any) -> str:
    if isinstance(value, Bound):
        return shown(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _regimens(book: RuleBook) -> Iterator[str]:
    yield "## Regimens\n\nCategories are those of the lists, with the list's own words; a clinic can add and edit its own.\n"
    columns = (
        "No",
        "Id",
        "Cancer",
        "Drugs, doses, days",
        "Cycle",
        "Nadir",
        "Recovery",
        "Day 1",
        "Later days",
        "NCCN",
        "EORTC 2010",
        "Doses",
    )
    yield from header(*columns)
    for regimen in book.regimens.values():
        yield _regimen(regimen)
    yield ""


def _regimen(regimen: Regimen) -> str:
    recovery = f"d{regimen.recovery_day}" if regimen.recovery_day is not None else "-"
    lists = [f"{regimen.categories[name]} ({regimen.category_texts[name]})" for name in ("nccn", "eortc-2010")]
    cells = [regimen.number, f"`{regimen.id}`", regimen.cancer, regimen.drugs, f"{regimen.cycle_days} d", regimen.nadir_text, recovery]
    return row(*cells, regimen.day1_rule, regimen.later_day_rule or "-", *lists, regimen.doses)


def main(arguments: list[str]) -> int:
    """Write the page, or with --check return 1 where it is not current."""
    wanted = page(load_book())
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print("docs/clinical-basis.md is not current: run scripts/clinical_basis.py.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
