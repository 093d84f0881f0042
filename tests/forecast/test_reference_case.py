"""Reference cases: the contract's example, an independent optimiser, several minima, and files that are no case."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.stats import norm

from neutromon.forecast.kernel import Kernel
from neutromon.forecast.reference_case import CaseError, fit_case

EXAMPLE: dict[str, Any] = {
    "format": "neutromon-case/1",
    "id": "example",
    "model": "friberg-kpd",
    "typical": {"circ0": 4.8, "mtt_h": 86.0, "gamma": 0.165, "lk": 3.14, "t_e_h": 6.0},
    "between_subject_variance": {"circ0": 0.16, "mtt_h": 0.0289, "gamma": 0.0225, "lk": 0.3025, "t_e_h": 0.16},
    "residual": {"type": "lognormal", "sd": 0.35},
    "doses": [{"time_h": 0, "amount": 1.0, "duration_h": 0}],
    "observations": [{"time_h": 0, "value": 4.05}, {"time_h": 192, "value": 1.12}],
    "grid_h": [0, 72, 144, 192, 264, 336, 504],
}
PK: dict[str, Any] = {
    "format": "neutromon-case/1",
    "id": "pk",
    "model": "friberg-pk",
    "typical": {"circ0": 5.05, "mtt_h": 88.7, "gamma": 0.161, "slope": 8.58},
    "pk": {"v1_l": 7.4, "k10_per_h": 5.2, "k12_per_h": 1.06, "k21_per_h": 1.51, "k13_per_h": 1.26, "k31_per_h": 0.084},
    "between_subject_variance": {"circ0": 0.1764, "mtt_h": 0.0256, "slope": 0.1849},
    "residual": {"type": "combined", "sd": 0.25, "additive_sd": 0.1},
    "doses": [{"time_h": 0, "amount": 222.8, "duration_h": 1}],
    "observations": [{"time_h": 0, "value": 3.5}, {"time_h": 190, "value": 0.5, "comparator": "<"}, {"time_h": 270, "value": 1.3}],
    "grid_h": [0, 12, 24, 100, 200, 300],
}


def changed(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a copy of a case with changes; None takes a key away."""
    case = deepcopy(base)
    for name, value in changes.items():
        if value is None:
            case.pop(name, None)
        else:
            case[name] = value
    return case


def test_that_the_contract_s_example_comes_out(kernel: Kernel) -> None:
    result = fit_case(EXAMPLE, kernel)
    assert result["objective"] == pytest.approx(0.863064, abs=2e-4)
    assert result["eta"]["lk"] == pytest.approx(-0.417881, abs=2e-4)
    assert result["individual"]["mtt_h"] == pytest.approx(83.513712, abs=0.01)
    assert result["predicted"]["grid"] == pytest.approx([4.63517, 3.01167, 1.06865, 1.00514, 2.21205, 4.3561, 5.51277], rel=1e-4)
    assert result["predicted"]["observations"] == pytest.approx([4.63517, 1.00514], rel=1e-4)
    assert result["converged"] is True


