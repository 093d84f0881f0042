"""Likelihood, grid, disposition and optimiser against independent ways to the same numbers."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.stats import norm

from neutromon.forecast.disposition import Disposition, Infusion, exponential, mean_concentration, rates_matrix
from neutromon.forecast.grid import Grid, make_grid
from neutromon.forecast.likelihood import Counts, Residual, count_objective, ln_phi, normal_cdf
from neutromon.forecast.optimum import Target, minimise, objective, polish, spread_points

Z = np.array([-38.0, -20.0, -8.5, -6.01, -5.99, -2.0, 0.0, 0.3, 4.0, 7.5, 9.0])


def test_that_the_normal_distribution_is_right_far_out() -> None:
    assert ln_phi(Z) == pytest.approx(norm.logcdf(Z), rel=1e-7)
    assert normal_cdf(Z) == pytest.approx(norm.cdf(Z), abs=1e-14)


@pytest.mark.parametrize("kind", ["lognormal", "proportional", "combined"])
@pytest.mark.parametrize("side", [-1.0, 0.0, 1.0])
def test_that_derivatives_of_the_objective_are_those_of_finite_differences(kind: str, side: float) -> None:
    counts = Counts(value=np.array([0.7, 3.1]), side=np.array([side, 0.0]))
    residual = Residual(kind=kind, sd=np.array([0.35, 0.2]), additive_sd=0.15 if kind == "combined" else 0.0)
    u, width = np.log(np.array([[0.9, 0.3, 2.0], [2.5, 3.1, 5.0]])), 1e-5
    q, first, second = count_objective(u, counts, residual)
    above, below = count_objective(u + width, counts, residual), count_objective(u - width, counts, residual)
    assert first == pytest.approx((above[0] - below[0]) / (2 * width), rel=1e-5, abs=1e-6)
    assert second == pytest.approx((above[1] - below[1]) / (2 * width), rel=1e-4, abs=1e-4)
    assert np.isfinite(q).all()


@given(
    doses=st.lists(st.floats(0, 2000), max_size=6),
    wanted=st.lists(st.floats(0, 3000), min_size=1, max_size=8),
)
def test_that_every_wanted_time_is_a_node_and_no_step_is_too_long(doses: list[float], wanted: list[float]) -> None:
    grid = make_grid(doses, wanted)
    assert (grid.steps > 0).all()
    assert grid.steps.max() <= 8.0 + 1e-9
    assert np.abs(grid.nodes[grid.at(wanted)] - np.array(wanted)).max() <= 2e-7
    assert grid.nodes[0] == 0.0


def test_that_steps_after_a_dose_are_short() -> None:
    grid = make_grid([100.0], [500.0])
    after = grid.steps[(grid.nodes[:-1] >= 100.0) & (grid.nodes[:-1] < 112.0)]
    assert after.max() <= 1.0 + 1e-9
    assert Grid(nodes=np.array([0.0, 1.0])).steps.tolist() == [1.0]


@pytest.mark.parametrize("exchange", [[], [(1.06, 1.51)], [(1.06, 1.51), (1.26, 0.084)]])
def test_that_the_mean_concentration_is_that_of_an_integrator(exchange: list[tuple[float, float]]) -> None:
    rates = rates_matrix(5.2, exchange)
    nodes = np.array([0.0, 0.5, 1.0, 2.0, 5.0, 24.0])
    doses = [Infusion(time_h=0.0, amount=100.0, duration_h=1.0), Infusion(time_h=2.0, amount=50.0)]
    own = mean_concentration(nodes, [Disposition(from_h=0.0, volume=7.4, rates=rates)], doses)
    state, means = np.zeros(len(rates) + 1), []
    for left, right in pairwise(nodes):
        state[0] += 50.0 if left == 2.0 else 0.0
        state[-1] = 0.0
        flow = 100.0 if right <= 1.0 else 0.0

        def move(_t: float, s: np.ndarray, flow: float = flow) -> np.ndarray:
            d = rates @ s[:-1]
            d[0] += flow
            return np.append(d, s[0])

        state = solve_ivp(move, (left, right), state, method="LSODA", rtol=1e-10, atol=1e-12).y[:, -1]
        means.append(state[-1] / (right - left) / 7.4)
    assert own == pytest.approx(means, rel=1e-6)


def test_that_the_matrix_exponential_is_scipy_s() -> None:
    matrix = np.array([[-7.5, 1.5, 0.1], [1.1, -1.5, 0.0], [1.3, 0.0, -0.1]])
    for h in (0.0, 1e-3, 1.0, 40.0):
        assert exponential(matrix * h) == pytest.approx(expm(matrix * h), rel=1e-9, abs=1e-12)


def wavy(eta: np.ndarray) -> np.ndarray:
    """A prediction with two places where it fits."""
    return 2.0 * np.cos(1.5 * eta[:, :1]).T


def test_that_the_lower_minimum_of_several_starts_is_taken() -> None:
    counts, residual = Counts(value=np.exp(np.array([-2.0])), side=np.zeros(1)), Residual(kind="lognormal", sd=np.array([0.5]))
    target = Target(predict=wavy, counts=counts, residual=residual, variance=np.array([4.0]))
    best = minimise(target, np.array([[0.01], [-1.9], [5.5]]), central=True)
    assert abs(best.eta[0]) == pytest.approx(1.87, abs=0.03)
    assert best.converged
    assert best.objective <= objective(target, np.linspace(-4, 4, 400)[:, None]).min() + 1e-4


def test_that_a_box_holds_the_parameters() -> None:
    counts, residual = Counts(value=np.exp(np.array([9.0])), side=np.zeros(1)), Residual(kind="lognormal", sd=np.array([0.1]))
    target = Target(predict=lambda eta: eta[:, :1].T, counts=counts, residual=residual, variance=np.array([1.0]), box=4.0)
    assert minimise(target, np.zeros((1, 1))).eta[0] == pytest.approx(4.0)


def test_that_a_model_without_numbers_does_not_converge() -> None:
    counts, residual = Counts(value=np.ones(1), side=np.zeros(1)), Residual(kind="lognormal", sd=np.ones(1))
    target = Target(predict=lambda eta: np.full((1, len(eta)), np.nan), counts=counts, residual=residual, variance=np.ones(1))
    best = minimise(target, np.zeros((1, 1)))
    assert not best.converged
    assert best.objective == np.inf


def test_that_spread_points_are_spread() -> None:
    points = spread_points(500, 4)
    assert np.abs(points).max() <= 3.0
    assert np.abs(points.mean(axis=0)).max() < 0.1
    assert points.std(axis=0) == pytest.approx(np.full(4, np.sqrt(3.0)), rel=0.05)


def bowl(value: float) -> Target:
    """Return a target with one parameter whose prediction is itself."""
    counts = Counts(value=np.array([value]), side=np.zeros(1))
    return Target(predict=lambda eta: eta.T, counts=counts, residual=Residual(kind="lognormal", sd=np.ones(1)), variance=np.ones(1))


def test_that_newton_finishes_what_the_search_has_left() -> None:
    target = bowl(np.exp(3.0))
    rough = minimise(target, np.array([[0.2]]), central=True, most=1)
    done = polish(target, rough)
    assert done.eta == pytest.approx([1.5]) and done.converged
    assert polish(target, done).objective == pytest.approx(done.objective, abs=1e-12)
    assert not polish(target, rough, most=0).converged


def test_that_a_point_without_a_finite_objective_is_given_back() -> None:
    target = bowl(1.0)
    lost = replace(minimise(target, np.zeros((1, 1))), eta=np.array([np.nan]))
    assert polish(target, lost) is lost
