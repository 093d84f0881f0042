"""What the rules say of a history at one moment; shapes follow `neutromon-evaluation/1` of the contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from neutromon.models.quantity import Quantity
from neutromon.models.standing import Tier as Tier


class AncOrigin(StrEnum):
    """How an ANC was obtained."""

    REPORTED = "reported"
    DERIVED = "derived"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """`block`: the value counts as unknown until a person has confirmed it; `warn`: shown beside it."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anc:
    """The absolute neutrophil count of a sample in 10*9/L, unrounded; `quantity` is None where it is unknown.

    `limits` are the 95 % limits of a manual differential, for display near a bound; a grade never rests on them.
    """

    quantity: Quantity | None
    origin: AncOrigin
    basis: str = ""
    limits: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A data problem of one field (`neutrophils`, `wbc`, ...), by the codes of the contract."""

    code: str
    field: str | None
    severity: Severity
    text: str
    suggestion: str | None = None


Grades = Mapping[str, tuple[int, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountEvaluation:
    """One sample as the rules read it; `grades` by rule set ("ctcae-5.0") and quantity, every possible grade ascending."""

    sample_id: str
    collected_at: datetime | None
    cycle: int | None
    cycle_day: int | None
    anc: Anc
    problems: tuple[Problem, ...]
    grades: Mapping[str, Grades]
    profound: bool | None
    values: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """An id of the clinical reference with the sentence shown for it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsfAdvice:
    """What one guideline says on G-CSF for this course; `band` is None where the guideline has none."""

    band: str | None
    advice: str
    reasons: tuple[Reason, ...] = ()
    cautions: tuple[Reason, ...] = ()
    missing: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsfTiming:
    """The timing verdict on one administration of a growth factor; `tail_days` is how long a long-acting one counts as acting.

    `hour_open` where the verdict goes by the date alone: the next treatment has no hour yet and may follow too soon.
    """

    product: str
    given_at: datetime | None
    verdict: str
    source: str
    planned: bool = False
    text: str = ""
    tail_days: int = 0
    hour_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsfCourse:
    """Whether a running course of daily growth factor goes on: `continue`, `may_stop`, `stop`."""

    product: str
    verdict: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOne:
    """The day-1 check: `meets` is None where it cannot be told; `limiting` is the first quantity that fails or lowers the dose.

    `asks` holds the bounds that apply, by quantity, and `valid_hours` how old a count may be; a chart draws its target from them.
    `last_known_fails` names the quantities that the latest count does not have and whose last known value, still valid, fails.
    """

    rule: str | None
    meets: bool | None
    limiting: str | None
    dose_percent: int | None
    text: str
    target_date: str | None = None
    limiting_text: str | None = None
    asks: Mapping[str, Quantity] = field(default_factory=dict)
    valid_hours: int | None = None
    last_known_fails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """MASCC or CISNE: never `low` while an item is missing."""

    score: int | None
    risk: str
    missing: tuple[str, ...] = ()
    applicable: bool | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Nadir:
    """The lowest gradable ANC of a cycle; "lowest measured" unless sampled in the regimen's window."""

    cycle: int
    value: str
    cycle_day: int
    sampled_in_window: bool
    sample_id: str = ""
    samples_in_window: int = 0
    days_below_0_5: tuple[Decimal, Decimal] | None = None
    recovery_day: int | None = None
    recovery_sample_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a finding rests on: guideline, version, inputs with time and source, and what was missing."""

    guideline: str
    version: str
    inputs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rule_file: str = ""
    needs_sign_off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a nurse should know now; `key` is the episode key, `lines` the five slots, `text` all of them as one text.

    `note` is what the alert's log keeps beside it, such as a downgrade by the patient's expected-nadir plan.
    """

    rule: str
    tier: Tier
    key: str
    text: str
    basis: Basis
    lines: tuple[str, ...] = ()
    family: str = ""
    cycle: int | None = None
    sample_ids: tuple[str, ...] = ()
    value: Decimal | None = None
    mechanism: str = ""
    observed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSetUsed:
    """A rule file that took part, so that an old evaluation can be explained."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that the rules say of one history at `now`.

    `neutrophil_bounds` are the grades' upper bounds by rule set, worst first (None: the lower limit of normal), `profound_below` and
    `lower_limits` (by quantity, as far as they could be read) the other lines of a chart.
    """

    now: datetime
    rule_sets: tuple[RuleSetUsed, ...]
    counts: tuple[CountEvaluation, ...]
    febrile_neutropenia: Mapping[str, str]
    gcsf: Mapping[str, GcsfAdvice]
    gcsf_timing: tuple[GcsfTiming, ...]
    gcsf_course: GcsfCourse | None
    day1: DayOne | None
    scores: Mapping[str, Score]
    nadirs: tuple[Nadir, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    protocol_version: str = ""
    cycle: int | None = None
    cycle_day: int | None = None
    in_nadir_window: bool | None = None
    neutrophil_bounds: Mapping[str, tuple[tuple[int, Decimal | None], ...]] = field(default_factory=dict)
    profound_below: Decimal | None = None
    lower_limits: Mapping[str, Quantity] = field(default_factory=dict)
