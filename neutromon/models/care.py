"""What a nurse records while she cares: a telephone call, the febrile-neutropenia pathway, the answer to a G-CSF consideration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from neutromon.models.history import GrowthFactor, Temperature

OUTCOMES = ("face_to_face", "review", "advice", "not_reached")
GCSF_ANSWERS = ("discuss", "prescribed", "not_indicated")


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageCall:
    """One telephone call: every sign asked (True, False) or not asked (None), what was measured, and how the call ended.

    `outcome` is one of OUTCOMES, `time_zero` the moment from which the pathway's clock runs, None where it is not started.
    """

    at: datetime
    signs: Mapping[str, bool | None] = field(default_factory=dict)
    temperature: Temperature | None = None
    masked: bool | None = None
    caller: str = ""
    outcome: str = ""
    note: str = ""
    time_zero: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """The febrile-neutropenia pathway of one episode: time zero, what was done when, what was found, how it ended.

    `done` maps a step of the assessment set to its time, `flags` a red flag to True or False; a missing flag was not looked for.
    `given_before` is the time of an antibiotic of which a person said that it was given before time zero: it stops the clock at 0 min.
    `missing` is what was not written down when it ended, `end_reason` why it ended all the same.
    """

    id: str = ""
    time_zero: datetime
    source: str = ""
    done: Mapping[str, datetime] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    note: str = ""
    ended_at: datetime | None = None
    outcome: str = ""
    given_before: datetime | None = None
    missing: tuple[str, ...] = ()
    end_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GcsfAnswer:
    """What was decided on a G-CSF consideration (one of GCSF_ANSWERS), with the advice as it was shown."""

    answer: str
    reason: str = ""
    guideline: str = ""
    band: str | None = None
    advice: str = ""
    planned: GrowthFactor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One question of the work-up of unexplained neutropenia: asked for, answered, with what result."""

    requested: date | None = None
    resulted: date | None = None
    result: str = ""
