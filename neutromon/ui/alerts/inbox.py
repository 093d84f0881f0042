"""The alert inbox: what is open, worst first, whose it is, and the actions beside it; two keys answer an alert."""

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget

from neutromon.models.alerts import Acknowledgement, AlertState
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.ui.alerts.desk_page import WORDS_UP_TO, AlertPage
from neutromon.ui.alerts.detail import AlertDetail
from neutromon.ui.alerts.words import AT_ONCE, action_word, action_words
from neutromon.ui.forms.undo import taking_answer_back
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import Saved
from neutromon.ui.text import tier_word, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import ElidedLabel, TextLabel, as_tooltip
from neutromon.ui.widgets.layout import row

FOLLOW_UP = timedelta(hours=24)
"""An urgent alert that is answered by a digit comes back after a day without a later count; the form can name another time."""
EVERYBODY = "everybody"
FILTER_WIDTH = 190


class AlertInbox(AlertPage):
    """Open alerts with a filter by owner and by tier; asks upwards for patients and forms, answers simple actions itself."""

    def __init__(self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, parent: QWidget | None = None) -> None:
        super().__init__(clinic, theme, notifier, name="alert_inbox", parent=parent)
        self._tier: Tier | None = None
        self.detail = AlertDetail(theme)
        self.empty = EmptyState()
        outer = self._page()
        outer.addLayout(self._build_head())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_middle())
        self._stack.addWidget(self.empty)
        outer.addWidget(self._stack, 1)
        outer.addLayout(self._build_foot())
        self._connect()

    def _build_head(self) -> QHBoxLayout:
        head = self._head(tr("Alerts"))
        self._tiers = QButtonGroup(self)
        self._tiers.setExclusive(True)
        self._tier_buttons: dict[Tier | None, QPushButton] = {}
        for tier in (None, *Tier):
            made = button("", partial(self._show_tier, tier), name=f"tier_{tier.name.lower() if tier else 'all'}", kind="flat")
            made.setCheckable(True)
            made.setChecked(tier is None)
            self._tiers.addButton(made)
            self._tier_buttons[tier] = made
            head.addWidget(made)
        self.owner = QComboBox()
        self.owner.setObjectName("inbox_owner")
        self.owner.setAccessibleName(tr("Alerts of"))
        self.filter = QLineEdit()
        self.filter.setObjectName("inbox_filter")
        self.filter.setAccessibleName(tr("Filter the alerts"))
        self.filter.setPlaceholderText(tr("Filter   Ctrl+F"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(FILTER_WIDTH)
        head.addSpacing(SPACE.small)
        head.addWidget(self.filter)
        head.addWidget(self.owner)
        return head

    def _build_middle(self) -> QWidget:
        middle = QWidget()
        line = row(middle, spacing=SPACE.medium)
        line.addWidget(self.list, 1)
        line.addWidget(self.detail)
        return middle

    def _build_foot(self) -> QHBoxLayout:
        foot = row()
        hint = tr("A then digit answers · S pause · R resolve · O owner · F its form · Enter opens the patient · F1 all keys")
        self._hint = ElidedLabel(hint, size=Size.CAPTION, tone="faint")
        self._problem = TextLabel("", tone="error", strong=True, wrap=True)
        self._problem.setObjectName("inbox_problem")
        self._problem.hide()
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._problem)
        return foot

    def _connect(self) -> None:
        self.list.chosen.connect(self._show_current)
        self.list.touched.connect(self._mark_seen)
        self.list.waiting_changed.connect(self._show_waiting)
        self.list.digit_pressed.connect(self._take_digit)
        self.detail.action_requested.connect(self._act)
        self.detail.form_requested.connect(self._ask_form)
        self.detail.patient_requested.connect(self._open_patient)
        self.owner.activated.connect(lambda _index: self._fill())
        self.filter.textChanged.connect(lambda _text: self._fill())
        self.filter.returnPressed.connect(self.list.setFocus)

    def activate(self) -> None:
        """Read everything again, as it is now."""
        self._fill_owners()
        super().activate()

    def show_alert(self, alert_id: str) -> None:
        """Show every alert and choose this one."""
        self._tier = None
        self._tier_buttons[None].setChecked(True)
        self._fill_owners()
        self.owner.setCurrentIndex(0)
        self.filter.clear()
        self._read()
        self.list.choose(alert_id)
        self.list.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Take other colours and sizes."""
        super().set_theme(theme)
        self.detail.set_theme(theme)
        self._show_numbers()

    def _fill_owners(self) -> None:
        chosen = self.owner.currentData()
        self.owner.clear()
        self.owner.addItem(tr("Everybody's"), EVERYBODY)
        self.owner.addItem(tr("Mine"), self._clinic.user)
        self.owner.addItem(tr("Nobody's"), "")
        for user in self._clinic.users():
            if user != self._clinic.user:
                self.owner.addItem(user, user)
        self.owner.setCurrentIndex(max(0, self.owner.findData(chosen)))

    def _read(self) -> None:
        super()._read()
        self._fill()

    def _fill(self) -> None:
        kept = self.list.current()
        owner = self.owner.currentData()
        own = [found for found in self._rows if owner in (None, EVERYBODY) or found.alert.owner == owner]
        words = self.filter.text().casefold().split()
        said = [found for found in own if all(word in self.model.text_of(found).casefold() for word in words)] if words else own
        shown = [found for found in said if self._tier is None or found.alert.tier is self._tier]
        self.model.show_items(shown, self._clinic.now())
        self._show_numbers()
        self._stack.setCurrentIndex(0 if shown else 1)
        self.empty.set_texts(*self._empty_texts())
        self.list.choose(kept.alert.id if kept else "")

    def _show_numbers(self) -> None:
        total = len(self._rows)
        self._number.setText(tr("1 open") if total == 1 else tr("{n} open", n=total))
        for tier, made in self._tier_buttons.items():
            if tier is None:
                made.setText(tr("All"))
                made.setAccessibleName(tr("All tiers"))
                continue
            number = sum(found.alert.tier is tier for found in self._rows)
            word = "" if self._theme.scale > WORDS_UP_TO else f"{tier_word(tier)} "
            made.setText(f"{self._theme.tier(tier).glyph} {word}{number}")
            made.setToolTip(as_tooltip(tier_word(tier)))
            made.setAccessibleName(f"{tier_word(tier)} {number}")

    def _empty_texts(self) -> tuple[str, str]:
        if self._rows and self.filter.text():
            return tr("No alert matches"), tr("Press Esc to take the filter away.")
        if self._rows:
            return tr("No alert matches"), tr("Other owners or tiers have open alerts. Choose “All” and “Everybody's” to see them.")
        return tr("No open alerts"), tr(
            "An alert appears by itself after a count, a fever, a red answer on the telephone or a missed date. "
            "It stays until somebody has written down what was done."
        )

    def _show_tier(self, tier: Tier | None) -> None:
        self._tier = tier
        self._fill()

    def _show_current(self) -> None:
        self._say("")
        self.detail.show_alert(self.list.current(), self._clinic.now())

    def _show_waiting(self, waiting: bool) -> None:
        self.detail.show_waiting(waiting)

    def _mark_seen(self) -> None:
        """Write down that a person looked at the alert; an action does so by itself."""
        found = self.list.current()
        if found is None or found.alert.state is not AlertState.RAISED:
            return
        try:
            self._notifier.announce(self._clinic.mark_seen(found.alert.id).changes)
        except UserError as error:
            self._say(str(error))

    def _take_digit(self, digit: int) -> None:
        codes = list(action_words())
        if 1 <= digit <= len(codes):
            self._act(codes[digit - 1])

    def _act(self, action: str) -> None:
        found = self.list.current()
        if found is None:
            return
        if action not in AT_ONCE:
            self.form_requested.emit("acknowledge", found.alert.patient_id, f"{found.alert.id}#{action}")
            return
        due = self._clinic.now() + FOLLOW_UP if found.alert.tier <= Tier.URGENT else None
        answer = Acknowledgement(action=action, owner=found.alert.owner or self._clinic.user, due=due)
        try:
            outcome = self._clinic.acknowledge_alert(found.alert.id, answer)
        except UserError as error:
            self._say(str(error))
            return
        undo = taking_answer_back(self._clinic, found.alert, answer, outcome.changes)
        self.stored.emit(Saved(title=tr("Acknowledged: {action}", action=action_word(action)), changes=outcome.changes, undo=undo))

    def _say(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._hint.setVisible(not problem)
        self._problem.setAlignment(Qt.AlignmentFlag.AlignTrailing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the filter away on Esc; move from it into the list on Down."""
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
            self.list.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.filter.hasFocus():
            self.list.setFocus()
        else:
            super().keyPressEvent(event)
