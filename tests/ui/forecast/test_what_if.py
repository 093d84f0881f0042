"""What if: plan and changed plan beside each other, asked with the same history; it stores nothing."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.forecast import Forecast, WhatIf
from neutromon.models.history import PatientHistory
from neutromon.rules import RuleBook
from neutromon.ui.forecast.what_if import WhatIfForm, lines_of
from neutromon.ui.saved import FormContext
from neutromon.ui.theme import Theme
from tests.builders import a_nadir_history
from tests.ui.fake_clinic import FakeClinic
from tests.ui.forecast.records import a_changed, a_forecast, a_refusal


class Engine:
    """Remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[WhatIf | None] = []

    def __call__(self, history: PatientHistory, book: RuleBook, now: datetime, change: WhatIf | None) -> Forecast:
        self.asked.append(change)
        return a_changed(change)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def form(qtbot: QtBot, engine: Engine) -> Iterator[WhatIfForm]:
    clinic = FakeClinic()
    clinic.add(a_nadir_history(), "p1")
    host = QWidget()
    qtbot.addWidget(host)
    made = WhatIfForm(FormContext(clinic=clinic, theme=Theme(), patient_id="p1", parent=host), work=engine)
    made.open()
    made.resize(1040, 700)
    qtbot.waitUntil(lambda: len(made.lines()) > 1, timeout=5000)
    yield made
    made.close()


def calculate(qtbot: QtBot, form: WhatIfForm) -> None:
    before = form.lines()
    form.calculate()
    qtbot.waitUntil(lambda: form.lines() != before, timeout=5000)


def test_that_the_plan_alone_is_shown_first(form: WhatIfForm, engine: Engine) -> None:
    assert engine.asked == [None, None]
    form.grab()
    assert "median dashed" in form.chart.words("forecast")
    assert not [word for word in form.chart.words("forecast") if word.startswith("second")]


def test_that_a_change_is_forecast_beside_the_plan(form: WhatIfForm, engine: Engine, qtbot: QtBot) -> None:
    form.delay.setValue(7)
    form.dose.setValue(80)
    form.gcsf.setChecked(True)
    calculate(qtbot, form)
    assert engine.asked[-2:] == [None, WhatIf(delay_days=7, dose_percent=80.0, gcsf=True)]
    lines = {line[0]: line[1:] for line in form.lines()}
    assert lines[""] == ("As planned", "Changed: day 1 7 days later, dose 80 %, with G-CSF")
    assert lines["Planned day 1"] == ("23 Mar 2026", "30 Mar 2026")
    assert lines["ANC ≥ 1 on day 1 (measured)"] == ("about 7 of 10", "about 9 of 10")
    assert lines["Lowest count, ×10⁹/L"][0] == "0.3 (0.1–0.7)"
    form.grab()
    assert "second median dashed" in form.chart.words("forecast")
    assert "changed plan: median, 50/80/95 %" in form.chart.words("legend")


def test_that_changes_are_calculated_once_the_hand_rests(form: WhatIfForm, engine: Engine, qtbot: QtBot) -> None:
    asked = len(engine.asked)
    for days in (1, 2, 3):
        form.delay.setValue(days)
    qtbot.waitUntil(lambda: len(engine.asked) > asked, timeout=5000)
    qtbot.waitUntil(lambda: any("3 days later" in cell for line in form.lines() for cell in line), timeout=5000)
    assert engine.asked[asked:] == [None, WhatIf(delay_days=3)]


def test_that_typing_replaces_the_number_of_the_field_that_has_the_keyboard(form: WhatIfForm, qtbot: QtBot) -> None:
    form.show()
    qtbot.waitUntil(lambda: form.delay.lineEdit().selectedText() == "0")
    qtbot.keyClicks(form.delay, "5")
    assert form.delay.value() == 5
    form.dose.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(lambda: form.dose.lineEdit().selectedText() == "100")
    qtbot.keyClicks(form.dose, "80")
    assert form.change() == WhatIf(delay_days=5, dose_percent=80.0)


def test_that_it_stores_nothing_and_belongs_to_one_patient(form: WhatIfForm) -> None:
    assert form.clinic.calls == []  # type: ignore[attr-defined]
    assert form.patient_id == "p1"
    assert "Advisory only" in form.note.text()


def test_that_a_refused_change_says_why_and_the_plan_stays() -> None:
    (line,) = lines_of(a_forecast(), a_refusal())
    assert line.changed == "No forecast: the course has no regimen on record."
    late = a_forecast(nadir=None, next_nadir=None, recovery_at=None, day1=None)
    texts = {line.name: line.plan for line in lines_of(late, late)}
    assert texts["Lowest count, ×10⁹/L"] == "recovery only"
    assert texts["Planned day 1"] == "not planned"
