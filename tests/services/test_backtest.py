"""The backtest: closed cycles only, nothing known too early, figures that add up, an export without names."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from neutromon.forecast.priors import PriorBook
from neutromon.models.history import PatientHistory
from neutromon.rules import RuleBook
from neutromon.services.backtest import Backtest, backtest, backtest_csv, backtest_histories, summarise
from neutromon.services.bulk import load_histories
from neutromon.services.forecasts import load_priors
from neutromon.services.rule_book import load_book
from neutromon.services.store_admin import close_session, open_session
from tests.builders import NOW, a_count, a_history, a_nadir_history, a_patient, at
from tests.stores import PASSPHRASE, USER, Clock, make_store


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_book()


@pytest.fixture(scope="module")
def priors() -> PriorBook:
    return load_priors()


@pytest.fixture(scope="module")
def result(book: RuleBook, priors: PriorBook) -> Backtest:
    return backtest_histories([a_nadir_history(cycles=3), a_history()], book, priors=priors)


def test_that_only_closed_cycles_are_replayed(result: Backtest) -> None:
    assert {point.cycle for point in result.points} == {1, 2}
    assert result.patients == 1 and result.cycles == 2
    assert "closed cycles" in result.text


def test_that_each_point_lies_behind_its_forecast(result: Backtest) -> None:
    assert all(point.made_at < point.for_at for point in result.points)
    assert all(point.days_ahead > 0 for point in result.points)
    assert {point.observations for point in result.points if point.cycle == 1} == {2, 3, 4, 5}


def test_that_a_later_count_does_not_change_an_earlier_forecast(book: RuleBook, priors: PriorBook) -> None:
    history = a_nadir_history(cycles=2)

    def medians(h: PatientHistory) -> list[float]:
        found = backtest_histories([h], book, priors=priors)
        first = min(point.made_at for point in found.points)
        return [point.median for point in found.points if point.made_at == first]

    last = [c for c in history.counts if c.collected_at and c.collected_at.date() < at(days=-10).date()][-1]
    other = replace(history, counts=tuple(replace(c, values=a_count("9.9").values) if c is last else c for c in history.counts))
    assert medians(history) == medians(other)


def test_that_the_figures_add_up(result: Backtest) -> None:
    assert 0.0 <= result.coverage[0.5] <= result.coverage[0.8] <= result.coverage[0.9] <= result.coverage[0.95] <= 1.0
    assert sum(row.points for row in result.ahead) == len(result.points)
    assert sum(box.points for box in result.calibration) == len(result.points)
    assert result.brier is not None and result.climatology is not None
    assert all(row.error_factor >= 1.0 and row.prior_factor >= 1.0 for row in result.ahead)


def test_that_the_second_cycle_is_compared_with_the_first(result: Backtest) -> None:
    first = [point for point in result.points if point.cycle == 1]
    second = [point for point in result.points if point.cycle == 2]
    assert all(point.last_cycle is None for point in first)
    low = [point for point in second if point.measured == 0.4]
    assert low and all(point.last_cycle == pytest.approx(0.4, rel=0.01) for point in low)


def test_that_a_censored_count_is_judged_only_where_it_can_be(book: RuleBook, priors: PriorBook) -> None:
    history = a_nadir_history(cycles=2)
    counts = tuple(replace(c, values=a_count("<0.5").values) if c.values["neutrophils"].value == "0.4" else c for c in history.counts)
    found = backtest_histories([replace(history, counts=counts)], book, priors=priors)
    censored = [point for point in found.points if point.censored]
    assert censored and all(point.pit is None for point in censored)
    assert {point.covered for point in censored} <= {None, True}
    low = replace(censored[0], measured=0.0001)
    assert low.covered is True
    assert replace(censored[0], measured=100.0).covered is None


def test_that_refusals_are_counted_by_their_code(book: RuleBook, priors: PriorBook) -> None:
    history = a_nadir_history(cycles=3)
    assert history.course is not None
    none = replace(history, course=replace(history.course, regimen="PLD"))
    found = backtest_histories([none], book, priors=priors)
    assert found.refusals == {"no_regimen_model": 10} and not found.points
    assert "nothing can be compared" in found.text
    wild = ["4.4", "9.0", "0.05", "14", "0.05"]
    start = at(days=-52)
    counts = [a_count(v, collected=start + timedelta(days=n)) for v, n in zip(wild, (0, 4, 6, 8, 10), strict=True)]
    odd = backtest_histories([replace(history, counts=tuple(counts))], book, priors=priors)
    assert odd.refusals.get("inconsistent_counts", 0) >= 1


def test_that_nothing_to_compare_gives_no_figures() -> None:
    found = summarise([], {})
    assert (found.coverage, found.ahead, found.calibration, found.brier) == ({}, (), (), None)


def test_that_the_export_names_nobody(result: Backtest) -> None:
    rows = list(csv.DictReader(io.StringIO(backtest_csv(result))))
    assert len(rows) == len(result.points)
    assert rows[0]["patient"] == "1" and rows[0]["last_cycle"] == ""
    assert "Example" not in backtest_csv(result)


def test_that_the_store_is_replayed_with_progress(tmp_path: Path) -> None:
    session = open_session(make_store(tmp_path), USER, PASSPHRASE, clock=Clock(NOW))
    try:
        load_histories(session, [a_nadir_history(a_patient(f"T-{n}"), cycles=2) for n in range(2)])
        seen: list[tuple[int, int]] = []
        found = backtest(session, lambda done, total: seen.append((done, total)))
    finally:
        close_session(session)
    assert found.patients == 2 and found.points
    assert seen[-1] == (4, 4)
