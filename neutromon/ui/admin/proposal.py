"""The form of a new version of the site protocol: every choice, the tiers with a reason for each change, and the date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from neutromon.models.evaluation import Tier
from neutromon.models.protocol import TIER, Protocol
from neutromon.services.clinic_rules import allowed_tiers, changes_of, current_protocol, finding_words, shipped_tiers
from neutromon.ui.fields.date_field import DateField
from neutromon.ui.fields.days import Lean
from neutromon.ui.qtmodels.details import RowDetails
from neutromon.ui.qtmodels.records import RecordsModel, TextColumn
from neutromon.ui.qtmodels.table import RecordsTable
from neutromon.ui.text import isolated, tier_word, told, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.dialog import Dialog
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, field_row, roomy, row
from neutromon.ui.worklist.columns import day_text

if TYPE_CHECKING:
    from neutromon.services.session import Session

LABELS = 190


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding with its tier as shipped, in the version that is being written, and why that differs."""

    rule: str
    words: str
    shipped: Tier
    tier: Tier
    reason: str = ""


class ProposalDialog(Dialog):
    """The choices of a protocol; `proposed` carries the new version."""

    proposed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        about = tr("Changes are shown as a difference before anyone signs.")
        super().__init__(tr("Propose a new version"), about=about, name="proposal", parent=parent, width=roomy(1140))
        self._session = session
        self._now = current_protocol(session)
        line = row(spacing=SPACE.wide)
        self.body.addLayout(line, 1)
        line.addLayout(self._build_choices(session), 3)
        line.addLayout(self._build_tiers(), 4)
        self.add_primary(tr("Propose"), self._propose, name="proposal_save")
        self.ctcae.setFocus()

    def _build_choices(self, session: Session) -> QVBoxLayout:
        self._left = column(spacing=SPACE.medium)
        self.ctcae = self._choice("ctcae", list(session.rules.grades), self._now.ctcae)
        self.fn = self._choice("fn_definition", list(session.rules.fn), self._now.fn_definition)
        self.gcsf = self._choice("gcsf_guideline", list(session.rules.gcsf), self._now.gcsf_guideline)
        self.validity = self._text("count_validity_hours", str(self._now.count_validity_hours), tr("hours"))
        self.call = self._text("call_threshold", str(self._now.call_threshold), "×10⁹/L")
        self.start = DateField(session.clock, name="proposal_effective_from", accessible=choice_word("effective_from"), lean=Lean.FUTURE)
        self.start.set_day(session.clock().date())
        self._left.addWidget(field_row(choice_word("effective_from"), self.start, hint=tr("t, t-1, +3, 12 Mar"), label_width=LABELS))
        self.forecast = QCheckBox(tr("Show the forecast"))
        self.forecast.setObjectName("proposal_forecast")
        self.forecast.setAccessibleName(self.forecast.text())
        self.forecast.setChecked(self._now.forecast)
        self._left.addWidget(self.forecast)
        self.note = self._text("note", "", "")
        self._left.addStretch(1)
        return self._left

    def _build_tiers(self) -> QVBoxLayout:
        right = column(spacing=SPACE.small)
        right.addWidget(TextLabel(tr("Tiers of alerts"), strong=True))
        about = tr("An emergency stays one, and a forecast is an advisory at most. Each change keeps its reason.")
        right.addWidget(TextLabel(about, tone="muted", wrap=True))
        columns = (
            TextColumn[Finding](title=tr("Finding"), text=lambda one: told(one.words)),
            TextColumn[Finding](title=tr("Shipped"), text=lambda one: tier_word(one.shipped), width=100),
            TextColumn[Finding](title=tr("This version"), text=_tier_text, width=120),
        )
        self.findings = RecordsModel[Finding](columns, self)
        self.table = RecordsTable[Finding](self.findings, "proposal_tiers", tr("Tiers of alerts"))
        self.findings.set_records(findings_of(self._session, self._now))
        self.table.choose(0)
        self.table.opened.connect(lambda _row: self.begin_tier())
        right.addWidget(self.table, 1)
        right.addWidget(RowDetails(self.table))
        line = row()
        line.addWidget(button(tr("Change the tier"), self.begin_tier, name="proposal_tier"))
        line.addStretch(1)
        right.addLayout(line)
        return right

    def _choice(self, name: str, values: list[str], chosen: str) -> QComboBox:
        made = QComboBox()
        made.setObjectName(f"proposal_{name}")
        for value in sorted(values):
            made.addItem(rule_set_words(value), value)
        made.setCurrentIndex(made.findData(chosen))
        self._left.addWidget(field_row(choice_word(name), made, label_width=LABELS))
        return made

    def _text(self, name: str, value: str, hint: str) -> QLineEdit:
        made = QLineEdit(value)
        made.setObjectName(f"proposal_{name}")
        self._left.addWidget(field_row(choice_word(name), made, hint=hint, label_width=LABELS))
        return made

    def begin_tier(self) -> TierDialog | None:
        """Ask for the tier of the chosen finding and the reason."""
        one = self.table.current()
        if one is None:
            return None
        dialog = TierDialog(one, allowed_tiers(self._session, one.rule), self)
        dialog.given.connect(lambda tier, reason: self._take_tier(one, Tier(tier), reason))
        dialog.open()
        return dialog

    def _take_tier(self, one: Finding, tier: Tier, reason: str) -> None:
        place = self.table.currentIndex().row()
        changed = replace(one, tier=tier, reason=reason)
        self.findings.set_records([changed if known.rule == one.rule else known for known in self.findings.records()])
        self.table.choose(place)

    def protocol(self) -> Protocol:
        """Return the version as it is typed; raise ValueError where a number or the date cannot be read."""
        day = self.start.day()
        if day is None:
            raise ValueError(self.start.text())
        changed = [one for one in self.findings.records() if one.tier is not one.shipped or one.rule in self._now.tiers]
        return replace(
            self._now,
            ctcae=str(self.ctcae.currentData()),
            fn_definition=str(self.fn.currentData()),
            gcsf_guideline=str(self.gcsf.currentData()),
            count_validity_hours=int(self.validity.text()),
            call_threshold=Decimal(self.call.text().strip().replace(",", ".")),
            effective_from=day,
            tiers={one.rule: one.tier.value for one in changed},
            tier_reasons={one.rule: one.reason for one in changed if one.reason},
            forecast=self.forecast.isChecked(),
            note=self.note.text().strip(),
        )

    def _propose(self) -> None:
        try:
            protocol = self.protocol()
        except (ValueError, InvalidOperation):
            self.show_problem(tr("A number or the date cannot be read. Type hours as 72, a count as 0.5, a date as 12 Mar or +3."))
            return
        if not [name for name, _old, _new in changes_of(self._session, protocol) if name != "effective_from"]:
            self.show_problem(tr("This version changes nothing. Change a choice or a tier first."))
            return
        self.proposed.emit(protocol)


