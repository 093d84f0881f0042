"""A patient's course as the engine takes it: doses, counts and growth factors in hours from time zero."""

import hashlib
from dataclasses import dataclass, replace

from neutromon.forecast.priors import GrowthModel, Prior


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dose:
    """A dose relative to the reference dose; `cycle` carries its own deviation."""

    time_h: float
    amount: float
    cycle: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Count:
    """A count in 10^9/L; `side` -1 for "below", +1 for "above"; `affected` by a growth factor or an early release."""

    time_h: float
    value: float
    side: int = 0
    affected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class GrowthDose:
    """One administration of a growth factor."""

    time_h: float
    long_acting: bool
    units: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is done to the patient: given and planned doses, growth factors."""

    doses: tuple[Dose, ...]
    growth: tuple[GrowthDose, ...] = ()

    def in_order(self) -> "Treatment":
        """Return the same with everything sorted, so that the order of entry does not matter."""
        return Treatment(doses=tuple(sorted(self.doses)), growth=tuple(sorted(self.growth)))

    def before(self, time_h: float) -> "Treatment":
        """Return what was given before a time."""
        return Treatment(
            doses=tuple(dose for dose in self.doses if dose.time_h < time_h),
            growth=tuple(given for given in self.growth if given.time_h < time_h),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One patient in one regimen; `key` is the patient, for the seed."""

    key: str
    prior: Prior
    growth_model: GrowthModel
    treatment: Treatment
    counts: tuple[Count, ...]

    def in_order(self) -> "Course":
        """Return the same with everything sorted."""
        return replace(self, treatment=self.treatment.in_order(), counts=tuple(sorted(self.counts)))

    @property
    def seed(self) -> int:
        """Return the seed: the same patient with the same counts draws the same numbers, whatever is planned."""
        counts = [(c.time_h, c.value, c.side, c.affected) for c in sorted(self.counts)]
        text = repr((self.key, self.prior.id, counts)).encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of a forecast, in hours from time zero."""

    now_h: float
    start_h: float
    day1_h: float
    next_dose_h: float | None
    end_h: float
    rows_h: tuple[float, ...]
    threshold: float
