"""The priors of the regimens, with the rules for combinations, sequences and unknown regimens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

GENERIC = "generic prior"
PARAMETERS = ("circ0", "mtt", "gamma", "lk", "t_e")
"""The random effects of a patient, in the order of every array of draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One drug group: log-kill of its reference dose, half-life of its effect in hours."""

    lk: float
    t_e_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of a regimen before the patient's own counts; SDs are those of logarithms, in the order of PARAMETERS.

    `sd_mtt_between` is what studies of one drug differ by in their transit time, added while a patient has one or two counts.
    """

    id: str
    label: str
    population: str
    circ0: float
    mtt_h: float
    gamma: float
    parts: tuple[Part, ...]
    sd: tuple[float, float, float, float, float]
    sd_occasion: float
    sigma: float
    sigma_affected: float
    cycle_days: int
    sd_mtt_between: float = 0.0
    days: tuple[int, ...] = (1,)
    share: float = 1.0
    late_nadir: bool = False
    nadir_day: float | None = None
    quality: str = ""
    note: str = ""
    caveat: str = ""
    generic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthProduct:
    """K-PD of a growth factor: units per dose, rates in 1/h, hours after a dose in which a count is affected."""

    units: float
    ka: float
    k0: float
    affected_h: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthModel:
    """The growth-factor model: gains and their SDs, the early release outside the feedback."""

    half: float
    k1: float
    gain_production: float
    gain_maturation: float
    sd_production: float
    sd_maturation: float
    spike: float
    sd_spike: float
    spike_mean_time_h: float
    daily: GrowthProduct
    long_acting: GrowthProduct


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPrior:
    """A regimen that is not forecast: `code` of the refusal and a plain reason."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorBook:
    """The whole file; `prior_for` answers for a regimen and a cycle."""

    version: str
    growth: GrowthModel
    priors: Mapping[str, Prior]
    links: Mapping[str, Mapping[str, Any]]
    populations: Mapping[str, Mapping[str, Any]]
    generic: Prior
    widening: float
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    abstain: Mapping[str, str] = field(default_factory=dict)

    def prior_for(self, regimen: str, cycle: int, *, cycle_days: int | None = None, duffy_null: bool = False) -> "Placed | NoPrior":
        """Return the prior of a regimen in a cycle with the first cycle it holds for; the generic one where there is none."""
        link = self.links.get(regimen, {"prior": regimen} if regimen in self.priors else {})
        if "out_of_scope" in link:
            return NoPrior(code="out_of_scope", reason=str(link["out_of_scope"]))
        if "none" in link:
            return NoPrior(code="no_regimen_model", reason=str(link["none"]))
        first, row = _phase(link, cycle)
        prior = self._of(row, regimen)
        days = link.get("cycle_days") or (cycle_days if prior.generic and cycle_days else prior.cycle_days)
        prior = replace(prior, cycle_days=int(days))
        if duffy_null:
            own = self.populations["duffy_null"]
            prior = replace(prior, circ0=own["circ0"], sd=(own["sd_circ0"], *prior.sd[1:]), population=own["name"])
        return Placed(prior=prior, first_cycle=first)

    def _of(self, row: Mapping[str, Any], regimen: str) -> Prior:
        if "parts" in row:
            return self._combined(row["parts"], regimen)
        name = row.get("prior")
        if name is None:
            own = self.populations[row.get("population", "solid")]
            prior = replace(self.generic, population=own["name"], circ0=own["circ0"])
            return replace(prior, sd=(own["sd_circ0"], *prior.sd[1:]))
        prior, scale = self.priors[name], float(row.get("scale", 1.0))
        prior = replace(prior, parts=tuple(replace(p, lk=p.lk * scale) for p in prior.parts), caveat=str(row.get("note", "")))
        return self._widened(prior) if row.get("widened") else prior

    def _combined(self, parts: Sequence[Mapping[str, Any]], regimen: str) -> Prior:
        """Return the sum of the parts' log-kills; the transit time is their mean by log-kill, the spread wider."""
        known = [(self.priors[part["prior"]], float(part.get("scale", 1.0))) for part in parts]
        kills = [prior.parts[0].lk * scale for prior, scale in known]
        first = known[0][0]
        prior = replace(
            first,
            id=regimen,
            label=" + ".join(prior.label for prior, _ in known),
            parts=tuple(Part(lk=lk, t_e_h=prior.parts[0].t_e_h) for lk, (prior, _) in zip(kills, known, strict=True)),
            mtt_h=sum(lk * prior.mtt_h for lk, (prior, _) in zip(kills, known, strict=True)) / sum(kills),
            nadir_day=None,
            quality="C",
            caveat="combination: only its parts are known",
        )
        return self._widened(prior)

    def _widened(self, prior: Prior) -> Prior:
        circ0, mtt, gamma, lk, t_e = prior.sd
        return replace(prior, sd=(circ0, mtt, gamma, lk + self.widening, t_e))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A prior and the first cycle of the course for which it holds."""

    prior: Prior
    first_cycle: int


def _phase(link: Mapping[str, Any], cycle: int) -> tuple[int, Mapping[str, Any]]:
    first = 1
    for phase in link.get("phases", ()):
        if "cycles" not in phase or cycle < first + int(phase["cycles"]):
            return first, phase
        first += int(phase["cycles"])
    return 1, link
