"""The forecast in the window: the panel beside the trend, what-if by name, the backtest as a page; no alert depends on it."""

from pytestqt.qtbot import QtBot

from neutromon.services.alerts import open_alerts
from neutromon.services.session import Session
from neutromon.ui.forecast.backtest import BacktestPage
from neutromon.ui.forecast.what_if import WhatIfForm
from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.page import PatientPage
from tests.ui.fake_clinic import FakeClinic


def open_first(window: MainWindow, patient_id: str) -> PatientPage:
    window.open_patient(patient_id)
    page = window.pages.page("patient")
    assert isinstance(page, PatientPage)
    return page


def test_that_what_if_opens_by_name_for_the_patient_of_the_page(window: MainWindow, clinic: FakeClinic, qtbot: QtBot) -> None:
    assert "what_if" in window.forms.names()
    first = next(iter(clinic.histories))
    open_first(window, first)
    window.run_command("form_what_if")
    (dialog,) = window.forms.dialogs()
    assert isinstance(dialog, WhatIfForm)
    qtbot.waitUntil(lambda: bool(dialog.lines()), timeout=20_000)
    assert dialog.patient_id == first
    dialog.close()


def test_that_a_shown_forecast_is_kept_drawn_and_changes_no_alert(practice_window: MainWindow, practice: Session, qtbot: QtBot) -> None:
    before = [(row.alert.id, row.alert.tier, row.alert.state, row.alert.text) for row in open_alerts(practice)]
    patient = next(fact.patient for fact in practice.store.facts_of_kind("course") if fact.patient)
    page = open_first(practice_window, patient)
    qtbot.waitUntil(lambda: page.context.forecast is not None, timeout=20_000)
    qtbot.waitUntil(lambda: "Calculating" not in page.context.forecast.text(), timeout=20_000)
    kept = [fact for fact in practice.store.facts_of(patient) if fact.kind == "forecast"]
    assert len(kept) == (0 if "No forecast" in page.context.forecast.text() else 1)
    after = [(row.alert.id, row.alert.tier, row.alert.state, row.alert.text) for row in open_alerts(practice)]
    assert after == before


def test_that_the_backtest_runs_beside_the_window_and_can_be_stopped(practice_window: MainWindow, qtbot: QtBot) -> None:
    practice_window.run_command("desk_backtest")
    page = practice_window.pages.page("backtest")
    assert isinstance(page, BacktestPage)
    page.start.click()
    qtbot.waitUntil(lambda: page.progress.maximum() > 0 and page.progress.value() > 0, timeout=20_000)
    page.stop.click()
    qtbot.waitUntil(lambda: page.text.text() == "Stopped.", timeout=20_000)
    assert page.start.isEnabled()
