"""Drafts: what was begun in a form is kept in the encrypted store while typing and comes back when the form is opened again."""

import hashlib
import json
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.fields.units import UnitChip
from neutromon.ui.port import ClinicPort

WAIT_MS = 600
ORIGIN = "begun_from"
"""No field is called so."""
Value = str | bool
State = dict[str, Value]


def _digest(state: State) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def gather(form: QWidget) -> State:
    """Return what stands in every named field of a form; fields that are locked, because they are stored, are left out."""
    found: State = {}
    for widget in form.findChildren(QWidget):
        value = _read(widget)
        if value is not None and widget.objectName() and widget.isEnabled() and not widget.objectName().startswith("qt_"):
            found[widget.objectName()] = value
    return found


def restore(form: QWidget, state: Mapping[str, object]) -> None:
    """Put values back into the named fields; fields of another version of the form are passed over."""
    for widget in form.findChildren(QWidget):
        value = state.get(widget.objectName()) if widget.objectName() else None
        if value is not None:
            _write(widget, value)


def _read(widget: QWidget) -> Value | None:
    own = getattr(widget, "draft_text", None)  # a field of another room that keeps its own draft; a Protocol check is ten times slower
    if own is not None:
        return str(own())
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return None if isinstance(widget.parent(), QComboBox) else widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    return widget.unit if isinstance(widget, UnitChip) else None


def _write(widget: QWidget, value: object) -> None:
    own = getattr(widget, "set_draft_text", None)
    if own is not None:
        own(str(value))
    elif isinstance(widget, QComboBox):
        found = widget.findText(str(value))
        if found >= 0:
            widget.setCurrentIndex(found)
        elif widget.isEditable():
            widget.setEditText(str(value))
    elif isinstance(widget, QLineEdit):
        widget.setText(str(value))
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(str(value))
    elif isinstance(widget, QCheckBox):
        widget.setChecked(bool(value))
    elif isinstance(widget, UnitChip):
        widget.set_unit(str(value))


class DraftKeeper(QObject):
    """Keeps the draft of one form; what differs from the untouched form counts as begun.

    The draft of a change (`of_stored`) remembers what it began from: where that has changed since, it would bring old values back
    and is dropped.
    """

    def __init__(self, clinic: ClinicPort, patient_id: str, kind: str, form: QWidget, *, of_stored: bool = False) -> None:
        super().__init__(form)
        self._clinic, self._patient_id, self._kind, self._form = clinic, patient_id, kind, form
        self._untouched = gather(form)
        self._origin: State = {ORIGIN: _digest(self._untouched)} if of_stored else {}
        self._kept: State | None = self._untouched
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.keep_now)

    def bring_back(self) -> bool:
        """Fill the form from the draft and return whether there was one."""
        draft = self._clinic.load_draft(self._patient_id, self._kind)
        if not draft:
            return False
        if self._origin and draft.get(ORIGIN) != self._origin[ORIGIN]:
            self.drop()
            return False
        restore(self._form, draft)
        self._kept = gather(self._form)
        return True

    def begin_anew(self) -> None:
        """Forget the draft and show the untouched form."""
        self.drop()
        restore(self._form, self._untouched)

    def touch(self) -> None:
        """Keep the draft soon."""
        self._timer.start()

    def keep_now(self) -> None:
        """Keep what stands in the form; drop the draft where nothing does. A store that cannot write keeps the form open as it is."""
        self._timer.stop()
        state = gather(self._form)
        if state == self._kept:
            return
        try:
            if self._nothing_begun(state):
                self._clinic.drop_draft(self._patient_id, self._kind)
            else:
                self._clinic.save_draft(self._patient_id, self._kind, {**state, **self._origin})
            self._kept = state
        except UserError:
            self._kept = None

    def has_begun(self) -> bool:
        """Return whether something stands in the form that was not there when it was opened untouched."""
        return not self._nothing_begun(gather(self._form))

    def _nothing_begun(self, state: State) -> bool:
        """Return whether every field stands as it was opened; one that is locked meanwhile holds nothing."""
        return all(self._untouched.get(name) == value for name, value in state.items())

    def drop(self) -> None:
        """Forget the draft, because it is stored now or not wanted."""
        self._timer.stop()
        if self._clinic.load_draft(self._patient_id, self._kind) is not None:
            self._clinic.drop_draft(self._patient_id, self._kind)
        self._kept = self._untouched