def independent_objective(case: dict[str, Any], eta: np.ndarray) -> float:
    """Return the objective of a three-compartment case by another integrator and the formulas of the contract."""
    own = {**case["typical"]}
    for name, e in zip(case["between_subject_variance"], eta, strict=True):
        own[name] = own[name] * np.exp(e)
    pk, ktr, dose = case["pk"], 4.0 / own["mtt_h"], case["doses"][0]
    rate = dose["amount"] / dose["duration_h"]

    def rates(t: float, s: np.ndarray, flow: float) -> list[float]:
        a1, a2, a3 = s[5:]
        e = own["slope"] * a1 / pk["v1_l"]
        fb = (own["circ0"] / max(s[4], 1e-4)) ** own["gamma"]
        da2, da3 = pk["k12_per_h"] * a1 - pk["k21_per_h"] * a2, pk["k13_per_h"] * a1 - pk["k31_per_h"] * a3
        return [
            ktr * ((1 - e) * fb - 1), ktr * (np.exp(s[0]) - s[1]), ktr * (s[1] - s[2]), ktr * (s[2] - s[3]), ktr * (s[3] - s[4]),
            flow - pk["k10_per_h"] * a1 - da2 - da3, da2, da3,
        ]  # fmt: skip

    state = np.array([np.log(own["circ0"]), *[own["circ0"]] * 4, 0.0, 0.0, 0.0])
    f = [own["circ0"]]
    first = solve_ivp(rates, (0.0, 1.0), state, method="DOP853", rtol=1e-9, atol=1e-11, args=(rate,))
    later = [row["time_h"] for row in case["observations"][1:]]
    rest = solve_ivp(rates, (1.0, later[-1]), first.y[:, -1], method="DOP853", rtol=1e-9, atol=1e-11, args=(0.0,), t_eval=later)
    f += list(rest.y[4])
    total = float((eta**2 / np.array(list(case["between_subject_variance"].values()))).sum())
    for row, value in zip(case["observations"], f, strict=True):
        variance = (case["residual"]["sd"] * value) ** 2 + case["residual"]["additive_sd"] ** 2
        z = (row["value"] - value) / np.sqrt(variance)
        total += -2.0 * norm.logcdf(z) if row.get("comparator") else np.log(variance) + z * z
    return float(total)


def test_that_another_integrator_agrees_and_finds_nothing_lower_nearby(built: Kernel) -> None:
    result = fit_case(PK, built)
    eta = np.array(list(result["eta"].values()))
    assert result["objective"] == pytest.approx(independent_objective(PK, eta), abs=5e-3)
    for effect in range(3):
        for move in (-0.05, 0.05):
            assert independent_objective(PK, eta + move * np.eye(3)[effect]) > result["objective"]


def test_that_the_lower_of_two_minima_counts(built: Kernel) -> None:
    late = [(0, 2.91), (168, 2.3), (240, 2.33), (336, 1.0), (408, 1.23), (504, 1.59), (600, 1.06)]
    case = changed(EXAMPLE, observations=[{"time_h": t, "value": v} for t, v in late])
    assert fit_case(case, built)["objective"] == pytest.approx(26.773, abs=0.01)


ORACLES = sorted((Path(__file__).parent / "oracles").glob("*.json"))


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_that_another_program_s_estimate_of_a_hard_case_comes_out(path: Path, built: Kernel) -> None:
    """Made-up cases with answers of an adaptive fifth-order integrator (1e-10) and scipy's optimisers from many starts."""
    case = json.loads(path.read_text(encoding="utf-8"))
    expected, result = case["expect"], fit_case(case, built)
    assert result["converged"] is True
    assert result["objective"] == pytest.approx(expected["objective"], abs=1e-3)
    assert result["eta"] == pytest.approx(expected["eta"], abs=1e-3)
    assert result.get("kappa", {}) == pytest.approx(expected.get("kappa", {}), abs=1e-3)
    assert np.log(result["predicted"]["grid"]) == pytest.approx(np.log(expected["grid"]), abs=5e-4)


def test_that_clearances_and_micro_constants_are_two_ways_to_say_the_same() -> None:
    micro = changed(PK, pk={"v1_l": 20.0, "k10_per_h": 0.3, "k12_per_h": 0.2, "k21_per_h": 0.1})
    clearances = changed(PK, pk={"v1_l": 20.0, "cl_l_per_h": 6.0, "v2_l": 40.0, "q2_l_per_h": 4.0})
    assert fit_case(micro)["predicted"]["grid"] == pytest.approx(fit_case(clearances)["predicted"]["grid"], rel=1e-9)


def test_that_a_stated_concentration_stands_for_the_disposition() -> None:
    stated = changed(PK, pk=None, doses=None, concentration=[{"from_h": 0, "value": 2.0}, {"from_h": 2, "value": 0.0}])
    result = fit_case(stated)
    assert min(result["predicted"]["grid"]) < 2.0
    assert result["converged"]


