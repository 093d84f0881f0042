"""Virtual patients for the forecast's acceptance: draw true parameters, take counts, forecast, compare with the truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from neutromon.forecast import summary
from neutromon.forecast.course import Ask, Count, Course, Dose, GrowthDose, Treatment
from neutromon.forecast.engine import CONTRADICTION, Learnt, conflicts, project, study
from neutromon.forecast.kernel import Array
from neutromon.forecast.library import KERNEL
from neutromon.forecast.likelihood import normal_cdf
from neutromon.forecast.priors import GrowthModel, Part, Prior
from neutromon.forecast.simulate import Draws, Simulator, course_grid

CYCLE_H = 504.0
SIGMA = 0.35


def docetaxel_like(*, t_e_h: float = 12.0, sd_occasion: float = 1e-3) -> Prior:
    """Return the population of the calibration (reference, section 7)."""
    return Prior(
        id="virtual",
        label="virtual docetaxel",
        population="virtual",
        circ0=5.0,
        mtt_h=88.0,
        gamma=0.16,
        parts=(Part(lk=3.4, t_e_h=t_e_h),),
        sd=(0.38, 0.16, 0.15, 0.45, 0.45),
        sd_occasion=sd_occasion,
        sigma=SIGMA,
        sigma_affected=0.8,
        cycle_days=21,
        sd_mtt_between=0.12,
    )


def daily_docetaxel() -> Prior:
    """Return the population of DDMODEL00000224 as a dose-only model (Kloft 2006: LK 4.28, residual 0.424)."""
    return replace(
        docetaxel_like(t_e_h=6.0),
        circ0=5.21965,
        mtt_h=84.1791,
        gamma=0.144543,
        parts=(Part(lk=4.28, t_e_h=6.0),),
        sd=(0.2529, 0.1385, 1e-3, 0.3583, 0.1),
        sigma=0.424093,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is known of a patient: days of counts (day 1 = dose day) per cycle given, the cycle asked about."""

    name: str
    days: tuple[float, ...]
    cycles: int = 1
    ahead: bool = False

    @property
    def treatment(self) -> Treatment:
        """Return one dose a cycle, and one more where the next cycle is asked about."""
        doses = self.cycles + (1 if self.ahead else 0)
        return Treatment(doses=tuple(Dose(time_h=CYCLE_H * c, amount=1.0, cycle=c + 1) for c in range(doses)))

    @property
    def count_times(self) -> list[float]:
        """Return the hours of the counts."""
        return sorted({CYCLE_H * c + 24.0 * (day - 1.0) for c in range(self.cycles) for day in self.days})

    @property
    def ask(self) -> Ask:
        """Return what is asked: from the last count to the day 1 after it."""
        last = self.count_times[-1]
        start = CYCLE_H * (self.cycles if self.ahead else self.cycles - 1)
        day1 = start + CYCLE_H
        return Ask(
            now_h=last,
            start_h=start,
            day1_h=day1,
            next_dose_h=None,
            end_h=day1,
            rows_h=(start + 24.0 * 15, day1),
            threshold=1.5,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """The true course of every patient on a grid, her counts with error, and measured values at the asked rows."""

    nadir: Array
    nadir_h: Array
    rows: Array
    measured_rows: Array
    counts: Array
    parameters: Array
    back_h: Array


def simulate(
    prior: Prior,
    design: Design,
    growth: GrowthModel,
    patients: int,
    random: np.random.Generator,
    *,
    freedom: float | None = None,
    given: Sequence[GrowthDose] = (),
) -> Truth:
    """Return what is true of virtual patients; `freedom` makes the residual heavy-tailed, `given` is a growth factor nobody records."""
    treatment = replace(design.treatment, growth=tuple(given))
    ask = design.ask
    cycles = sorted({dose.cycle for dose in treatment.doses})
    own = random.standard_normal((patients, 5)) * np.array(prior.sd)
    kappa = random.standard_normal((patients, len(cycles))) * prior.sd_occasion
    draws = Draws(own=own, kappa=kappa, gain=random.standard_normal(patients), spike=random.standard_normal(patients))
    course = Course(key="", prior=prior, growth_model=growth, treatment=treatment, counts=())
    wanted = [*design.count_times, *ask.rows_h, ask.now_h, ask.day1_h]
    grid = course_grid(treatment, wanted, ask.end_h)
    curves = Simulator(course, treatment, grid, cycles, KERNEL).run(draws)
    part = summary.window(curves, ask.now_h, ask.day1_h)
    at, lowest = summary.lowest_of(part)

    def noise(rows: int) -> Array:
        if freedom is None:
            return prior.sigma * random.standard_normal((rows, patients))
        return prior.sigma * random.standard_t(freedom, (rows, patients))

    rows = np.log(curves.at(ask.rows_h))
    return Truth(
        nadir=lowest,
        nadir_h=at,
        rows=rows,
        measured_rows=rows + noise(len(rows)),
        counts=np.exp(np.log(curves.at(design.count_times)) + noise(len(design.count_times))),
        parameters=own,
        back_h=back_to_baseline(part, prior.circ0 * np.exp(own[:, 0])),
    )


def back_to_baseline(part: summary.Window, circ0: Array) -> Array:
    """Return when each course first reaches its own baseline again after its lowest count."""
    place = part.ln.argmin(axis=0)
    reached = (part.ln >= np.log(circ0)) & (np.arange(len(part.times))[:, None] > place)
    first = reached.argmax(axis=0)
    draws = np.arange(len(place))
    before, after = part.ln[np.maximum(first - 1, 0), draws], part.ln[first, draws]
    share = np.clip((np.log(circ0) - before) / np.maximum(after - before, 1e-12), 0.0, 1.0)
    crossed = part.times[np.maximum(first - 1, 0)] + share * (part.times[first] - part.times[np.maximum(first - 1, 0)])
    return np.where(reached.any(axis=0), crossed, np.inf)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """One forecast beside the truth."""

    refused: bool
    flagged: bool
    pit_nadir: float = np.nan
    nadir_error: float = np.nan
    nadir_ln_bias: float = np.nan
    day_error: float = np.nan
    pit_measured: float = np.nan
    p_d16: float = np.nan
    pit_parameters: tuple[float, ...] = ()
    recovery_error_d: float = np.nan
    method: str = ""


def judge(prior: Prior, design: Design, growth: GrowthModel, truth: Truth, patient: int) -> Judged:
    """Forecast one patient from her counts alone and compare."""
    counts = tuple(Count(time_h=t, value=float(v)) for t, v in zip(design.count_times, truth.counts[:, patient], strict=True))
    course = Course(key=str(patient), prior=prior, growth_model=growth, treatment=design.treatment, counts=counts)
    learnt = study(course)
    worst = float(np.abs(learnt.posterior.residuals).max(initial=0.0))
    if not learnt.posterior.enough or worst > CONTRADICTION:
        return Judged(refused=True, flagged=True)
    return _compared(learnt, design, truth, patient)


def _compared(learnt: Learnt, design: Design, truth: Truth, patient: int) -> Judged:
    ask, weights, sigma = design.ask, learnt.posterior.weights, learnt.course.prior.sigma
    curves = project(learnt, ask, learnt.course.treatment, KERNEL)
    part = summary.window(curves, ask.now_h, ask.day1_h)
    at, lowest = summary.lowest_of(part)
    middle = summary.spread(lowest, weights).median
    rows = np.log(np.maximum(curves.at(ask.rows_h), summary.SMALLEST))
    own = learnt.posterior.draws.own
    back = back_to_baseline(part, learnt.course.prior.circ0 * np.exp(own[:, 0]))
    finite = np.where(np.isfinite(back), back, ask.day1_h + 240.0)
    true_back = truth.back_h[patient]
    return Judged(
        refused=False,
        flagged=conflicts(learnt, curves, weights, KERNEL).any,
        pit_nadir=float(weights @ (lowest < truth.nadir[patient])),
        nadir_error=abs(float(np.exp(middle - truth.nadir[patient])) - 1.0),
        nadir_ln_bias=middle - float(truth.nadir[patient]),
        day_error=abs(summary.spread(at, weights).median - float(truth.nadir_h[patient])) / 24.0,
        pit_measured=float(weights @ normal_cdf((truth.measured_rows[1, patient] - rows[1]) / sigma)),
        p_d16=summary.at_or_above(rows[0], weights, 1.5, sigma),
        pit_parameters=tuple(float(weights @ (own[:, k] < truth.parameters[patient, k])) for k in range(5)),
        recovery_error_d=abs(summary.spread(finite, weights).median - float(true_back)) / 24.0 if np.isfinite(true_back) else np.nan,
        method=learnt.posterior.method,
    )
