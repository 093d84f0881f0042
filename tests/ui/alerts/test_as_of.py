"""An alert's words stay as stored: beside an age in them stands from when it is; the strip names who still waits for an answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pytestqt.qtbot import QtBot

from neutromon.models.alerts import Alert, AlertEvent, AlertEventKind, AlertState
from neutromon.models.evaluation import Tier
from neutromon.report.trend_tables import alerts_table
from neutromon.report.words import as_of_text
from neutromon.ui.alert_strip import AlertStrip, answered_counts, worst_line
from neutromon.ui.as_of import as_of
from neutromon.ui.theme import Theme
from neutromon.ui.widgets.badges import TierBadge
from tests.builders import NOW, at
from tests.report.documented import an_alert
from tests.ui.fake_clinic import FakeAlertRow

TEXT = "URGENT – ANC 0.45 ×10⁹/L (G4 CTCAE 5.0) 7 min ago, C3 D21."


def an_event(kind: AlertEventKind, hours: float) -> AlertEvent:
    return AlertEvent(
        alert_id="a-1",
        patient_id="p-1",
        kind=kind,
        at=at(hours=hours),
        by="NeutroMon",
        tier=Tier.URGENT,
        rule="anc.grade4",
        key="k",
        text=TEXT,
    )


def renewed() -> Alert:
    """Return an alert that was raised an hour ago, got the words of a later count, and was seen after that."""
    events = (an_event(AlertEventKind.RAISED, -1), an_event(AlertEventKind.EVIDENCE, -0.5), an_event(AlertEventKind.SEEN, -0.1))
    return an_alert(text=TEXT, events=events)


def a_row(**changes: Any) -> FakeAlertRow:
    return FakeAlertRow(alert=an_alert(**changes), patient_name="Example, Testa", initials="T.E.", mrn="T-1", cycle_text="C3 D21")


def test_that_the_moment_of_the_words_is_that_of_the_count_that_renewed_them() -> None:
    alert = renewed()
    assert (alert.raised_at, alert.text_at) == (at(hours=-1), at(hours=-0.5))
    assert as_of(alert.text, alert.text_at, NOW) == "as of 08:30"


def test_that_words_without_an_age_need_no_moment() -> None:
    assert as_of("ADVISORY – no current count.", NOW, NOW) == ""


def test_that_another_day_is_named_with_the_moment() -> None:
    assert as_of(TEXT, NOW - timedelta(days=1), NOW) == "as of 11 Mar 2026 09:00"


def test_that_paper_tells_when_an_alert_was_raised_and_from_when_its_text_is() -> None:
    row = alerts_table([renewed()]).rows[0]
    assert row[1] == TEXT  # word for word as on the screen and in the log; its moment stands beside it
    assert row[2] == "12 Mar 2026 08:00\ntext as of 12 Mar 2026 08:30"
    assert as_of_text("ADVISORY – x", NOW) == "ADVISORY – x"


def test_that_the_strip_names_an_unanswered_alert_before_an_answered_one() -> None:
    done = a_row(id="done", tier=Tier.EMERGENCY, state=AlertState.ACKNOWLEDGED, raised_at=at(hours=-3))
    waits = replace(a_row(id="waits", tier=Tier.EMERGENCY, raised_at=at(hours=-2)), initials="W.W.")
    minor = a_row(id="minor", tier=Tier.ADVISORY, raised_at=at(hours=-9))
    assert worst_line([done, waits, minor], NOW)[0] == "waits"
    assert worst_line([done, minor], NOW)[0] == "done"
    assert worst_line([], NOW) == ("", "")


def test_that_the_strip_counts_the_answered_apart(qtbot: QtBot) -> None:
    rows = [a_row(id="a", tier=Tier.EMERGENCY, state=AlertState.ACKNOWLEDGED), a_row(id="b", tier=Tier.EMERGENCY)]
    strip = AlertStrip(Theme())
    qtbot.addWidget(strip)
    strip.show_alerts({Tier.EMERGENCY: 2}, *worst_line(rows, NOW), answered_counts(rows))
    assert strip.findChild(object, "strip_answered").text() == "1 answered"  # type: ignore[attr-defined]
    assert [badge.text() for badge in strip.findChildren(TierBadge)] == ["■ 1 Emergency"]
