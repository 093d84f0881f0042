"""What every form of alerts and care owes: names for a screen reader, plain text, room on a small screen, Esc and Ctrl+Enter."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from neutromon.models.evaluation import Tier
from neutromon.ui.alerts import forms as alert_forms
from neutromon.ui.care import forms as care_forms
from neutromon.ui.saved import FormContext
from neutromon.ui.theme import Theme
from tests.ui.fake_clinic import FakeClinic

Open = Callable[..., Any]
CARE = sorted(care_forms())
ALERTS = sorted(alert_forms())
OWN = {"pin"}
"""Forms about the person who is signed in: no patient stands in them."""
MARKUP = "<b>Bold</b> & <img src=x>"


@pytest.fixture(params=CARE + ALERTS)
def form(request: pytest.FixtureRequest, open_form: Open, clinic: FakeClinic) -> Any:
    """Give each form, opened for a febrile patient with markup in her name."""
    history = clinic.histories["p2"]
    patient = replace(history.patient, family_name=MARKUP, allergies=(MARKUP,))
    clinic.add(replace(history, patient=patient), "p2")
    urgent = next(alert for alert in clinic.alerts_of("p2") if alert.tier is Tier.URGENT)
    subject = urgent.id if request.param in ALERTS else ""
    return open_form(request.param, "p2", subject)


def focusable(form: QWidget) -> list[QWidget]:
    own = [w for w in form.findChildren(QWidget) if w.isVisibleTo(form) and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [w for w in own if type(w) not in {QWidget, QAbstractScrollArea} and not w.objectName().startswith("qt_")]


def test_that_every_field_and_button_has_a_name_for_tests_and_for_a_screen_reader(form: Any) -> None:
    found = focusable(form)
    assert found
    nameless = [
        f"{type(w).__name__} {w.objectName()!r} {w.accessibleName()!r}" for w in found if not (w.objectName() and w.accessibleName())
    ]
    assert nameless == []


def test_that_every_text_is_plain_and_markup_in_a_name_stays_text(form: Any, request: pytest.FixtureRequest) -> None:
    labels = form.findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    named = any("<b>Bold</b>" in label.text() for label in labels)
    assert named is (request.node.callspec.params["form"] not in OWN)


def test_that_it_fits_a_small_screen(form: Any) -> None:
    assert form.width() <= 1366
    assert form.height() <= 740


def test_that_escape_backs_out_without_a_write(qtbot: QtBot, form: Any, clinic: FakeClinic) -> None:
    before = [name for name, _ in clinic.calls]
    with qtbot.waitSignal(form.rejected):
        qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert [name for name, _ in clinic.calls if name not in {"save_draft", "drop_draft"}] == before


def test_that_it_has_one_button_for_what_it_is_for_and_one_to_back_out(form: Any) -> None:
    kinds = [made.property("kind") for made in form.findChildren(QPushButton) if made.isVisibleTo(form)]
    assert kinds.count("primary") == 1
    assert form.findChild(QPushButton, "cancel") is not None


@pytest.mark.parametrize("scale", [1.5, 2.0])
@pytest.mark.parametrize("name", CARE)
def test_that_a_large_text_still_opens_every_form(qtbot: QtBot, clinic: FakeClinic, name: str, scale: float) -> None:
    made = care_forms()[name](FormContext(clinic=clinic, theme=Theme(scale=scale), patient_id="p2"))
    made.open()
    assert not made.grab().isNull()
    made.done(0)


@pytest.mark.parametrize("patient", ["p1", "p3", "p5", "p6", "p7", "p8", "p9"])
@pytest.mark.parametrize("name", CARE)
def test_that_every_form_opens_for_every_patient(open_form: Open, name: str, patient: str) -> None:
    assert open_form(name, patient).patient_id == patient
