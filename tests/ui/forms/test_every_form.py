"""What holds for every form: its patient at the head, markup as text, names for the screen reader, a failed write, no leftovers."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from neutromon.ui.forms import forms
from neutromon.ui.saved import FormContext
from neutromon.ui.theme import DARK, LIGHT, Theme
from tests.builders import a_count, a_course, a_fever, a_history, a_patient
from tests.ui.fake_clinic import FakeClinic

NAMES = sorted(forms())
MARKUP = "<b>Testa</b> <img src=x> & more"


def _subject(name: str) -> str:
    return "p1-s1" if name in {"record", "fact"} else ""


def _focusable(form: QWidget) -> list[QWidget]:
    found = [w for w in form.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled() and w.window() is form]
    return [w for w in found if not w.objectName().startswith("qt_")]


@pytest.mark.parametrize("name", NAMES)
def test_that_every_control_that_takes_the_focus_has_a_name(open_form: Any, name: str) -> None:
    form = open_form(name, "p1", _subject(name))
    nameless = [f"{type(w).__name__} {w.objectName()}" for w in _focusable(form) if not (w.accessibleName() or getattr(w, "text", str)())]
    assert nameless == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"batch", "new_patient"}])
def test_that_markup_of_a_patient_shows_as_text_at_the_head_of_every_form(open_form: Any, clinic: FakeClinic, name: str) -> None:
    patient = a_patient(MARKUP, MARKUP, MARKUP, allergies=(MARKUP,), phone=MARKUP)
    clinic.add(replace(a_history(patient, a_course(MARKUP), [a_count(MARKUP)]), temperatures=(a_fever(MARKUP),)), "px")
    form = open_form(name, "px", "px-s1" if name in {"record", "fact"} else "")
    assert MARKUP in form.about.text()
    rich = [w.text() for w in form.findChildren(QLabel) if w.textFormat() is not Qt.TextFormat.PlainText and "Testa" in w.text()]
    assert rich == []


@pytest.mark.parametrize("name", NAMES)
def test_that_a_form_is_gone_once_it_is_closed(open_form: Any, name: str) -> None:
    form = open_form(name, "p1", _subject(name))
    gone: list[bool] = []
    form.destroyed.connect(lambda: gone.append(True))
    form.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert gone == [True]


@pytest.mark.parametrize("name", NAMES)
def test_that_escape_backs_out_and_stores_nothing(qtbot: QtBot, open_form: Any, clinic: FakeClinic, name: str) -> None:
    before = dict(clinic.histories)
    form = open_form(name, "p1", _subject(name))
    with qtbot.waitSignal(form.rejected):
        qtbot.keyClick(form, Qt.Key.Key_Escape)
    assert clinic.histories == before


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"batch", "new_patient"}])
def test_that_every_form_stays_bound_to_its_patient(open_form: Any, name: str) -> None:
    form = open_form(name, "p1", _subject(name))
    with pytest.raises(AttributeError):
        form.patient_id = "p2"
    assert form.patient_id == "p1"


@pytest.mark.parametrize("name", NAMES)
def test_that_ctrl_enter_is_a_key_of_every_form(open_form: Any, name: str) -> None:
    form = open_form(name, "p1", _subject(name))
    keys = [shortcut.key() for shortcut in form.findChildren(QShortcut)]
    assert QKeySequence("Ctrl+Return") in keys


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_form_can_be_drawn_at_both_looks_and_twice_the_size(qtbot: QtBot, clinic: FakeClinic, name: str, palette: Any) -> None:
    theme = Theme(palette=palette, scale=2.0)
    form = forms()[name](FormContext(clinic=clinic, theme=theme, patient_id="p7", subject_id="p7-s1" if name == "record" else ""))
    form.open()
    assert not form.grab().isNull()
    form.close()


def test_that_the_forms_that_the_window_asks_for_are_all_there() -> None:
    wanted = {
        "count",
        "batch",
        "temperature",
        "symptoms",
        "growth_factor",
        "antibiotic",
        "event",
        "course",
        "cycle",
        "patient",
        "new_patient",
        "record",
        "fact",
    }
    assert wanted <= set(NAMES)
