"""The engine: what counts teach, what is drawn, what is said, what is refused; the properties that must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neutromon.forecast import posterior as posterior_module
from neutromon.forecast import summary
from neutromon.forecast.course import Count, Course, Dose, GrowthDose, Treatment
from neutromon.forecast.engine import Disagreement, Prediction, predict, project, study
from neutromon.forecast.kernel import Kernel
from neutromon.forecast.library import KERNEL
from neutromon.forecast.posterior import Problem, Proposal, effective_size, learn, normalised
from neutromon.forecast.simulate import Curves, Draws, Simulator, course_grid
from tests.forecast.made_up import CYCLE_H, FALL, a_course, an_ask

DAILY = tuple(GrowthDose(time_h=10.0 + 24.0 * day, long_acting=False, units=1.0) for day in range(4, 11))
PEG = (GrowthDose(time_h=36.0, long_acting=True, units=6.0),)


def forecast(course: Course, now_day: float = 12.5, *, draws: int = 400, **ask: object) -> Prediction:
    found = predict(study(course, draws=draws), an_ask(now_day, **ask))  # type: ignore[arg-type]
    assert isinstance(found, Prediction)
    return found


def test_that_both_kernels_forecast_the_same(kernel: Kernel) -> None:
    own = predict(study(a_course(), kernel=kernel, draws=300), an_ask(), kernel=kernel)
    other = forecast(a_course(), draws=300)
    assert isinstance(own, Prediction)
    assert own.fan == pytest.approx(other.fan, rel=1e-6)
    assert own.kernel == kernel.name


def test_that_the_same_data_gives_the_same_numbers_in_any_order() -> None:
    course = a_course(doses=2)
    shuffled = replace(course, counts=course.counts[::-1], treatment=Treatment(doses=course.treatment.doses[::-1]))
    first, again, back = forecast(course), forecast(course), forecast(shuffled)
    assert repr(first) == repr(again)
    assert repr(first.nadir) == repr(back.nadir)
    assert (first.fan == back.fan).all()


def test_that_another_patient_draws_other_numbers() -> None:
    first, other = forecast(a_course()), forecast(a_course(key="T-2"))
    assert first.nadir.value.median != other.nadir.value.median
    assert first.nadir.value.median == pytest.approx(other.nadir.value.median, rel=0.15)


def test_that_a_low_count_lowers_the_forecast() -> None:
    low = forecast(a_course(((0.0, 4.4), (8.0, 0.2))), 8.5)
    high = forecast(a_course(((0.0, 4.4), (8.0, 2.4))), 8.5)
    assert low.nadir.value.p95 < high.nadir.value.median
    assert low.nadir.probability_below_0_5 > 0.95 > 0.05 > high.nadir.probability_below_0_5


def test_that_without_a_drug_nothing_falls() -> None:
    course = a_course(((0.0, 4.4), (8.0, 4.4)), amount=1.0)
    none = replace(course, treatment=Treatment(doses=()))
    found = forecast(none, 8.5)
    middle = found.fan[:, 3]
    assert middle.max() / middle.min() < 1.001
    assert found.nadir.probability_below_0_5 < 0.01


@settings(max_examples=20)
@given(factor=st.floats(0.2, 1.8))
def test_that_a_scaled_dose_is_a_scaled_log_kill(factor: float) -> None:
    course = a_course(())
    parts = tuple(replace(part, lk=part.lk * factor) for part in course.prior.parts)
    of_dose = replace(course, treatment=Treatment(doses=(Dose(time_h=10.0, amount=factor, cycle=1),)))
    of_kill = replace(course, prior=replace(course.prior, parts=parts))
    assert forecast(of_dose, draws=60).fan == pytest.approx(forecast(of_kill, draws=60).fan, rel=1e-9)


def test_that_doses_after_the_last_count_teach_nothing() -> None:
    here = study(a_course(doses=1), draws=200)
    later = study(a_course(doses=2, growth=[GrowthDose(time_h=600.0, long_acting=True, units=6.0)]), draws=200)
    assert (here.posterior.draws.own == later.posterior.draws.own).all()
    assert (here.posterior.weights == later.posterior.weights).all()


def test_that_a_what_if_shares_the_random_numbers() -> None:
    learnt = study(a_course(doses=2), draws=300)
    ask = an_ask(next_dose=True)
    plan = predict(learnt, ask)
    reduced = Treatment(doses=tuple(replace(d, amount=0.75) if d.cycle == 2 else d for d in learnt.course.treatment.doses))
    less = predict(learnt, ask, reduced)
    assert isinstance(plan, Prediction) and isinstance(less, Prediction)
    assert plan.next_nadir is not None and less.next_nadir is not None
    assert less.next_nadir.value.median > plan.next_nadir.value.median
    assert (plan.samples[:, :21] == less.samples[:, :21]).all()


@pytest.mark.parametrize("growth", [DAILY, PEG])
def test_that_a_growth_factor_shortens_the_low(growth: tuple[GrowthDose, ...]) -> None:
    learnt = study(a_course(((0.0, 4.4), (3.0, 3.6))), draws=400)
    ask = an_ask(3.5)
    without, with_it = predict(learnt, ask), predict(learnt, ask, replace(learnt.course.treatment, growth=growth))
    assert isinstance(without, Prediction) and isinstance(with_it, Prediction)
    assert with_it.nadir.days_below_0_5.median <= without.nadir.days_below_0_5.median
    assert with_it.recovery_h.median < without.recovery_h.median


def test_that_a_recorded_growth_factor_is_learnt_from_and_down_weighted() -> None:
    course = a_course(FALL, growth=DAILY)
    affected = replace(course, counts=tuple(replace(c, affected=c.time_h > 100.0) for c in course.counts))
    learnt = study(affected, draws=200)
    assert learnt.posterior.draws.gain.std() > 0.3
    problem = Problem(affected.in_order(), KERNEL)
    assert problem.residual.sd.tolist() == [0.35, 0.8, 0.8]
    assert len(problem.variance) == 7


def test_that_the_early_release_does_not_feed_back() -> None:
    course = a_course(())
    treatment = replace(course.treatment, growth=(GrowthDose(time_h=200.0, long_acting=False, units=1.0),))
    grid = course_grid(treatment, [400.0], 400.0)
    draws = Draws(own=np.zeros((2, 5)), kappa=np.zeros((2, 1)), gain=np.zeros(2), spike=np.array([-30.0, 0.0]))
    blood = Simulator(course, treatment, grid, [1], KERNEL).run(draws).blood
    apart = blood[:, 1] - blood[:, 0]
    assert apart[grid.nodes < 200.0].max() == 0.0
    assert apart.max() > 0.1
    assert apart[-1] < 0.05 * apart.max()


def test_that_a_censored_count_pulls_down_without_a_number() -> None:
    exact = a_course(((0.0, 4.4), (9.0, 0.8)))
    censored = replace(exact, counts=(exact.counts[0], replace(exact.counts[1], value=0.1, side=-1)))
    assert forecast(censored, 9.5).nadir.value.median < forecast(exact, 9.5).nadir.value.median


def test_that_counts_which_contradict_the_regimen_give_no_numbers() -> None:
    wild = a_course(((0.0, 4.4), (7.0, 9.0), (8.0, 0.05), (9.0, 9.0), (10.0, 0.05), (11.0, 12.0)))
    found = predict(study(wild, draws=300), an_ask())
    assert isinstance(found, Disagreement)
    assert found.residual > 3.0


def test_that_a_count_that_surprises_is_told() -> None:
    found = forecast(a_course(((0.0, 4.4), (6.0, 2.0), (8.0, 0.5), (9.0, 5.5))), 9.5)
    assert found.conflicts.newest_surprises
    assert not forecast(a_course()).conflicts.any


def test_that_an_unrecorded_growth_factor_is_suspected() -> None:
    course = a_course((), doses=1)
    treatment = replace(course.treatment, growth=PEG)
    days = [0.0, 5.0, 7.0, 8.0, 10.0, 12.0]
    times = [24.0 * d + 9.0 for d in days]
    grid = course_grid(treatment, times, 400.0)
    true = Simulator(course, treatment, grid, [1], KERNEL).run(Draws.typical(np.zeros((1, 5)), np.zeros((1, 1)))).at(times)[:, 0]
    found = forecast(a_course(list(zip(days, true.tolist(), strict=True))))
    assert found.conflicts.unrecorded_growth > 0.2


def test_that_a_window_that_has_passed_its_low_starts_from_now() -> None:
    found = forecast(a_course(((0.0, 4.4), (8.0, 0.6), (18.0, 4.2))), 18.2)
    assert found.nadir.time_h.median == pytest.approx(24.0 * 18.2, abs=24.0)
    assert found.recovered_share > 0.99
    assert found.day1_measured > 0.95


def test_that_measured_and_latent_are_two_questions() -> None:
    found = forecast(a_course(((0.0, 2.0), (8.0, 0.5))), 8.5, threshold=2.0)
    assert found.day1_measured != found.day1_latent
    assert abs(found.day1_measured - 0.5) <= abs(found.day1_latent - 0.5) + 0.05


def test_that_the_best_day_for_blood_lies_ahead_and_before_day_1() -> None:
    found = forecast(a_course(((0.0, 4.4), (6.0, 2.0))), 6.5)
    assert found.next_draw_row is not None and 7 <= found.next_draw_row <= 20
    assert forecast(a_course(), 20.9).next_draw_row is None


def test_that_several_drug_groups_add_up() -> None:
    course = a_course(())
    part = course.prior.parts[0]
    halves = replace(course, prior=replace(course.prior, parts=(replace(part, lk=part.lk / 2),) * 2))
    assert forecast(halves, draws=60).fan == pytest.approx(forecast(course, draws=60).fan, rel=1e-9)


def test_that_draws_without_finite_numbers_do_not_spoil_the_others() -> None:
    learnt = study(a_course(doses=1), draws=200)
    learnt.posterior.draws.own[0, 3] = 900.0
    found = predict(learnt, an_ask())
    assert isinstance(found, Prediction)
    assert np.isfinite(found.fan).all() and np.isfinite(found.day1_measured)


finite_count = st.tuples(st.floats(0.0, 60.0), st.floats(1e-3, 200.0), st.sampled_from([-1, 0, 1]), st.booleans())
dose = st.tuples(st.floats(0.0, 40.0), st.floats(0.0, 2.0), st.integers(1, 3))


@settings(max_examples=25)
@given(counts=st.lists(finite_count, max_size=6), doses=st.lists(dose, max_size=4), peg=st.lists(st.floats(0.0, 30.0), max_size=2))
def test_that_whatever_is_finite_gives_finite_numbers_or_a_refusal(
    counts: list[tuple[float, float, int, bool]], doses: list[tuple[float, float, int]], peg: list[float]
) -> None:
    course = replace(
        a_course(()),
        treatment=Treatment(
            doses=tuple(Dose(time_h=24.0 * d, amount=a, cycle=c) for d, a, c in doses),
            growth=tuple(GrowthDose(time_h=24.0 * d, long_acting=d > 10, units=1.0) for d in peg),
        ),
        counts=tuple(Count(time_h=24.0 * d, value=v, side=s, affected=a) for d, v, s, a in counts),
    )
    found = predict(study(course, draws=80), an_ask())
    if isinstance(found, Disagreement):
        return
    shown = [found.fan, found.samples, found.measured, found.day1_measured, found.day1_latent, *found.individual.values()]
    assert all(np.isfinite(values).all() for values in shown)
    assert (np.diff(found.fan, axis=1) >= -1e-9).all()


def test_that_too_few_effective_draws_lead_to_the_adaptive_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posterior_module, "ENOUGH", 390.0)
    assert learn(a_course().in_order(), KERNEL, 400).method == "AMIS"
    monkeypatch.setattr(posterior_module, "ENOUGH", 1e9)
    assert learn(a_course().in_order(), KERNEL, 400).method == "prior"


def test_that_all_three_ways_to_draw_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    medians = []
    for enough in (1.0, 950.0, 1e9):
        monkeypatch.setattr(posterior_module, "ENOUGH", enough)
        found = learn(a_course().in_order(), KERNEL, 2000)
        medians.append([summary.spread(column, found.weights).median for column in found.draws.own.T])
    assert medians[0] == pytest.approx(medians[1], abs=0.08)
    assert medians[0] == pytest.approx(medians[2], abs=0.08)


def test_that_weights_without_any_finite_number_are_no_agreement() -> None:
    weights, mean = normalised(np.array([-np.inf, np.nan, -np.inf]))
    assert weights.tolist() == pytest.approx([1 / 3] * 3)
    assert mean == -np.inf
    assert effective_size(np.array([0.5, 0.5])) == 2.0


def test_that_the_proposal_has_the_density_it_draws_from() -> None:
    proposal = Proposal.around(np.array([1.0, -2.0]), np.array([[1.0, 0.3], [0.3, 0.5]]))
    draws = proposal.draw(np.random.default_rng(1), 40_000)
    wide = np.random.default_rng(2).uniform(-12, 12, (200_000, 2)) + np.array([1.0, -2.0])
    assert np.exp(proposal.ln_density(wide)).mean() * 24.0**2 == pytest.approx(1.0, abs=0.05)
    assert draws.mean(axis=0) == pytest.approx([1.0, -2.0], abs=0.05)


def test_that_weighted_quantiles_are_those_of_repeated_values() -> None:
    values, weights = np.array([[3.0, 1.0, 2.0]]), np.array([0.5, 0.25, 0.25])
    assert summary.quantiles(values, weights, (0.125, 0.375, 0.75))[0] == pytest.approx([1.0, 2.0, 3.0])


def test_that_days_below_and_recovery_come_from_each_course() -> None:
    times = np.array([0.0, 24.0, 48.0, 72.0])
    part = summary.Window(times=times, ln=np.log(np.array([[1.0, 0.4], [0.25, 0.4], [1.0, 0.4], [2.0, 0.4]])))
    assert summary.days_below(part, 0.5) == pytest.approx([1.0, 3.0])
    assert summary.recovery_h(part, 1.0)[0] == pytest.approx(48.0)
    assert summary.recovery_h(part, 1.5)[0] == pytest.approx(48.0 + 24.0 * np.log(1.5) / np.log(2.0))
    assert summary.recovery_h(part, 1.0)[1] == np.inf
    assert summary.recovery_h(part, 0.2).tolist() == [0.0, 0.0]


def test_that_the_nadir_is_the_median_of_lows_not_the_low_of_the_median() -> None:
    nodes = np.arange(5.0) * 24.0
    blood = np.array([[4.0, 4.0], [0.5, 2.0], [2.0, 0.5], [4.0, 4.0], [4.0, 4.0]])
    curves = Curves(grid=course_grid(Treatment(doses=()), nodes.tolist(), 96.0), blood=np.repeat(blood, 1, axis=0))
    part = summary.Window(times=nodes, ln=np.log(blood))
    found = summary.nadir(part, np.array([0.5, 0.5]))
    assert found.value.median == pytest.approx(0.5)
    assert np.exp(np.log(blood).mean(axis=1)).min() > 0.9
    assert curves.grid.nodes[0] == 0.0


def test_that_the_horizon_may_hold_a_dose_and_its_own_deviation() -> None:
    learnt = study(a_course(doses=3), draws=100)
    ask = replace(an_ask(next_dose=True), end_h=2 * CYCLE_H + 200.0)
    curves = project(learnt, ask, learnt.course.treatment, KERNEL)
    assert np.isfinite(curves.blood).all()
    assert curves.blood[-1].std() > 0.0


def test_that_with_two_counts_the_transit_time_is_less_sure() -> None:
    few = a_course(FALL[:2], sd_mtt_between=0.12).in_order()
    enough = a_course(FALL, sd_mtt_between=0.12).in_order()
    assert Problem(few, KERNEL).variance[1] == pytest.approx(0.17**2 + 0.12**2)
    assert Problem(enough, KERNEL).variance[1] == pytest.approx(0.17**2)
    assert Problem(a_course((), sd_mtt_between=0.12), KERNEL).variance[1] == pytest.approx(0.17**2)