def test_that_a_disposition_may_change_between_courses() -> None:
    rows = [{"from_h": 0, "v1_l": 20.0, "cl_l_per_h": 6.0}, {"from_h": 150, "v1_l": 20.0, "cl_l_per_h": 3.0}]
    doses = [{"time_h": 0, "amount": 50.0}, {"time_h": 160, "amount": 50.0, "duration_h": 0.5}]
    both = fit_case(changed(PK, pk=rows, doses=doses, observations=[]))["predicted"]["grid"]
    first = fit_case(changed(PK, pk=rows[0], doses=doses, observations=[]))["predicted"]["grid"]
    assert both[:4] == pytest.approx(first[:4], rel=1e-4)
    assert both[-1] < first[-1]


def test_that_a_compartment_may_appear_in_a_later_course() -> None:
    one, two = {"v1_l": 20.0, "k10_per_h": 0.3}, {"v1_l": 20.0, "k10_per_h": 0.3, "k13_per_h": 0.2, "k31_per_h": 0.05}
    doses = [{"time_h": 160, "amount": 50.0}]
    late = fit_case(changed(PK, pk=[{**one, "from_h": 0}, {**two, "from_h": 150}], doses=doses, observations=[]))
    always = fit_case(changed(PK, pk=two, doses=doses, observations=[]))
    assert late["predicted"]["grid"] == pytest.approx(always["predicted"]["grid"], rel=1e-9)


def test_that_cells_released_into_the_circulation_are_seen_in_it() -> None:
    without = fit_case(changed(PK, observations=[]))["predicted"]["grid"]
    given_in = fit_case(changed(PK, observations=[], circulating_input={"amount": 3.0, "mean_time_h": 30.0}))["predicted"]["grid"]
    assert given_in[1] > without[1] + 0.5


def test_that_doses_of_one_occasion_share_one_kappa() -> None:
    doses = [{"time_h": 24 * d, "amount": 0.5, "occasion": 7} for d in (0, 1)] + [{"time_h": 504, "amount": 1.0, "occasion": 9}]
    counts = [{"time_h": t, "value": v} for t, v in ((0, 4.1), (200, 0.3), (500, 4.2), (700, 1.5))]
    result = fit_case(changed(EXAMPLE, doses=doses, observations=counts, between_occasion_variance={"lk": 0.0625}))
    assert set(result["kappa"]) == {"7", "9"}
    assert result["kappa"]["7"] > 0.0 > result["kappa"]["9"]


def test_that_the_order_of_doses_and_counts_does_not_matter() -> None:
    doses = [{"time_h": 24 * d, "amount": 0.2} for d in range(5)]
    counts = [{"time_h": t, "value": v} for t, v in ((0, 5.6), (144, 1.9), (216, 1.4))]
    there = fit_case(changed(EXAMPLE, doses=doses, observations=counts))
    back = fit_case(changed(EXAMPLE, doses=doses[::-1], observations=counts[::-1]))
    assert there["eta"] == pytest.approx(back["eta"], abs=1e-6)
    assert there["predicted"]["observations"] == pytest.approx(back["predicted"]["observations"][::-1], rel=1e-6)


def test_that_without_observations_the_typical_curve_comes() -> None:
    result = fit_case(changed(EXAMPLE, observations=[], between_subject_variance=None, residual=None))
    assert (result["eta"], result["objective"], result["converged"]) == ({}, 0.0, True)


def test_that_without_random_effects_only_the_objective_is_told() -> None:
    result = fit_case(changed(EXAMPLE, between_subject_variance={}))
    assert result["eta"] == {}
    assert result["objective"] > 0.0


WRONG: dict[str, Any] = {
    "format": "neutromon-case/2",
    "id": 7,
    "model": "friberg",
    "typical": {"circ0": 4.8},
    "between_subject_variance": {"slope": 0.1},
    "residual": {"type": "normal", "sd": 0.3},
    "kcirc_per_h": 0,
    "grid_h": [3, 2],
    "circulating_input": {"amount": 1.0},
    "between_occasion_variance": {"mtt_h": 0.1},
    "concentration": [{"from_h": 0, "value": 1.0}],
    "doses": [{"time_h": 0, "amount": 1.0, "duration_h": 3.0}],
    "observations": [{"time_h": -1, "value": 1.0}],
}


@pytest.mark.parametrize("name", WRONG)
def test_that_a_wrong_field_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(CaseError, match=name.split("_per")[0] if name != "doses" else "infusion"):
        fit_case(changed(EXAMPLE, **{name: WRONG[name]}))


