"""The priors' file: complete, linked, combined and widened by the rules of the reference."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from neutromon.forecast import summary
from neutromon.forecast.course import Course, Dose, Treatment
from neutromon.forecast.kernel import Kernel
from neutromon.forecast.prior_file import PriorError, read_priors
from neutromon.forecast.priors import GENERIC, NoPrior, Placed, Prior, PriorBook
from neutromon.forecast.simulate import Draws, Simulator, course_grid

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "resources" / "priors" / "priors.toml").read_text(encoding="utf-8")
REGIMENS = [r["id"] for r in tomllib.loads((ROOT / "resources" / "regimens" / "regimens.toml").read_text("utf-8"))["regimen"]]


def prior_of(book: PriorBook, regimen: str, cycle: int = 1) -> Prior:
    found = book.prior_for(regimen, cycle)
    assert isinstance(found, Placed)
    return found.prior


def test_that_every_regimen_of_the_reference_has_target_quality_and_source(priors: PriorBook) -> None:
    rows = tomllib.loads(TEXT)["prior"]
    assert sorted(row["number"] for row in rows) == list(range(1, 39))
    for row in rows:
        assert row["quality"] in ("A", "B", "C")
        assert row["lk"] > 0 and row["target_nadir_day"] > 0
        assert abs(row["share"] * len(row["days"]) - 1.0) < 1e-9 or row["share"] == 1.0
    assert priors.version and tomllib.loads(TEXT)["source"]


@pytest.mark.parametrize("regimen", REGIMENS)
def test_that_every_regimen_of_the_library_has_a_prior_or_a_reason(priors: PriorBook, regimen: str) -> None:
    found = priors.prior_for(regimen, 1, cycle_days=21)
    if isinstance(found, NoPrior):
        assert found.code in ("out_of_scope", "no_regimen_model") and found.reason
    else:
        assert found.prior.generic == (found.prior.label == GENERIC)
        assert found.prior.cycle_days >= 14


def test_that_a_sequence_changes_its_prior_and_begins_anew(priors: PriorBook) -> None:
    first, later = priors.prior_for("FEC-D", 3), priors.prior_for("FEC-D", 5)
    assert isinstance(first, Placed) and isinstance(later, Placed)
    assert (first.prior.id, first.first_cycle) == ("FEC100", 1)
    assert (later.prior.id, later.first_cycle) == ("docetaxel-100", 4)


def test_that_a_combination_adds_log_kills_and_is_wider(priors: PriorBook) -> None:
    prior = prior_of(priors, "TCH")
    assert [part.lk for part in prior.parts] == pytest.approx([3.19, 1.76 * 2.11])
    assert [part.t_e_h for part in prior.parts] == [6.0, 260.0]
    assert prior.sd[3] == pytest.approx(0.80)
    assert 86.0 < prior.mtt_h < 130.0


def test_that_a_known_regimen_without_a_prior_gets_the_generic_one(priors: PriorBook) -> None:
    prior = prior_of(priors, "CAV")
    assert prior.generic and prior.parts[0].lk == 1.8 and prior.sd == (0.40, 0.22, 0.15, 0.90, 0.70)
    lymphoma = prior_of(priors, "R-DHAP")
    assert lymphoma.generic and lymphoma.circ0 == 4.0 and lymphoma.sd[0] == 0.55


def test_that_duffy_null_patients_get_their_own_baseline(priors: PriorBook) -> None:
    found = priors.prior_for("AC", 1, duffy_null=True)
    assert isinstance(found, Placed)
    assert (found.prior.circ0, found.prior.population) == (2.25, "Duffy-null")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[common]", "[commons]", "common is missing"),
        ('prior = "AC"', 'prior = "XY"', "names XY"),
        ("share = 1.0", "share = ", "priors:"),
    ],
)
def test_that_a_damaged_file_is_refused_by_name(old: str, new: str, says: str) -> None:
    with pytest.raises(PriorError, match=says):
        read_priors(TEXT.replace(old, new, 1))


TARGETED = [row for row in tomllib.loads(TEXT)["prior"] if not row.get("late_nadir") and row["number"] < 38]


@pytest.mark.parametrize("row", TARGETED, ids=lambda row: row["id"])
def test_that_a_prior_meets_the_target_it_was_solved_for(priors: PriorBook, built: Kernel, row: dict) -> None:
    prior = priors.priors[row["id"]]
    random, count = np.random.default_rng(20260), 4000
    draws = Draws.typical(random.standard_normal((count, 5)) * np.array(prior.sd), random.standard_normal((count, 1)) * prior.sd_occasion)
    treatment = Treatment(doses=tuple(Dose(time_h=24.0 * (day - 1), amount=prior.share, cycle=1) for day in prior.days))
    course = Course(key="", prior=prior, growth_model=priors.growth, treatment=treatment, counts=())
    grid = course_grid(treatment, [24.0 * prior.cycle_days], 24.0 * prior.cycle_days)
    part = summary.window(Simulator(course, treatment, grid, [1], built).run(draws), 0.0, 24.0 * prior.cycle_days)
    at, lowest = summary.lowest_of(part)
    share = 100.0 * float((np.exp(lowest) < row["target_below"]).mean())
    assert share == pytest.approx(row["target_percent"], abs=3.0)
    assert float(np.median(at)) / 24.0 + 1.0 == pytest.approx(row["target_nadir_day"], abs=3.5)
