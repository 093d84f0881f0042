"""A forecast adds one advisory at most and never touches what a measured value says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from neutromon.models.evaluation import Tier
from neutromon.models.forecast import DayOneForecast, Forecast
from neutromon.models.protocol import Protocol
from neutromon.rules import evaluate
from neutromon.rules.alerts import ReconcileContext, apply, reconcile
from neutromon.rules.forecast_finding import RULE, with_forecast
from tests.builders import NOW, a_count, a_course, a_history, at, day
from tests.rules.rule_cases import book

HISTORY = a_history(course=a_course(first=day(-18), planned=1), counts=[a_count("0.4", collected=at(hours=-2))])


def a_forecast(share: float, **changes: object) -> Forecast:
    day1 = DayOneForecast(at=day(3), threshold=1.0, probability_at_or_above=share)
    return replace(Forecast(now=NOW, status="ok", model_id="friberg", model_version="1", day1=day1), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("share", "fires"), [(0.49, True), (0.5, False), (0.51, False)])
def test_that_less_than_an_even_chance_is_an_advisory(share: float, fires: bool) -> None:
    plain = evaluate(HISTORY, book(), NOW)
    found = with_forecast(plain, HISTORY, a_forecast(share), book())
    assert found.findings[: len(plain.findings)] == plain.findings
    assert [f.rule for f in found.findings[len(plain.findings) :]] == ([RULE] if fires else [])


def test_that_the_advisory_says_that_measured_values_decide() -> None:
    (added,) = [f for f in with_forecast(evaluate(HISTORY, book(), NOW), HISTORY, a_forecast(0.4), book()).findings if f.rule == RULE]
    assert added.tier is Tier.ADVISORY and added.key == "forecast:c2"
    assert added.text.startswith("ADVISORY – about 6 of 10 similar courses stay below 1 ×10⁹/L on 15 Mar. Measured values decide.")


def test_that_a_forecast_that_is_refused_or_not_wanted_or_late_adds_nothing() -> None:
    plain = evaluate(HISTORY, book(), NOW)
    no_plan = replace(HISTORY, course=a_course(first=day(-18), planned=0))
    assert with_forecast(plain, HISTORY, None, book()) is plain
    assert with_forecast(plain, HISTORY, a_forecast(0.1, status="refused"), book()) is plain
    assert with_forecast(plain, HISTORY, a_forecast(0.1, day1=None), book()) is plain
    assert with_forecast(plain, HISTORY, a_forecast(0.1), book(), Protocol(forecast=False)) is plain
    assert with_forecast(plain, no_plan, a_forecast(0.1), book()) is plain


def test_that_a_forecast_never_raises_lowers_or_delays_an_alert_on_a_measured_value() -> None:
    ids = iter(range(100))
    context = ReconcileContext(patient_id="p", now=NOW, new_id=lambda: f"a{next(ids)}", sample_times={"": NOW - timedelta(hours=2)})
    plain = evaluate(HISTORY, book(), NOW)
    shouting = replace(with_forecast(plain, HISTORY, a_forecast(0.1), book()).findings[-1], tier=Tier.EMERGENCY)
    alone = apply((), reconcile((), plain.findings, context))
    beside = apply((), reconcile((), [*plain.findings, shouting], context))
    measured = {(a.rule, a.tier, a.text) for a in beside if a.rule != RULE}
    assert measured == {(a.rule, a.tier, a.text) for a in alone}
    assert [a.tier for a in beside if a.rule == RULE] == [Tier.ADVISORY]
