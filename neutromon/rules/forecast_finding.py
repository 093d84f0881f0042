"""The one finding that a forecast may add: an advisory that the next day 1 may not be met; it never touches a measured value's finding."""

from dataclasses import replace

from neutromon.models.evaluation import Evaluation
from neutromon.models.forecast import Forecast
from neutromon.models.history import PatientHistory
from neutromon.models.protocol import Protocol
from neutromon.rules.book import RuleBook
from neutromon.rules.schedule import next_cycle
from neutromon.rules.situation import Facts, Words, finding

RULE = "forecast.day1_unlikely"


def with_forecast(
    evaluation: Evaluation, history: PatientHistory, forecast: Forecast | None, book: RuleBook, protocol: Protocol | None = None
) -> Evaluation:
    """Return the evaluation with the advisory behind its own findings, or as it stands where the forecast gives no reason."""
    site = protocol or Protocol()
    coming = next_cycle(history.course)
    if forecast is None or not forecast.ok or forecast.day1 is None or not site.forecast or coming is None:
        return evaluation
    facts = Facts(history=history, evaluation=evaluation, latest=None, known=(), readings=(), book=book, protocol=site)
    share = forecast.day1.probability_at_or_above
    if share >= float(facts.numbers.decimals["forecast_unlikely_below"]):
        return evaluation
    of_ten = round((1 - share) * 10)
    words = Words(
        what=f"about {of_ten} of 10 similar courses stay below {forecast.day1.threshold:g} ×10⁹/L on {forecast.day1.at:%d %b}",
        why="Measured values decide",
        consider="Consider a count before the planned day 1",
    )
    key = f"forecast:c{coming.number}"
    source = f"forecast {forecast.model_id} {forecast.model_version}".strip()
    return replace(evaluation, findings=(*evaluation.findings, finding(facts, RULE, words, key=key, source=source, family="forecast")))