@pytest.mark.parametrize("name", ["typical", "between_subject_variance", "residual", "model", "format", "id"])
def test_that_a_missing_field_is_refused(name: str) -> None:
    with pytest.raises(CaseError):
        fit_case(changed(EXAMPLE, **{name: None}))


@pytest.mark.parametrize("value", [True, "4", 0, -1, float("inf"), float("nan"), None, [1], 10**400])
def test_that_a_parameter_that_is_no_positive_number_is_refused(value: object) -> None:
    with pytest.raises(CaseError):
        fit_case(changed(EXAMPLE, typical={**EXAMPLE["typical"], "lk": value}))


@pytest.mark.parametrize(
    "row",
    [
        {"value": 1.0},
        {"time_h": 1, "value": 0},
        {"time_h": 1, "value": 1.0, "comparator": "~"},
        {"time_h": 1, "value": 1.0, "comparator": ["<"]},
        {"time_h": 1e9, "value": 1.0},
        "1.0",
    ],
)
def test_that_a_wrong_observation_is_refused(row: object) -> None:
    with pytest.raises(CaseError, match="observations"):
        fit_case(changed(EXAMPLE, observations=[row]))


@pytest.mark.parametrize(
    "pk",
    [
        [],
        {"v1_l": 1.0},
        {"v1_l": 1.0, "k10_per_h": 1.0, "cl_l_per_h": 1.0},
        {"v1_l": 1.0, "k10_per_h": 1.0, "k12_per_h": 1.0},
        [{"from_h": 1, "v1_l": 1.0, "k10_per_h": 1.0}],
        [{"from_h": 0, "v1_l": 1.0, "k10_per_h": 1.0}, {"from_h": 0, "v1_l": 1.0, "k10_per_h": 1.0}],
        7,
    ],
)
def test_that_a_wrong_disposition_is_refused(pk: object) -> None:
    with pytest.raises(CaseError, match="pk"):
        fit_case(changed(PK, pk=pk))


@pytest.mark.parametrize(
    "changes",
    [
        {"pk": None},
        {"concentration": [{"from_h": 0, "value": 1.0}]},
        {"pk": None, "concentration": [{"from_h": 0, "value": 1.0}]},
        {"pk": None, "doses": None, "concentration": [{"from_h": 5, "value": 1.0}, {"from_h": 5, "value": 1.0}]},
        {"pk": None, "doses": None, "concentration": 3},
        {"between_occasion_variance": {"lk": 0.1}},
        {"typical": 3},
        {"doses": [{"time_h": 0, "amount": -1.0}]},
    ],
)
def test_that_contradictory_fields_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CaseError):
        fit_case(changed(PK, **changes))


@pytest.mark.parametrize("occasion", [None, 1.5, "1"])
def test_that_a_dose_without_a_whole_occasion_is_refused(occasion: object) -> None:
    dose = {"time_h": 0, "amount": 1.0, "occasion": occasion}
    with pytest.raises(CaseError, match="occasion"):
        fit_case(changed(EXAMPLE, doses=[dose], between_occasion_variance={"lk": 0.1}))


def test_that_numbers_without_a_finite_curve_are_refused() -> None:
    with pytest.raises(CaseError, match="finite"):
        fit_case(changed(EXAMPLE, typical={**EXAMPLE["typical"], "gamma": 1e6, "lk": 1e6}, observations=[]))


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers() | st.booleans() | st.none() | st.text(max_size=3)
names = st.sampled_from(["time_h", "value", "amount", "lk", "sd", "type"])
anything = st.recursive(numbers, lambda own: st.lists(own, max_size=3) | st.dictionaries(names, own, max_size=3), max_leaves=6)


@settings(max_examples=150)
@given(name=st.sampled_from(sorted(EXAMPLE)), value=anything)
def test_that_whatever_stands_in_a_field_gives_finite_numbers_or_a_refusal(name: str, value: object) -> None:
    case = deepcopy(EXAMPLE)
    case[name] = value
    try:
        result = fit_case(case)
    except CaseError:
        return
    json.dumps(result, allow_nan=False)
