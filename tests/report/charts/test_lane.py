"""The event lane of a chart: what is labelled where signs overlap."""

from tests.builders import a_fever, at
from tests.report.charted import lane_of


def test_that_of_the_fevers_of_one_day_the_highest_is_labelled() -> None:
    readings = (a_fever("38.6", taken=at(hours=-3)), a_fever("38.4", taken=at(hours=-1)), a_fever("38.2", taken=at(days=-2)))
    labels = {event.text: event.label for event in lane_of("fever", temperatures=readings)}
    assert labels == {"fever 38.6 °C": "38.6 °C", "fever 38.4 °C": "", "fever 38.2 °C": "38.2 °C"}
