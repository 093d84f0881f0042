"""The chart file: what cannot be read is named with its place; what was written comes back, earlier courses too."""

import json

import pytest

from neutromon.interop.chart_file import history_from, read_chart
from neutromon.interop.chart_writer import write_chart
from neutromon.models.errors import UserError
from neutromon.models.history import Course, Cycle, Episode, Identifier, Patient, PatientHistory
from tests.builders import day


def chart(**parts):
    return json.dumps({"format": "neutromon-chart/1", **parts})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{torn", "is not JSON"),
        ('{"format": "neutromon-chart/1", "weight": NaN}', "NaN is no number"),
        ("[]", "no chart file of the format"),
        ('{"format": "else"}', "no chart file of the format"),
        (chart(patient=[]), "patient is no object"),
        (chart(counts={}), "counts is no list"),
        (chart(counts=[7]), "counts[0] is no object"),
        (chart(patient={"family_name": True}), "patient.family_name is no text"),
        (chart(patient={"duffy_null": "no"}), "patient.duffy_null is neither true nor false"),
        (chart(patient={"birth_date": "soon"}), "'soon' is no ISO date"),
        (chart(course={"cycles": [{"number": "one"}]}), "is no whole number"),
        (chart(counts=[{"collected_at": "yesterday at noon"}]), "is no ISO 8601 time"),
        (chart(counts=[{"collected_at": "2026-03-12T09:00:00"}]), "has no offset"),
    ],
)
def test_that_what_cannot_be_read_is_named_with_its_place(text, words):
    with pytest.raises(UserError) as refused:
        read_chart(text)
    assert words in str(refused.value)


def test_that_numbers_keep_the_digits_in_which_they_are_written():
    history = read_chart('{"format": "neutromon-chart/1", "counts": [{"wbc": {"value": 3.50, "unit": "10*9/L"}, "bands_percent": 1.0}]}')
    assert history.counts[0].values["wbc"].value == "3.50"
    assert history.counts[0].values["bands_percent"].value == "1.0"


def test_that_an_empty_quantity_is_none():
    history = read_chart(chart(counts=[{"wbc": {"unit": "10*9/L"}, "platelets": None}]))
    assert history.counts[0].values == {}


def test_that_earlier_courses_an_episode_and_an_odd_dose_come_back_as_written():
    earlier = Course(regimen="AC", cycles=(Cycle(number=1, day1=day(-60), dose_percent="two thirds"),))
    history = PatientHistory(
        patient=Patient(identifier=Identifier(value="T-1")),
        course=Course(regimen="R-CHOP-21", cycles=(Cycle(number=1, day1=day(0), dose_percent="75"),)),
        earlier_courses=(earlier,),
        episode=Episode(flags={"pneumonia": False}),
    )
    document = write_chart(history)
    assert document["earlier_courses"][0]["cycles"][0]["dose_percent"] == "two thirds"
    assert write_chart(history_from(document)) == document
