"""The administration page: a list of panels at the side, the chosen one beside it; each is built when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QScrollArea, QStackedWidget, QWidget

from neutromon.ui.admin.panel import Panel
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.layout import frame, row

if TYPE_CHECKING:
    from neutromon.services.session import Session
    from neutromon.ui.tasks.task import Task

Make = Callable[[], Panel]


class AdministrationPage(QWidget):
    """Everything that is set up once and looked at seldom."""

    stored = Signal(object)
    problem = Signal(object)
    settings_requested = Signal(object)
    backup_requested = Signal(object)
    restore_requested = Signal(object, str)
    command_requested = Signal(str)

    def __init__(
        self,
        session: Session,
        settings: Callable[[], object],
        *,
        busy: Callable[[], bool] = lambda: False,
        run: Callable[[Callable[[], Any]], Task] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._busy, self._run = session, settings, busy, run
        self._panels: dict[int, Panel] = {}
        self.setObjectName("administration_page")
        outer = row(self, spacing=SPACE.medium)
        outer.setContentsMargins(SPACE.large, SPACE.large, SPACE.large, SPACE.medium)
        self.list = QListWidget()
        self.list.setObjectName("administration_list")
        self.list.setAccessibleName(tr("Parts of administration"))
        self._makers = list(self._all().values())
        self.list.addItems(list(self._all()))
        self.list.setFixedWidth(max(200, self.list.sizeHintForColumn(0) + 2 * SPACE.large))
        side = frame("card")
        row(side, margin=SPACE.small).addWidget(self.list)
        outer.addWidget(side)
        self._stack = QStackedWidget()
        card = frame("card")
        row(card).addWidget(self._stack)
        outer.addWidget(card, 1)
        self.list.currentRowChanged.connect(self.show_panel)

    def _all(self) -> dict[str, Make]:
        return {
            tr("Backup"): self._backup,
            tr("People"): self._people,
            tr("Site protocol"): self._protocol,
            tr("Regimens"): self._regimens,
            tr("Codes and units"): self._codes,
            tr("Import profiles"): self._import_rules,
            tr("Audit trail"): self._audit,
            tr("Appearance"): self._appearance,
        }

    def activate(self) -> None:
        """Read again what is shown."""
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        else:
            self.show_panel(self.list.currentRow())

    def take_keyboard(self) -> None:
        """Take the keyboard to the list of panels, whoever asked for the page."""
        self.list.setFocus()

    def read_again(self, _made: object = None) -> None:
        """Read the shown panel again, after something was made beside it."""
        self.activate()

    def show_panel(self, number: int) -> None:
        """Show a panel by its place in the list."""
        if number not in self._panels:
            made = self._makers[number]()
            made.stored.connect(self.stored)
            made.problem.connect(self.problem)
            scroll = QScrollArea()
            scroll.setObjectName(f"{made.objectName()}_scroll")
            scroll.setAccessibleName(self.list.item(number).text())
            scroll.setWidgetResizable(True)
            scroll.setWidget(made)
            self._panels[number] = made
            self._stack.addWidget(scroll)
        panel = self._panels[number]
        panel.activate()
        self._stack.setCurrentIndex(list(self._panels).index(number))

    def panel(self) -> Panel:
        """Return the panel that is shown."""
        return self._panels[self.list.currentRow()]

    def _backup(self) -> Panel:
        from neutromon.ui.admin.backup import BackupPanel

        made = BackupPanel(self._session, self._run)
        made.backup_requested.connect(self.backup_requested)
        made.restore_requested.connect(self.restore_requested)
        return made

    def _people(self) -> Panel:
        from neutromon.ui.admin.people import PeoplePanel

        made = PeoplePanel(self._session, self._busy)
        made.pin_requested.connect(lambda: self.command_requested.emit("form_pin"))
        return made

    def _protocol(self) -> Panel:
        from neutromon.ui.admin.protocol import ProtocolPanel

        return ProtocolPanel(self._session)

    def _regimens(self) -> Panel:
        from neutromon.ui.admin.regimens import RegimenPanel

        return RegimenPanel(self._session)

    def _codes(self) -> Panel:
        from neutromon.ui.admin.codes import CodePanel

        return CodePanel(self._session)

    def _import_rules(self) -> Panel:
        from neutromon.ui.admin.import_rules import ImportRulesPanel

        return ImportRulesPanel(self._session)

    def _audit(self) -> Panel:
        from neutromon.ui.admin.audit import AuditPanel

        return AuditPanel(self._session)

    def _appearance(self) -> Panel:
        from neutromon.ui.admin.appearance import AppearancePanel

        made = AppearancePanel(self._session, self._settings)
        made.settings_requested.connect(self.settings_requested)
        return made
