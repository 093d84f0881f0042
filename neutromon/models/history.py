"""A patient's history: every fact that is known, as it stands now; missing means unknown, never normal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from neutromon.models.quantity import Reported

COUNT_FIELDS = (
    "wbc",
    "neutrophils",
    "neutrophils_percent",
    "segs_percent",
    "bands_percent",
    "lymphocytes",
    "lymphocytes_percent",
    "monocytes",
    "monocytes_percent",
    "eosinophils_percent",
    "basophils_percent",
    "immature_granulocytes_percent",
    "metamyelocytes_percent",
    "blasts_percent",
    "granulocytes",
    "platelets",
    "hemoglobin",
    "mcv",
)
LIMIT_FIELDS = ("anc", "wbc", "platelets", "hemoglobin", "lymphocytes")


class Sex(StrEnum):
    """Administrative sex as recorded."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A patient number and who gave it."""

    value: str
    authority: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who the patient is, and what of her changes how counts are read; `lower_limits` by LIMIT_FIELDS."""

    id: str = ""
    identifier: Identifier | None = None
    other_identifiers: tuple[Identifier, ...] = ()
    family_name: str | None = None
    given_name: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    weight_kg: str | None = None
    height_cm: str | None = None
    lower_limits: Mapping[str, Reported] = field(default_factory=dict)
    duffy_null: bool | None = None
    risk_factors: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    labs: Mapping[str, Reported] = field(default_factory=dict)
    allergies: tuple[str, ...] = ()
    phone: str | None = None
    expected_nadir_plan: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentDay:
    """A further treatment day of a cycle (day 8, day 15): planned and given date, dose in per cent."""

    day: int
    planned: date | None = None
    given: date | None = None
    dose_percent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One cycle of a course; `day1` is the actual first drug day, `planned_day1` the plan; omitted doses have 0 per cent."""

    id: str = ""
    number: int
    planned_day1: date | None = None
    day1: date | None = None
    chemo_end: datetime | None = None
    dose_percent: str | None = None
    febrile_neutropenia: bool | None = None
    delay_reason: str | None = None
    treatment_days: tuple[TreatmentDay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course of chemotherapy: regimen id, intent ("curative" or "palliative"), cycles in order."""

    id: str = ""
    regimen: str | None = None
    fn_risk_percent: str | None = None
    intent: str | None = None
    concurrent_radiotherapy: bool | None = None
    day1_rule: str | None = None
    site_protocol: Mapping[str, object] = field(default_factory=dict)
    cycles: tuple[Cycle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a fact comes from: a person or a message, when received, original code and place."""

    source: str = ""
    received_at: datetime | None = None
    author: str = ""
    source_id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSample:
    """One specimen's results; `values` by COUNT_FIELDS, each as reported (percent fields carry the unit "%").

    `status` is a laboratory word ("final", "preliminary", "corrected", "amended", "cancelled", "entered-in-error"), None if unknown.
    `superseded` holds earlier versions of single fields, oldest first, for the chart's rings and the log; `others` holds results
    without a column of their own, as sent, by code. `versions` says, for each field or code, on which report it stands (status, time of
    the report, code) and which values it had before, so that an older report that arrives again changes nothing.
    """

    id: str = ""
    collected_at: datetime | None = None
    collected_text: str | None = None
    day_precision: bool = False
    status: str | None = None
    values: Mapping[str, Reported] = field(default_factory=dict)
    accession: str | None = None
    method: str | None = None
    differential_complete: bool | None = None
    superseded: tuple[tuple[str, Reported, str], ...] = ()
    others: Mapping[str, Reported] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperature:
    """A measured temperature: text as reported, unit (None means Cel), route, antipyretic taken before it."""

    id: str = ""
    at: datetime | None = None
    value: str
    unit: str | None = None
    route: str | None = None
    antipyretic_taken: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """A sign or symptom by its id of the clinical reference, section 14."""

    id: str = ""
    at: datetime | None = None
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthFactor:
    """One administration of a growth factor, given or planned."""

    id: str = ""
    product: str
    dose: str | None = None
    given_at: datetime | None = None
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Antibiotic:
    """An antimicrobial, with purpose "treatment" or "prophylaxis" and its end where it has one."""

    id: str = ""
    name: str
    given_at: datetime | None = None
    until: datetime | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugExposure:
    """A drug other than chemotherapy, for the work-up of unexplained neutropenia."""

    id: str = ""
    name: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalEvent:
    """A dated event of the lane: kind "transfusion", "admission", "discharge", "note", "call", ..., with a text."""

    id: str = ""
    kind: str
    at: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What a person recorded of the present episode; the inputs of MASCC and CISNE stay as data (contract, section 2)."""

    expected_fall_below_0_5: bool | None = None
    mascc: Mapping[str, object] | None = None
    cisne: Mapping[str, object] | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferral:
    """A decision that moved a planned treatment day: from when to when, when it was decided and by whom."""

    cycle: int
    day: int
    planned: date
    moved_to: date
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHistory:
    """Everything known about one patient; `course` is the running or latest course, `earlier_courses` the others.

    The planned days of `course` are those that stand now: `deferrals` says which of them a decision has moved.
    """

    patient: Patient = field(default_factory=Patient)
    course: Course | None = None
    earlier_courses: tuple[Course, ...] = ()
    counts: tuple[CountSample, ...] = ()
    temperatures: tuple[Temperature, ...] = ()
    symptoms: tuple[Symptom, ...] = ()
    growth_factors: tuple[GrowthFactor, ...] = ()
    antibiotics: tuple[Antibiotic, ...] = ()
    drugs: tuple[DrugExposure, ...] = ()
    events: tuple[ClinicalEvent, ...] = ()
    episode: Episode = field(default_factory=Episode)
    work_up: Mapping[str, object] = field(default_factory=dict)
    monitoring: str | None = None
    deferrals: tuple[Deferral, ...] = ()
