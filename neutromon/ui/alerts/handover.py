"""The hand-over desk: open alerts by owner, taken or given with a note; nothing urgent is left to nobody."""

from itertools import groupby

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.services.alerts import AlertRow
from neutromon.services.pins import SignedBy
from neutromon.ui.alerts.desk_page import AlertPage
from neutromon.ui.alerts.model import Heading, Item
from neutromon.ui.alerts.sign_off import SignOff
from neutromon.ui.forms.choice import Choice
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.notifier import ChangeNotifier
from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import Saved
from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE, Theme
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.empty import EmptyState
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import frame, row


class HandoverDesk(AlertPage):
    """Ticked alerts are taken, or given to a person; taking over is signed with PIN or passphrase."""

    report_requested = Signal(str, str)

    def __init__(self, clinic: ClinicPort, theme: Theme, notifier: ChangeNotifier, parent: QWidget | None = None) -> None:
        super().__init__(clinic, theme, notifier, name="handover_desk", ticks=True, parent=parent)
        self.empty = EmptyState(
            tr("Nothing to hand over"), tr("Open alerts appear here by owner. With none open, the sheet can still be printed for the file.")
        )
        outer = self._page()
        outer.addLayout(self._build_head())
        outer.addWidget(self._build_warning())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        outer.addWidget(self._stack, 1)
        outer.addWidget(self._build_foot())
        self.list.ticks_changed.connect(self._show_ticks)

    def _build_head(self) -> QHBoxLayout:
        head = self._head(tr("Hand-over"))
        self._tick_mine = button(tr("Tick mine"), self._check_mine, name="tick_mine", kind="flat")
        self._tick_nobodys = button(tr("Tick nobody's"), self._check_nobodys, name="tick_nobodys", kind="flat")
        self._print = button(tr("Print the sheet"), self._ask_print, name="handover_print")
        for made in (self._tick_mine, self._tick_nobodys, self._print):
            head.addWidget(made)
        return head

    def _build_warning(self) -> QWidget:
        self._warning = frame("warn", name="ownerless")
        line = row(self._warning)
        line.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self._warning_text = TextLabel("", strong=True, wrap=True)
        line.addWidget(self._warning_text, 1)
        return self._warning

    def _build_foot(self) -> QWidget:
        foot = frame("card", name="handover_foot")
        line = row(foot, spacing=SPACE.small)
        line.setContentsMargins(SPACE.medium, SPACE.medium, SPACE.medium, SPACE.medium)
        self._ticked = TextLabel("", strong=True)
        self.note = QLineEdit()
        self.note.setObjectName("handover_note")
        self.note.setAccessibleName(tr("Note for the patients' log"))
        self.note.setPlaceholderText(tr("Note for each patient's log (may be empty)"))
        others = [user for user in self._clinic.users() if user != self._clinic.user]
        self.person: Choice[str] = Choice([(user, user) for user in others] or [("", tr("nobody else"))], name="handover_to")
        self.person.setAccessibleName(tr("Give to"))
        self._give = button(tr("Give"), self._give_ticked, name="handover_give")
        self._take = primary_button(tr("Take over"), self._ask_sign_off, name="handover_take")
        line.addWidget(self._ticked)
        line.addWidget(self.note, 1)
        line.addWidget(TextLabel(tr("to whom")))
        for widget in (self.person, self._give, self._take):
            line.addWidget(widget)
        return foot

    def _read(self) -> None:
        kept = self.list.current()
        super()._read()
        self.model.show_items(self._grouped(), self._clinic.now())
        self._stack.setCurrentIndex(0 if self._rows else 1)
        self._number.setText(tr("1 open alert") if len(self._rows) == 1 else tr("{n} open alerts", n=len(self._rows)))
        alone = sum(1 for found in self._rows if not found.alert.owner and found.alert.tier <= Tier.URGENT)
        self._warning.setVisible(bool(alone))
        told = tr("{n} emergency or urgent alerts have no owner. Take them, or give them to somebody, before the shift ends.", n=alone)
        if alone == 1:
            told = tr("1 emergency or urgent alert has no owner. Take it, or give it to somebody, before the shift ends.")
        self._warning_text.setText(told)
        self.list.choose(kept.alert.id if kept else "")
        self._show_ticks()

    def _grouped(self) -> list[Item]:
        """Return a heading for each owner with her alerts; nobody's first, then mine."""
        me = self._clinic.user

        def order(found: AlertRow) -> tuple[int, str]:
            owner = found.alert.owner
            return (0 if not owner else 1 if owner == me else 2, owner)

        items: list[Item] = []
        for (place, owner), group in groupby(sorted(self._rows, key=order), key=order):
            own = list(group)
            name = (tr("Nobody's"), tr("Mine ({user})", user=isolated(me)), isolated(owner))[place]
            urgent = sum(1 for found in own if found.alert.tier <= Tier.URGENT)
            text = f"{name}  ·  {len(own)}"
            items.append(Heading(text=text, warns=place == 0 and urgent > 0))
            items += own
        return items

    def _show_ticks(self) -> None:
        number = len(self.model.checked())
        self._ticked.setText(tr("1 ticked") if number == 1 else tr("{n} ticked", n=number))
        self._give.setEnabled(bool(number) and bool(self.person.code()))
        self._take.setEnabled(bool(number))

    def _check_mine(self) -> None:
        self.model.check([found.alert.id for found in self._rows if found.alert.owner == self._clinic.user])
        self._show_ticks()

    def _check_nobodys(self) -> None:
        self.model.check([found.alert.id for found in self._rows if not found.alert.owner])
        self._show_ticks()

    def _ask_sign_off(self) -> None:
        number = len(self.model.checked())
        told = tr("You answer for 1 alert from now on.") if number == 1 else tr("You answer for {n} alerts from now on.", n=number)
        sign = SignOff(self._clinic, tr("Take over"), told, parent=self)
        sign.signed.connect(lambda signed: self._hand_over(self._clinic.user, signed))
        sign.open()

    def _give_ticked(self) -> None:
        self._hand_over(self.person.code())

    def _hand_over(self, person: str, signed: SignedBy | None = None) -> None:
        chosen = self.model.checked()
        try:
            outcome = self._clinic.hand_over(chosen, person, self.note.text().strip(), signed=signed)
        except UserError as error:
            self._warning_text.setText(str(error))
            self._warning.show()
            return
        self.note.clear()
        self.model.check(())
        title = tr("{n} handed over to {user}", n=len(chosen), user=isolated(person))
        self.stored.emit(Saved(title=title, changes=outcome.changes, undo=taking_back(self._clinic, outcome.changes)))
        self._read()

    def _ask_print(self) -> None:
        self.report_requested.emit("handover", "")