class TierDialog(Dialog):
    """The tier of one finding and the reason for it; `given` carries both."""

    given = Signal(int, str)

    def __init__(self, one: Finding, allowed: tuple[Tier, ...], parent: QWidget | None = None) -> None:
        super().__init__(tr("Change the tier"), about=told(one.words), name="tier_dialog", parent=parent, width=roomy(520))
        self._one = one
        self.tier = QComboBox()
        self.tier.setObjectName("tier_choice")
        for tier in allowed:
            self.tier.addItem(tier_word(tier), tier.value)
        self.tier.setCurrentIndex(max(self.tier.findData(one.tier.value), 0))
        self.body.addWidget(field_row(tr("Tier"), self.tier))
        self.reason = QLineEdit(one.reason)
        self.reason.setObjectName("tier_reason")
        self.body.addWidget(field_row(tr("Reason"), self.reason))
        told_so = tr("An emergency stays an emergency in every clinic; its tier cannot be changed.")
        only = TextLabel(told_so, tone="muted", wrap=True)
        only.setVisible(len(allowed) == 1)
        self.body.addWidget(only)
        self.add_primary(tr("Take over"), self._give, name="tier_save")
        self.tier.setFocus()

    def _give(self) -> None:
        tier, reason = Tier(self.tier.currentData()), self.reason.text().strip()
        if tier is not self._one.shipped and not reason:
            self.show_problem(tr("The reason is missing. It stays with the protocol."))
            return
        self.accept()
        self.given.emit(tier.value, reason)


def findings_of(session: Session, protocol: Protocol) -> list[Finding]:
    """Return every finding with its tier as shipped and in a version, the worst first."""
    words: Mapping[str, str] = finding_words(session)
    found = [
        Finding(
            rule=rule,
            words=words.get(rule, rule),
            shipped=Tier(tier),
            tier=Tier(protocol.tiers.get(rule, tier)),
            reason=protocol.tier_reasons.get(rule, ""),
        )
        for rule, tier in shipped_tiers(session).items()
    ]
    return sorted(found, key=lambda one: (one.shipped, one.rule))


def rule_set_words(name: str) -> str:
    """Return a guideline's short name as people write it: "ctcae-5.0" as "CTCAE 5.0"."""
    return name.replace("-", " ").upper()


def _tier_text(one: Finding) -> str:
    return tier_word(one.tier) if one.tier is one.shipped else f"→ {tier_word(one.tier)}"


def choice_word(name: str) -> str:
    """Return the name of a choice; that of a tier names its finding."""
    words = {
        "ctcae": tr("Grades by"),
        "fn_definition": tr("Febrile neutropenia by"),
        "gcsf_guideline": tr("G-CSF by"),
        "count_validity_hours": tr("A count is valid for"),
        "call_threshold": tr("Call at an ANC below"),
        "forecast": tr("Forecast"),
        "effective_from": tr("Effective from"),
        "note": tr("Note"),
    }
    if name.startswith(TIER):
        return tr("Tier of {finding}", finding=isolated(name.removeprefix(TIER)))
    return words.get(name, name)


def value_text(name: str, value: str) -> str:
    """Return a value of a difference as a person reads it: tiers by their words, hours and counts with their unit."""
    if name.startswith(TIER):
        number, _, reason = value.partition(" ")
        word = tier_word(Tier(int(number))) if number.isdigit() else value
        return f"{word} {reason}".strip()
    unit = {"count_validity_hours": tr("hours"), "call_threshold": "×10⁹/L"}.get(name, "")
    if name == "effective_from" and value and value != "None":
        return day_text(date.fromisoformat(value))
    if name in {"ctcae", "fn_definition", "gcsf_guideline"}:
        return rule_set_words(value)
    plain = {"True": tr("shown"), "False": tr("not shown"), "None": tr("at once")}.get(value, value)
    return f"{plain} {unit}".strip()
