"""The parts of the rule book: what each kind of rule file holds once it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from neutromon.rules.logic import Bound


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
    single: Bound | None
    sustained: Sustained | None
    route: str | None
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
    source: str
    longest_days: int | None


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
    transient_days: int
    label_warnings: tuple[str, ...]

    def find(self, product: str) -> Product | None:
        """Return a product by its id, also with a biosimilar's suffix."""
        wanted = product.strip().casefold()
        if wanted in self.products:
            return self.products[wanted]
        return next((p for p in self.products.values() if wanted.startswith(f"{p.id}-")), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOneRule:
    """Bounds of a day-1 rule; `full` holds those for 100 per cent where lower counts allow a reduced dose, `fever` what postpones."""

    id: str
    applies: str
    source: str
    needed: Mapping[str, Bound]
    full: Mapping[str, Bound]
    reduced_percent: int | None
    first_cycle: Mapping[str, Bound]
    later_day: Mapping[str, Bound]
    fever: Bound | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenDrug:
    """One drug of a regimen, for recognition and search; what its source does not state is empty, never a guess."""

    drug: str
    dose: str = ""
    unit: str = ""
    route: str = ""
    days: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A regimen of the library or of the clinic; `categories` by guideline list: high, intermediate, low or unsettled.

    `drugs` is the protocol's own line, `components` the same drug by drug (empty in regimens that were stored before there were any).
    `based_on` is the id of the regimen that an own one was copied from.
    """

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
    later_day_rule: str | None = None
    number: str = ""
    author: str = ""
    version: str = ""
    effective_from: str = ""
    components: tuple[RegimenDrug, ...] = ()
    based_on: str = ""

    @property
    def title(self) -> str:
        """Return what it is called on a chart: an own one by its short name, which no other has, never by that of its parent."""
        return self.id if self.author else self.name

    @property
    def haystack(self) -> str:
        """Return what a search looks through."""
        names = " ".join(one.drug for one in self.components)
        return f"{self.number} {self.id} {self.name} {self.cancer} {self.drugs} {names}".casefold()


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
