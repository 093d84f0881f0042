"""The house's dialog: title, what it is about, body, one sentence for a problem, buttons; opened without blocking, closed with Esc."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.saved import Saved
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, frame, row, scroll_area

TITLE_BAR = 40
"""What the window manager puts above a dialog: without it the buttons of a high one would lie below the screen."""
SCROLL_BAR, FRAME, LOWEST = 16, 78, 360
SMALL_SCREEN = 1366


class Dialog(QDialog):
    """A styled window-modal dialog; use `open()`, never `exec()`. `patient_id` is fixed for its whole life."""

    stored = Signal(object)
    read_only = False
    """Nothing is typed here that could be lost."""

    def __init__(
        self, title: str, *, about: str = "", name: str = "dialog", patient_id: str = "", parent: QWidget | None = None, width: int = 520
    ) -> None:
        super().__init__(parent)
        self._patient_id = patient_id
        self._inner: QWidget | None = None
        self._area: QScrollArea | None = None
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(width)
        outer = column(self, spacing=0)
        outer.addWidget(self._head(title, about))
        self.body = self._body(outer)
        self._problem = self._problem_bar(outer)
        self.buttons = self._foot(outer)
        save = QShortcut(QKeySequence("Ctrl+Return"), self)
        save.activated.connect(self._press_primary)
        # the window below is closed to the keyboard while a dialog is open: its two keys that must not be lost are heard here
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self._lock)
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self._search)

    @property
    def patient_id(self) -> str:
        """Return the patient for whom this dialog was opened; it never changes."""
        return self._patient_id

    def _head(self, title: str, about: str) -> QWidget:
        head = frame("bar", name="dialog_head")
        layout = column(head, margin=SPACE.large, spacing=SPACE.tight)
        layout.setContentsMargins(SPACE.wide, SPACE.large, SPACE.wide, SPACE.large)
        layout.addWidget(TextLabel(title, size=Size.TITLE, strong=True))
        self.about = TextLabel(about, tone="muted", wrap=True)
        self.about.setVisible(bool(about))
        layout.addWidget(self.about)
        return head

    def _body(self, outer: QVBoxLayout) -> QVBoxLayout:
        holder = QWidget()
        body = column(holder, spacing=SPACE.medium)
        body.setContentsMargins(SPACE.wide, SPACE.large, SPACE.wide, SPACE.large)
        outer.addWidget(holder, 1)
        return body

    def scroll_body(self) -> None:
        """Put the body into a scroll area, for what can be higher than a small screen; call it before anything is added."""
        self._inner = inner = QWidget()
        self._area = area = scroll_area(inner, upright=True)
        self.body.addWidget(area, 1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body = column(inner, spacing=SPACE.medium)
        self.body.setContentsMargins(SPACE.wide, SPACE.large, SPACE.wide, SPACE.large)

    def bring_into_sight(self, part: QWidget) -> None:
        """Scroll to a part of the body that is shown."""
        if self._area is not None and part.isVisibleTo(self):
            self._area.ensureWidgetVisible(part)

    def _problem_bar(self, outer: QVBoxLayout) -> TextLabel:
        holder = QWidget()
        layout = column(holder)
        layout.setContentsMargins(SPACE.wide, 0, SPACE.wide, SPACE.small)
        problem = TextLabel("", tone="error", strong=True, wrap=True)
        problem.setObjectName("dialog_problem")
        problem.hide()
        layout.addWidget(problem)
        outer.addWidget(holder)
        return problem

    def _foot(self, outer: QVBoxLayout) -> QHBoxLayout:
        foot = QWidget()
        buttons = row(foot)
        buttons.setContentsMargins(SPACE.wide, SPACE.small, SPACE.wide, SPACE.large)
        buttons.addStretch(1)
        outer.addWidget(foot)
        return buttons

    def add_buttons(self, primary: QPushButton | None, *, cancel: str = "") -> None:
        """Add the cancel button and the primary button at the end of the row."""
        cancel_text = cancel or tr("Cancel")
        self.buttons.addWidget(button(cancel_text, self.reject, name="cancel"))
        if primary is not None:
            self._primary = primary
            self.buttons.addWidget(primary)

    def add_primary(self, text: str, slot: object, *, name: str = "save", cancel: str = "") -> QPushButton:
        """Add cancel and a primary button that calls `slot`; Ctrl+Enter presses it."""
        assert callable(slot)
        made = primary_button(text, slot, name=name)
        self.add_buttons(made, cancel=cancel)
        return made

    def _press_primary(self) -> None:
        primary = getattr(self, "_primary", None)
        if isinstance(primary, QPushButton) and primary.isEnabled():
            primary.click()

    def _above(self, name: str) -> Callable[..., object]:
        """Return what the window that this dialog belongs to does by a name; nothing is done where there is no window."""
        above = self.parentWidget()
        while above is not None and not callable(getattr(above, name, None)):
            above = above.parentWidget()
        return getattr(above, name, lambda *_told: None)

    def _lock(self) -> None:
        """Lock the window; it hides the dialog and brings it back."""
        self._above("lock")()

    def _search(self) -> None:
        """Take the keyboard out of the field, so that a name typed after Ctrl+K does not end in it, and search over this dialog."""
        self.setFocus()
        self._above("search_over")(self)

    def can_be_left(self) -> bool:
        """Return whether nothing is lost by closing this dialog unsaved: nothing was typed, or it is kept as a draft."""
        return self.read_only

    def has_begun(self) -> bool:
        """Return whether something was begun here that is kept as a draft."""
        return False

    def finish(self, saved: Saved) -> None:
        """Tell what is stored and close."""
        self.stored.emit(saved)
        self.accept()

    def show_problem(self, problem: str | UserError) -> None:
        """Show one sentence and what to do about it, with room for it; an empty text takes it away."""
        self._problem.setText(str(problem))
        self._problem.setVisible(bool(str(problem)))
        if str(problem) and self.isVisible():
            self._make_room()

    def problem_text(self) -> str:
        """Return the problem that is shown, or ""."""
        return self._problem.text() if self._problem.isVisibleTo(self) else ""

    def showEvent(self, event: QShowEvent) -> None:
        """Open as high as the content is, as far as the screen has room."""
        super().showEvent(event)
        self._make_room()
        self.fit_height()

    def _make_room(self) -> None:
        """Be as tall as wrapped texts need at this width, which Qt's first guess leaves out, but never taller than the screen."""
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            if needed > self.height():
                self.resize(self.width(), min(needed, self.screen().availableGeometry().height() - TITLE_BAR))
                self._stay_on_screen()

    def _stay_on_screen(self) -> None:
        """Move up where the dialog has grown over the lower edge of the screen."""
        over = self.geometry().bottom() - self.screen().availableGeometry().bottom()
        if over > 0:
            self.move(self.x(), max(self.y() - over, 0))

    def fit_height(self) -> None:
        """Grow to the height of the content, as far as a small screen has room; what is higher scrolls."""
        if self._inner is None or self._area is None:
            return
        room = self.screen().availableGeometry()
        needed = self._inner.minimumSizeHint().width() + SCROLL_BAR
        width = max(self.width(), min(needed, max(room.width(), SMALL_SCREEN) - SCROLL_BAR))
        if needed > width:
            self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        rest = self.sizeHint().height() - self._area.sizeHint().height()
        wanted = max(self._inner.sizeHint().height(), self._inner.heightForWidth(width))
        self.setMinimumWidth(width)
        self.resize(width, max(min(wanted + rest, room.height() - FRAME), LOWEST))
