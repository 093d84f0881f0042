"""The clinic's own decisions on codes and units, kept by sender: audited, revocable, read together with the shipped table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neutromon.interop.analytes import OTHER, CodeTable, fold, load_codes
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.services.clinic_rules import CLINIC
from neutromon.services.histories import chains
from neutromon.services.records import latest_of, needs_reason
from neutromon.services.roles import Right, needs
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.files import resource_text

RULE = "code_rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRule:
    """What a code of one sender means: its analyte, or the unit in which `unit_sent` is to be read (or both)."""

    id: str = ""
    sender: str
    code: str
    analyte: str = ""
    unit_sent: str = ""
    unit: str = ""
    author: str = ""
    decided_at: datetime | None = None


def code_table(s: Session) -> CodeTable:
    """Return the shipped code table with the site's rules."""
    rules = code_rules(s)
    analytes = {(rule.sender, rule.code): rule.analyte for rule in rules if rule.analyte}
    units = {(rule.sender, rule.code, rule.unit_sent): rule.unit for rule in rules if rule.unit}
    return load_codes(resource_text("interop/analytes.toml"), analytes, units)


def code_rules(s: Session) -> list[CodeRule]:
    """Return the rules in force, oldest first."""
    return [_rule(chain.latest.root, chain.latest.body) for chain in chains(s.store.facts_of_kind(RULE)) if not chain.latest.voided]


def analyte_names(s: Session) -> tuple[str, ...]:
    """Return the analytes that a code can mean, `OTHER` last."""
    table = code_table(s)
    return (*dict.fromkeys((*table.loinc.values(), *table.names.values())), OTHER)


def save_code_rule(s: Session, rule: CodeRule) -> Outcome[str]:
    """Store what a sender's code means; a rule for the same code and unit is superseded."""
    needs(s, Right.CODES)
    if not rule.sender.strip() or not rule.code.strip() or not (rule.analyte or rule.unit):
        raise UserError("The rule needs a sender, a code, and an analyte or a unit.", "Complete the row.")
    if rule.analyte and rule.analyte not in analyte_names(s):
        raise UserError(f"There is no analyte {rule.analyte}.", "Choose from the list.")
    with writing(s) as write:
        record = add_rule(write, rule)
    return Outcome(value=record, changes=write.changes)


def revoke_code_rule(s: Session, rule_id: str, reason: str) -> Outcome[None]:
    """Take a rule back; what was imported under it stays, with its provenance."""
    needs(s, Right.CODES)
    latest = latest_of(s, rule_id, RULE)
    with writing(s) as write:
        write.revise(latest, latest.body, needs_reason(reason), voided=True)
        write.settings = True
    return Outcome(value=None, changes=write.changes)


def add_rule(write: Write, rule: CodeRule) -> str:
    """Store a rule inside a write."""
    body = {
        "sender": rule.sender,
        "code": fold(rule.code),
        "analyte": rule.analyte,
        "unit_sent": rule.unit_sent.strip(),
        "unit": rule.unit,
        "author": write.session.user,
        "decided_at": write.now.isoformat(),
    }
    write.settings = True
    for chain in chains(write.session.store.facts_of_kind(RULE)):
        if not chain.latest.voided and _same(chain.latest.body, body):
            return write.revise(chain.latest, body, "decided anew")
    return write.add(CLINIC, RULE, body)


def _same(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    names: Iterable[str] = ("sender", "code", "unit_sent")
    return all(one.get(name) == two[name] for name in names)


def _rule(root: str, body: Mapping[str, Any]) -> CodeRule:
    return CodeRule(
        id=root,
        sender=str(body["sender"]),
        code=str(body["code"]),
        analyte=str(body.get("analyte", "")),
        unit_sent=str(body.get("unit_sent", "")),
        unit=str(body.get("unit", "")),
        author=str(body.get("author", "")),
        decided_at=datetime.fromisoformat(body["decided_at"]) if body.get("decided_at") else None,
    )
