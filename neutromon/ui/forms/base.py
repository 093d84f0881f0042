"""A form that is bound to one patient: her line at the head, rows of fields, one way to save, undo and keep a draft."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.formatting import COUNT_UNIT
from neutromon.ui.forms.drafts import DraftKeeper, State, gather
from neutromon.ui.forms.words import about_line, undone_by
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import SCROLL_BAR, Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row

__all__ = ("SCROLL_BAR", "WIDEST", "PatientForm")

LABEL_WIDTH = 150
WIDEST = 1300


class PatientForm(Dialog):
    """A dialog for one patient; subclasses add rows, then call `add_save` and, where a draft is worth keeping, `keep_draft`."""

    def __init__(self, context: FormContext, title: str, *, name: str, width: int = 600, about: str = "", scroll: bool = False) -> None:
        self.context = context
        self.clinic, self.theme = context.clinic, context.theme
        known = context.clinic.patient_history(context.patient_id) if context.patient_id else None
        line = about or (about_line(known, context.clinic.now()) if known else "")
        room = min(round(width * max(1.0, context.theme.scale)), WIDEST)
        super().__init__(title, about=line, name=name, patient_id=context.patient_id, parent=context.parent, width=room)
        self._history = known
        self._draft: DraftKeeper | None = None
        self._opened: State = {}
        if scroll:
            self.scroll_body()
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(SPACE.medium)
        self.grid.setVerticalSpacing(SPACE.small)
        self.grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self.grid.setColumnStretch(1, 1)
        self.body.addLayout(self.grid)

    def add_field(self, label: str, field: QWidget, *, hint: str = "") -> TextLabel:
        """Add a row of label, field and hint; the label names the field and is its buddy. Return the hint's label."""
        number = self.grid.rowCount()
        text = TextLabel(label)
        text.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(label)
        self.grid.addWidget(text, number, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        text.setContentsMargins(0, SPACE.small, 0, 0)
        holder = QWidget()
        inside = column(holder, spacing=SPACE.tight)
        inside.addWidget(field)
        said = TextLabel(hint, size=Size.CAPTION, tone="muted", wrap=True)
        said.setVisible(bool(hint))
        inside.addWidget(said)
        self.grid.addWidget(holder, number, 1)
        return said

    def add_wide(self, widget: QWidget) -> None:
        """Add something over the whole width."""
        self.grid.addWidget(widget, self.grid.rowCount(), 0, 1, 2)

    def add_save(self, text: str, write: Callable[[], Saved | None]) -> None:
        """Add cancel and save; a refused write shows its sentence and leaves everything as typed, None leaves the form open."""
        self.body.addStretch(1)
        self.add_primary(text, lambda: self._save(write))

    def _save(self, write: Callable[[], Saved | None]) -> None:
        self.show_problem("")
        try:
            saved = write()
            if saved is None:
                return
            if self._draft is not None:
                self._draft.drop()
        except UserError as error:
            self.show_problem(str(error).replace("10*9/L", COUNT_UNIT))
            return
        self._draft = None
        self.finish(saved)

    def keep_draft(self, kind: str, *, of_stored: bool = False) -> None:
        """Bring back a draft of this kind and keep what is typed from now on; `of_stored` where the form changes what is stored."""
        self._draft = DraftKeeper(self.clinic, self.patient_id, kind, self, of_stored=of_stored)
        if self._draft.bring_back():
            self.body.insertWidget(0, self._draft_bar())
        for field in self.findChildren(QWidget):
            self._watch(field)

    def _watch(self, field: QWidget) -> None:
        if isinstance(field, QLineEdit | QPlainTextEdit):
            field.textChanged.connect(self._touch)
        elif isinstance(field, QComboBox):
            field.currentTextChanged.connect(self._touch)
        elif isinstance(field, QCheckBox):
            field.toggled.connect(self._touch)

    def can_be_left(self) -> bool:
        """Return whether nothing is lost by leaving: what was typed is kept, or nothing was."""
        return self._draft is not None or gather(self) == self._opened

    def has_begun(self) -> bool:
        """Return whether something was typed that the draft keeps."""
        return self._draft is not None and self._draft.has_begun()

    def showEvent(self, event: QShowEvent) -> None:
        """Remember what stood in a form without a draft when it opened."""
        super().showEvent(event)
        if self._draft is None and not self._opened:
            self._opened = gather(self)

    def _touch(self, *_told: object) -> None:
        self.show_problem("")  # it spoke of what stood there before
        if self._draft is not None:
            self._draft.touch()

    def _draft_bar(self) -> QWidget:
        self._restored = frame("info", name="draft_bar")
        line = row(self._restored)
        line.setContentsMargins(SPACE.medium, SPACE.tight, SPACE.tight, SPACE.tight)
        line.addWidget(TextLabel(tr("This was begun earlier and not saved. Check date and time."), wrap=True), 1)
        line.addWidget(button(tr("Begin anew"), self._begin_anew, name="draft_drop", kind="flat"))
        return self._restored

    def _begin_anew(self) -> None:
        self._restored.hide()
        if self._draft is not None:
            self._draft.begin_anew()

    def done(self, result: int) -> None:
        """Keep what was begun when the form closes unsaved."""
        if self._draft is not None:
            self._draft.keep_now()
            self._draft = None
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next field on Enter, press a button that has the focus; only Ctrl+Enter saves, so that nothing is saved half-typed."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            focused = self.focusWidget()
            if isinstance(focused, QPushButton | QCheckBox):
                focused.click()
            else:
                self.focusNextChild()
            return
        super().keyPressEvent(event)

    def void_later(self, fact_id: str) -> Callable[[], Outcome[None]]:
        """Return the undo of a new record: it is voided, with who undid it as the reason."""
        clinic, reason = self.clinic, undone_by(self.clinic.user)
        return lambda: clinic.void_fact(fact_id, reason)

    def restore_later(self, fact_id: str) -> Callable[[], Outcome[None]]:
        """Return the undo of a withdrawal: the record comes back as it was, and both steps stay in the log."""
        clinic, reason = self.clinic, undone_by(self.clinic.user)
        return lambda: clinic.restore_fact(fact_id, reason)
