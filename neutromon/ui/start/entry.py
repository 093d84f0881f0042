"""Sign in, and make the clinic's store with its first user: plain windows that come before the main one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, frame, roomy, row

Open = Callable[[str, str], None]
Create = Callable[[str, str], str]
WIDTH = 480
TITLE_BAR, SCROLL_BAR = 40, 16


class EntryWindow(QWidget):
    """A card with a heading, what it is about, fields, and one sentence where something is wrong."""

    practice_requested = Signal()

    def __init__(self, title: str, about: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAccessibleName(name)
        self.setWindowTitle("NeutroMon")
        self._holder = holder = QWidget()
        holder.setObjectName("window")
        self._area = QScrollArea()  # for large text on a small screen
        self._area.setObjectName("entry_scroll")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(holder)
        column(self).addWidget(self._area)
        outer = column(holder, margin=SPACE.wide)
        outer.addStretch(1)
        self.card = card = frame("card", name=name)
        card.setFixedWidth(min(roomy(WIDTH), self.screen().availableGeometry().width() - 2 * SPACE.wide - SCROLL_BAR))
        self.body: QVBoxLayout = column(card, margin=SPACE.wide, spacing=SPACE.medium)
        self.body.addWidget(TextLabel("NeutroMon", size=Size.CAPTION, tone="accent", strong=True))
        self.body.addWidget(TextLabel(title, size=Size.TITLE, strong=True))
        self.body.addWidget(TextLabel(about, tone="muted", wrap=True))
        self.problem = TextLabel("", tone="error", strong=True, wrap=True)
        self.problem.setObjectName("entry_problem")
        line = row()
        line.addStretch(1)
        line.addWidget(card)
        line.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(2)

    def make_room(self) -> None:
        """Be as large as the card needs, as far as the screen has room; what is higher scrolls."""
        if self.parentWidget() is not None:
            return  # a sheet over another window is as large as that
        room = self.screen().availableGeometry()
        width = min(max(720, roomy(WIDTH) + 2 * SPACE.wide + SCROLL_BAR), room.width())
        inside = self._holder.layout()
        needed = inside.totalHeightForWidth(width) if inside is not None else 0
        self.resize(width, min(max(560, needed), room.height() - TITLE_BAR))

    def showEvent(self, event: QShowEvent) -> None:
        """Open as large as the card needs."""
        super().showEvent(event)
        self.make_room()

    def add_secret(self, label: str, name: str) -> QLineEdit:
        """Add a passphrase field."""
        field = self.add_field(label, name)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        return field

    def add_field(self, label: str, name: str, text: str = "") -> QLineEdit:
        """Add a field with its label."""
        field = QLineEdit(text)
        field.setObjectName(name)
        self.body.addWidget(field_row(label, field, label_width=130))
        return field

    def show_problem(self, problem: object) -> None:
        """Say what is wrong and what to do."""
        self.problem.setText(str(problem))
        self.problem.set_tone("error")
        if self.isVisible():
            self.make_room()

    def show_news(self, text: str) -> None:
        """Say what was done."""
        self.problem.setText(text)
        self.problem.set_tone("meets")

    def add_practice_button(self) -> QWidget:
        """Offer the practice clinic to those who only want to look."""
        made = button(tr("Look at the practice clinic instead"), self.practice_requested.emit, name="entry_practice", kind="flat")
        self.body.addWidget(made)
        return made


class SignInWindow(EntryWindow):
    """Asks for user and passphrase; `open_store` raises UserError with one sentence where they do not open the store."""

    def __init__(self, store: Path, user: str, open_store: Open, parent: QWidget | None = None) -> None:
        super().__init__(tr("Sign in"), tr("The store is {path}", path=store), "sign_in", parent)
        self._open_store = open_store
        self.user = self.add_field(tr("User"), "sign_in_user", user)
        self.passphrase = self.add_secret(tr("Passphrase"), "sign_in_passphrase")
        self.body.addWidget(self.problem)
        self.go = primary_button(tr("Open"), self.begin, name="sign_in_open")
        self.body.addWidget(self.go)
        self.practice = self.add_practice_button()
        self.user.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.returnPressed.connect(self.begin)
        (self.passphrase if user else self.user).setFocus()

    def show_practice(self) -> None:
        """Say that this is the practice clinic, and who opens it with which published passphrase."""
        from neutromon.ui.practice_banner import published_words, window_title

        self.setWindowTitle(window_title(practice=True))
        told = TextLabel(published_words(), tone="accent", strong=True, wrap=True)
        told.setObjectName("sign_in_published")
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.insertWidget(self.body.indexOf(self.problem), told)
        self.practice.hide()

    def begin(self) -> None:
        """Say that the store is being opened, paint that, then open it: the passphrase is stretched for half a second."""
        if self.go.isEnabled():
            self.go.setEnabled(False)
            self.go.setText(tr("Opening …"))
            self.show_problem("")
            QTimer.singleShot(0, self.try_open)

    def try_open(self) -> None:
        """Open the store, or say why not."""
        secret = self.passphrase.text()
        try:
            self._open_store(self.user.text().strip(), secret)
        except UserError as error:
            self.show_problem(error)
            self.passphrase.clear()
            self.passphrase.setFocus()
        self.go.setEnabled(True)
        self.go.setText(tr("Open"))


class FirstStartWindow(EntryWindow):
    """Makes the store with its first user; `create` returns the recovery key, which is shown once and must be confirmed."""

    ready = Signal(str, str)

    def __init__(self, store: Path, create: Create, parent: QWidget | None = None) -> None:
        about = tr("This makes your clinic's encrypted store at {path} and its first user, who may let others in.", path=store)
        super().__init__(tr("Welcome"), about, "first_start", parent)
        self._create = create
        self.sheet: RecoverySheet | None = None
        self.user = self.add_field(tr("Your name"), "first_user")
        self.passphrase = self.add_secret(tr("Passphrase"), "first_passphrase")
        self.again = self.add_secret(tr("Again"), "first_again")
        hint = tr("At least 10 characters; four words are easy to keep. Without it nobody can read the store.")
        self.body.addWidget(TextLabel(hint, size=Size.CAPTION, tone="muted", wrap=True))
        self.body.addWidget(self.problem)
        self.body.addWidget(primary_button(tr("Make the store"), self.create_store, name="first_create"))
        self.add_practice_button()
        self.again.returnPressed.connect(self.create_store)
        self.user.setFocus()

    def create_store(self) -> None:
        """Make the store, or say why not."""
        user, secret = self.user.text().strip(), self.passphrase.text()
        if not user:
            self.show_problem(tr("Your name is missing. It stands beside everything you record."))
        elif secret != self.again.text():
            self.show_problem(tr("The two passphrases differ. Type them again."))
        else:
            try:
                key = self._create(user, secret)
            except UserError as error:
                self.show_problem(error)
                return
            self._show_recovery(key, user, secret)

    def _show_recovery(self, key: str, user: str, secret: str) -> None:
        self.card.hide()  # the sheet stands in its place, not over it
        self.sheet = sheet = RecoverySheet(key, self)
        sheet.confirmed.connect(lambda: self.ready.emit(user, secret))
        sheet.setGeometry(self.rect())
        sheet.show()
        sheet.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the sheet fill the window whatever its size becomes."""
        super().resizeEvent(event)
        if self.sheet is not None:
            self.sheet.setGeometry(self.rect())


class RecoverySheet(EntryWindow):
    """Shows the recovery key once; going on needs a word that it was written down."""

    confirmed = Signal()

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        about = tr("If every passphrase is forgotten, only this key opens the store. It is shown once: write it down on paper.")
        super().__init__(tr("Recovery key"), about, "recovery", parent)
        self.setAutoFillBackground(True)
        self._key = key
        self.key = QPlainTextEdit(key)
        self.key.setObjectName("recovery_key")
        self.key.setAccessibleName(tr("Recovery key"))
        self.key.setReadOnly(True)
        self.key.setTabChangesFocus(True)
        self.key.setFixedHeight(96)
        self.body.addWidget(self.key)
        self.body.addWidget(button(tr("Copy"), self._copy, name="recovery_copy"))
        self.kept = QCheckBox(tr("I keep this key on paper in a safe place"))
        self.kept.setObjectName("recovery_kept")
        self.kept.setAccessibleName(self.kept.text())
        self.body.addWidget(self.kept)
        self.go = primary_button(tr("Open the clinic"), self.confirmed.emit, name="recovery_go")
        self.go.setEnabled(False)
        self.kept.toggled.connect(self.go.setEnabled)
        self.body.addWidget(self.go)
        self.kept.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._key)
