"""Codes and units: what the clinic decided for a laboratory's own codes, each decision with its author, each revocable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from neutromon.services.importing.codes import CodeRule, analyte_names, code_rules, revoke_code_rule, save_code_rule
from neutromon.ui.admin.panel import Panel
from neutromon.ui.fields.units import unit_words
from neutromon.ui.imports.resolve import UNITS
from neutromon.ui.qtmodels.records import TextColumn
from neutromon.ui.text import isolated, tr
from neutromon.ui.widgets.buttons import button, primary_button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.layout import field_row, roomy
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session


class CodePanel(Panel):
    """The rules of the site beside the shipped table."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("LOINC codes and common names are known. What a laboratory calls otherwise is decided once, here or in the holding bay.")
        super().__init__(session, tr("Codes and units"), about, "code_panel", parent)
        self.rules = self.listing(
            (
                TextColumn[CodeRule](title=tr("Sender"), text=lambda one: isolated(one.sender)),
                TextColumn[CodeRule](title=tr("Code"), text=lambda one: isolated(one.code), width=140),
                TextColumn[CodeRule](title=tr("Means"), text=lambda one: one.analyte or tr("as known"), width=90),
                TextColumn[CodeRule](title=tr("Unit as sent"), text=lambda one: one.unit_sent or "–", width=100),
                TextColumn[CodeRule](title=tr("Read as"), text=lambda one: unit_words(one.unit) if one.unit else tr("as sent"), width=90),
                TextColumn[CodeRule](title=tr("Decided by"), text=decided_text, width=210),
            ),
            "code_table",
            tr("Decided codes and units"),
            tr("Nothing is decided yet. What waits in the holding bay for its code or unit is decided there, or here."),
        )
        self.add_table(self.rules)
        self.revoke = button(tr("Revoke"), self.begin_revoke, name="code_revoke", kind="danger")
        self.line(primary_button(tr("New rule"), self.begin, name="code_new"), self.revoke)

    def activate(self) -> None:
        """Read the rules again."""
        found = code_rules(self.session)
        self.rules.model.set_records(found)
        self.rules.table.choose(0)
        self.revoke.setEnabled(bool(found))

    def begin(self) -> Dialog:
        """Ask what a code means."""
        dialog = CodeDialog(analyte_names(self.session), self)
        dialog.given.connect(lambda rule: self._store(dialog, rule))
        dialog.open()
        return dialog

    def _store(self, dialog: Dialog, rule: CodeRule) -> None:
        self.save(tr("Decided: {code}", code=rule.code), lambda: save_code_rule(self.session, rule), dialog)

    def begin_revoke(self) -> Dialog | None:
        """Ask why a rule is taken back."""
        chosen = self.rules.table.current()
        if chosen is None:
            return None
        about = tr("{code} of {sender}. What was imported under it stays.", code=chosen.code, sender=chosen.sender)
        dialog = Dialog(tr("Revoke this rule"), about=about, name="code_revoke_dialog", parent=self)
        reason = QLineEdit()
        reason.setObjectName("code_reason")
        dialog.body.addWidget(field_row(tr("Reason"), reason))
        title = tr("Revoked: {code}", code=chosen.code)

        def revoke() -> None:
            self.save(title, lambda: revoke_code_rule(self.session, chosen.id, reason.text()), dialog)

        dialog.add_primary(tr("Revoke"), revoke, name="code_revoke_go")
        dialog.open()
        reason.setFocus()
        return dialog


class CodeDialog(Dialog):
    """A rule for one code of one sender; `given` carries it."""

    given = Signal(object)

    def __init__(self, analytes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(
            tr("New rule"), about=tr("It holds for later imports of this sender."), name="code_dialog", parent=parent, width=roomy(560)
        )

        self.sender_name = self._field(tr("Sender"), "code_sender", tr("as in the message: LAB|SITE"))
        self.code = self._field(tr("Code"), "code_code", "")
        self.analyte = self._choice(tr("Means"), "code_analyte", [("", tr("as known")), *((one, one) for one in analytes)])
        self.unit_sent = self._field(tr("Unit as sent"), "code_unit_sent", tr("empty: none is sent"))
        self.unit = self._choice(tr("Read as"), "code_unit", [("", tr("as sent")), *((one, unit_words(one)) for one in UNITS)])
        self.add_primary(tr("Store"), self._give, name="code_save")

    def _field(self, label: str, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setObjectName(name)
        self.body.addWidget(field_row(label, made, hint=hint))
        return made

    def _choice(self, label: str, name: str, values: list[tuple[str, str]]) -> QComboBox:
        made = QComboBox()
        made.setObjectName(name)
        for value, words in values:
            made.addItem(words, value)
        self.body.addWidget(field_row(label, made))
        return made

    def _give(self) -> None:
        self.given.emit(
            CodeRule(
                sender=self.sender_name.text().strip(),
                code=self.code.text().strip(),
                analyte=str(self.analyte.currentData()),
                unit_sent=self.unit_sent.text().strip(),
                unit=str(self.unit.currentData()),
            )
        )


def decided_text(one: CodeRule) -> str:
    """Return who decided and when."""
    return f"{isolated(one.author)}, {day_text(one.decided_at.date())}" if one.decided_at else isolated(one.author)
