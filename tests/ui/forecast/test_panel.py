"""The forecast's panel: natural frequencies with intervals, its basis, its record, or the refusal; calculated beside the window."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, QThreadPool
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.errors import UserError
from neutromon.models.forecast import DayOneForecast, Forecast, WhatIf
from neutromon.models.history import PatientHistory
from neutromon.models.protocol import Protocol
from neutromon.rules import RuleBook
from neutromon.ui.forecast import forms
from neutromon.ui.forecast.panel import ForecastPanel
from neutromon.ui.forecast.words import change_words, chip_words, day_one_words, inside_of, number, tenths
from neutromon.ui.theme import Theme
from tests.builders import a_nadir_history
from tests.ui.fake_clinic import FakeClinic
from tests.ui.forecast.records import a_forecast, a_refusal, a_spread, an_entry, some_days

Answer = Callable[[PatientHistory, RuleBook, datetime, WhatIf | None], Forecast]


def answering(forecast: Forecast) -> Answer:
    return lambda history, book, now, change: forecast


@pytest.fixture
def clinic() -> FakeClinic:
    made = FakeClinic()
    made.add(a_nadir_history(), "p1")
    made.add(a_nadir_history(), "p2")
    return made


def settle() -> None:
    """Let every worker end and deliver what it has."""
    assert QThreadPool.globalInstance().waitForDone(5000)
    QApplication.sendPostedEvents()


def shown(qtbot: QtBot, clinic: FakeClinic, work: Answer) -> ForecastPanel:
    panel = ForecastPanel(clinic, Theme(), work=work)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.forecast_changed, timeout=5000):
        panel.show_patient("p1")
    return panel


def test_that_a_forecast_says_day_1_nadir_recovery_and_the_best_day_for_a_count(qtbot: QtBot, clinic: FakeClinic) -> None:
    text = shown(qtbot, clinic, answering(a_forecast())).text()
    assert "About 7 of 10 similar courses have a measured ANC ≥ 1 ×10⁹/L on 23 Mar 2026" in text
    assert "Lowest count 0.3 (0.1–0.7) ×10⁹/L on 15 Mar 2026 (between 13 Mar and 17 Mar)" in text
    assert "Below 0.5 was measured on 12 Mar; from now on about 7 of 10 fall below 0.5; time below 0.5: 2–7 d" in text
    assert "Next cycle: Lowest count 0.2 (0.1–0.7)" in text
    assert "Recovery 20 Mar 2026 (between 18 Mar and 23 Mar)" in text
    assert "A count on 16 Mar 2026 would tell most" in text


def test_that_a_forecast_says_what_it_rests_on_and_that_it_is_advisory_only(qtbot: QtBot, clinic: FakeClinic) -> None:
    panel = shown(qtbot, clinic, answering(a_forecast()))
    assert "friberg-kpd 2026-11 · prior: FEC 100, breast, generic, prior quality C · 2 own cycles, 9 counts used" in panel.text()
    assert "it never raises, lowers or delays an alert" in panel.text()
    assert "The planned day 1 has passed" in panel.text()
    assert panel.chip.text() == "generic prior · 2 own cycles"
    assert panel.accessibleDescription() == panel.text()


def test_that_the_record_of_earlier_forecasts_is_shown(qtbot: QtBot, clinic: FakeClinic) -> None:
    clinic.track_records["p1"] = (an_entry("0.5", -9), an_entry("2.4", -6), an_entry("<0.5", -4), an_entry("", 3))
    text = shown(qtbot, clinic, answering(a_forecast())).text()
    assert "Earlier forecasts: 1 of 2 counts fell inside the 90\u00a0% interval." in text
    assert "forecast 0.6 (0.3–1.1), measured <0.5." in text


def test_that_a_refusal_is_grey_says_its_reason_and_offers_nothing_to_change(qtbot: QtBot, clinic: FakeClinic) -> None:
    panel = shown(qtbot, clinic, answering(a_refusal()))
    assert panel.text().startswith("No forecast: the course has no regimen on record.")
    assert panel.refusal.property("tone") == "faint"
    assert panel.what_if.isHidden()
    assert panel.chip.isHidden()


def test_that_a_late_nadir_regimen_says_that_only_the_recovery_is_forecast(qtbot: QtBot, clinic: FakeClinic) -> None:
    panel = shown(
        qtbot, clinic, answering(a_forecast(nadir=None, next_nadir=None, next_draw=None, recovery_at=None, day1=None, warnings=()))
    )
    assert "Lowest count: not forecast for this regimen, recovery only" in panel.text()
    assert panel.recovery.isHidden()


def test_that_a_clinic_can_switch_the_forecast_off(qtbot: QtBot, clinic: FakeClinic) -> None:
    clinic.protocol = Protocol(forecast=False)
    panel = shown(qtbot, clinic, answering(a_forecast()))
    assert "this clinic has switched the forecast off" in panel.text()
    assert not [call for call in clinic.calls if call[0] == "show_forecast"]


def test_that_what_is_shown_is_kept_for_the_record(qtbot: QtBot, clinic: FakeClinic) -> None:
    shown(qtbot, clinic, answering(a_forecast()))
    assert [call[1][0] for call in clinic.calls if call[0] == "show_forecast"] == ["p1"]


def test_that_a_forecast_is_shown_even_where_it_cannot_be_kept(qtbot: QtBot, clinic: FakeClinic) -> None:
    clinic.fail_with = UserError("The disk is full.", "Free some space.")
    panel = shown(qtbot, clinic, answering(a_forecast()))
    assert "About 7 of 10" in panel.text()
    assert "The disk is full." in panel.text()


def test_that_the_answer_for_a_patient_who_was_left_is_dropped(qtbot: QtBot, clinic: FakeClinic) -> None:
    gate = threading.Event()

    def slow(history: PatientHistory, book: RuleBook, now: datetime, change: WhatIf | None) -> Forecast:
        if history.patient.id == "p1":
            gate.wait(5)
        return a_forecast(population=f"asked for {history.patient.id}")

    panel = ForecastPanel(clinic, Theme(), work=slow)
    qtbot.addWidget(panel)
    panel.show_patient("p1")
    told: list[Forecast] = []
    panel.forecast_changed.connect(told.append)
    with qtbot.waitSignal(panel.forecast_changed, timeout=5000):
        panel.show_patient("p2")
        gate.set()
    settle()
    assert [forecast.population for forecast in told] == ["asked for p2"]
    assert "asked for p2" in panel.text()


def test_that_a_panel_can_be_closed_while_it_calculates(qtbot: QtBot, clinic: FakeClinic) -> None:
    gate = threading.Event()

    def slow(history: PatientHistory, book: RuleBook, now: datetime, change: WhatIf | None) -> Forecast:
        gate.wait(5)
        return a_forecast()

    panel = ForecastPanel(clinic, Theme(), work=slow)
    panel.show_patient("p1")
    panel.deleteLater()
    QApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete.value)
    gate.set()
    settle()
    assert not [call for call in clinic.calls if call[0] == "show_forecast"]


def test_that_nobody_has_no_forecast(qtbot: QtBot, clinic: FakeClinic) -> None:
    panel = shown(qtbot, clinic, answering(a_forecast()))
    panel.show_patient("")
    assert panel.text() == ""


def test_that_the_panel_asks_for_the_what_if_form(qtbot: QtBot, clinic: FakeClinic) -> None:
    panel = shown(qtbot, clinic, answering(a_forecast()))
    with qtbot.waitSignal(panel.form_requested) as asked:
        panel.what_if.click()
    assert asked.args == ["what_if", ""]
    assert set(forms()) == {"what_if"}


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "fewer than 1 of 10"), (0.04, "fewer than 1 of 10"), (0.7, "about 7 of 10"), (0.97, "more than 9 of 10")]
)
def test_that_a_probability_is_said_in_tenths_and_never_as_certain(share: float, words: str) -> None:
    assert tenths(share) == words


@pytest.mark.parametrize(("value", "text"), [(0.0712, "0.071"), (0.3, "0.3"), (1.234, "1.2"), (12.6, "13")])
def test_that_a_forecast_count_has_two_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_that_a_latent_probability_says_so() -> None:
    day1 = DayOneForecast(at=some_days(3, 1, 5).median, threshold=1.5, probability_at_or_above=0.5, kind="latent")
    assert "true (latent) ANC ≥ 1.5" in day_one_words(day1)


@pytest.mark.parametrize(
    ("measured", "inside"),
    [("0.5", True), ("1.1", True), ("1.2", False), ("<0.3", False), ("<0.5", None), (">1.1", False), (">0.5", None), ("clotted", None)],
)
def test_that_a_censored_count_counts_only_where_it_is_sure(measured: str, inside: bool | None) -> None:
    assert inside_of(replace(an_entry(measured), predicted=a_spread(0.6, 0.3, 1.1))) is inside


def test_that_a_change_is_said_in_words() -> None:
    assert change_words(WhatIf()) == "the plan"
    assert change_words(WhatIf(delay_days=7, dose_percent=80, gcsf=True)) == "day 1 7 days later, dose 80 %, with G-CSF"


def test_that_a_prior_of_its_own_is_not_called_generic() -> None:
    assert chip_words(a_forecast(population="R-CHOP-21, lymphoma, prior quality B")) == "2 own cycles"
    assert chip_words(a_forecast(population="R-CHOP-21", observations_used=0, cycles_used=0)) == "generic prior · 0 own cycles"
