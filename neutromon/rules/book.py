"""The rule book: all rule data, read strictly, with version and digest of each file."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from neutromon.models.evaluation import RuleSetUsed
from neutromon.rules.book_parts import DayOneRule, FnRule, GcsfRule, GradeRules, Numbers, Products, Regimen, RuleFile
from neutromon.rules.fields import FieldReader
from neutromon.rules.logic import Bound
from neutromon.rules.read_guidelines import read_fn, read_gcsf, read_grades, read_head
from neutromon.rules.read_numbers import read_numbers
from neutromon.rules.read_treatment import read_day1, read_products, read_regimens
from neutromon.rules.reading import RuleError, Table
from neutromon.rules.schemas import SCHEMAS

READERS: Mapping[str, Callable[[Table, RuleFile], Any]] = {
    "grades": read_grades,
    "febrile_neutropenia": read_fn,
    "gcsf": read_gcsf,
    "gcsf_products": read_products,
    "day1": read_day1,
    "regimens": read_regimens,
    **{kind: read_numbers for kind in SCHEMAS},
}
SINGLE = ("gcsf_products", "day1", "regimens", *SCHEMAS)


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """Everything that the rules compute with; made once by `load_rules`."""

    files: tuple[RuleFile, ...]
    grades: Mapping[str, GradeRules]
    fn: Mapping[str, FnRule]
    gcsf: Mapping[str, GcsfRule]
    products: Products
    day1: Mapping[str, DayOneRule]
    regimens: Mapping[str, Regimen]
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    own_regimens: Mapping[str, Regimen] = field(default_factory=dict)

    def regimen(self, regimen_id: str | None) -> Regimen | None:
        """Return a regimen by its chart id, the clinic's own first; None where it is not known."""
        if regimen_id is None:
            return None
        return self.own_regimens.get(regimen_id) or self.regimens.get(regimen_id)

    def search_regimens(self, text: str, limit: int = 50) -> list[Regimen]:
        """Return regimens whose id, name, cancer or drugs hold every word of the text; names that begin with it first."""
        words = text.casefold().split()
        every = {**self.regimens, **self.own_regimens}.values()
        found = [r for r in every if all(word in r.haystack for word in words)]
        start = text.casefold().strip()
        return sorted(found, key=lambda r: (not r.id.casefold().startswith(start), r.id.casefold()))[:limit]

    def with_regimens(self, own: Mapping[str, Regimen]) -> "RuleBook":
        """Return the book with the clinic's own regimens."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return RuleBook(**(kept | {"own_regimens": dict(own)}))

    @cached_property
    def reader(self) -> FieldReader:
        """Return the reader of single values, which keeps what they say by this book's bounds."""
        return FieldReader(self.numbers["plausibility"])

    @cached_property
    def profound(self) -> Bound:
        """Return the bound of profound neutropenia, which every grade file gives."""
        return next(iter(self.grades.values())).profound

    @cached_property
    def used(self) -> tuple[RuleSetUsed, ...]:
        """Return every file with its version and digest, as an evaluation records them."""
        return tuple(RuleSetUsed(id=f.id, version=f.version, sha256=f.sha256) for f in self.files)


def load_rules(texts: Mapping[str, str]) -> RuleBook:
    """Return the rule book of files by name; `*.cases.toml` are passed over. Raise RuleError with file and line."""
    read: dict[str, dict[str, Any]] = {kind: {} for kind in READERS}
    files = []
    for name in sorted(texts):
        if name.endswith(".cases.toml") or not name.endswith(".toml"):
            continue
        table = Table.parse(name, texts[name])
        head = read_head(table, name, hashlib.sha256(texts[name].encode()).hexdigest())
        if head.kind not in READERS:
            raise table.error("kind", f"'{head.kind}' is not known")
        key = f"{head.id}-{head.version}" if head.kind == "grades" else head.id
        if key in read[head.kind]:
            raise table.error("id", f"'{key}' stands in two files")
        read[head.kind][key] = READERS[head.kind](table, head)
        table.finish()
        files.append(head)
    return _book(read, tuple(files))


def _book(read: Mapping[str, Mapping[str, Any]], files: tuple[RuleFile, ...]) -> RuleBook:
    for kind in SINGLE:
        if len(read[kind]) != 1:
            raise RuleError(f"There must be one rule file of the kind {kind}, not {len(read[kind])}.", "Complete the rule folder.")
    only = {kind: next(iter(read[kind].values())) for kind in SINGLE}
    book = RuleBook(
        files=files,
        grades=read["grades"],
        fn=read["febrile_neutropenia"],
        gcsf=read["gcsf"],
        products=only["gcsf_products"],
        day1=only["day1"],
        regimens=only["regimens"],
        numbers={kind: only[kind] for kind in SCHEMAS},
    )
    for regimen in book.regimens.values():
        for rule in (regimen.day1_rule, regimen.later_day_rule):
            if rule is not None and rule not in book.day1:
                raise RuleError(f"regimens: {regimen.id} names the day-1 rule {rule}, which is not there.", "Correct the file.")
    return book
