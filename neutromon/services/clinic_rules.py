"""What the clinic chose: its site protocol with second sign-off, its own regimens, its own settings."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.protocol import Protocol
from neutromon.rules import RuleBook
from neutromon.rules.book_parts import Regimen
from neutromon.services.histories import chains
from neutromon.services.rule_book import load_book
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode, encode
from neutromon.storage.store import Store

CLINIC = ""
"""Facts of the clinic itself belong to no patient."""


def clinic_book(store: Store) -> RuleBook:
    """Return the shipped rules with the clinic's own regimens."""
    own = {}
    for chain in chains(store.facts_of_kind("regimen")):
        if not chain.latest.voided:
            regimen = decode(Regimen, chain.latest.body)
            own[regimen.id] = regimen
    return load_book().with_regimens(own)


def save_regimen(s: Session, regimen: Regimen) -> Outcome[str]:
    """Store a clinic's own regimen with author, version and effective date."""
    if not regimen.id.strip() or regimen.cycle_days < 1 or regimen.day1_rule not in s.rules.day1:
        raise UserError("The regimen needs an id, a cycle length and a known day-1 rule.", "Complete the form.")
    if regimen.nadir_window and regimen.nadir_window[0] > regimen.nadir_window[1]:
        raise UserError("The nadir window ends before it begins.", "Correct the days.")
    earlier = [c for c in chains(s.store.facts_of_kind("regimen")) if c.latest.body.get("id") == regimen.id]
    version = str(len(earlier[0].revisions) + 1) if earlier else "1"
    body = encode(replace(regimen, author=s.user, version=version))
    with writing(s) as write:
        record = write.revise(earlier[0].latest, body, "new version") if earlier else write.add(CLINIC, "regimen", body)
        write.settings = True
    s.rules = clinic_book(s.store)
    return Outcome(value=record, changes=write.changes)


def protocols(s: Session) -> list[Protocol]:
    """Return every version of the site protocol, oldest first; the default is not stored."""
    return [decode(Protocol, chain.latest.body) for chain in chains(s.store.facts_of_kind("protocol"))]


def current_protocol(s: Session) -> Protocol:
    """Return the newest version that is signed by two people and effective, else the default."""
    today = s.clock().date()
    in_force = [p for p in protocols(s) if p.in_force and (p.effective_from is None or p.effective_from <= today)]
    return in_force[-1] if in_force else Protocol()


def propose_protocol(s: Session, protocol: Protocol) -> Outcome[str]:
    """Store a new version as a proposal; it takes effect once a second person signs it."""
    if protocol.ctcae not in s.rules.grades or protocol.fn_definition not in s.rules.fn or protocol.gcsf_guideline not in s.rules.gcsf:
        raise UserError("The protocol names a rule set that is not there.", "Choose from the lists.")
    if protocol.count_validity_hours < 1:
        raise UserError("The validity of a count must be at least an hour.", "Correct the number.")
    version = f"v{len(protocols(s)) + 1}"
    body = encode(replace(protocol, version=version, author=s.user, written_at=s.clock(), second_signature="", signed_at=None))
    with writing(s) as write:
        write.add(CLINIC, "protocol", body, "proposed")
        write.protocol = True
    return Outcome(value=version, changes=write.changes)


def sign_protocol(s: Session, version: str) -> Outcome[None]:
    """Sign a proposal as the second person; its author cannot."""
    found = [c for c in chains(s.store.facts_of_kind("protocol")) if c.latest.body.get("version") == version]
    if not found:
        raise UserError("There is no such version.", "Read the list again.")
    protocol = decode(Protocol, found[0].latest.body)
    if protocol.author == s.user:
        raise UserError("The author cannot give the second signature.", "Ask a colleague to sign in and sign.")
    signed = replace(protocol, second_signature=s.user, signed_at=s.clock())
    with writing(s) as write:
        write.revise(found[0].latest, encode(signed), "second signature", what="signed")
        write.protocol = True
    s.protocol = current_protocol(s)
    return Outcome(value=None, changes=write.changes)


def clinic_setting(s: Session, name: str) -> Mapping[str, Any]:
    """Return an audited setting of the clinic: code map, unit map, import profiles."""
    found = [c for c in chains(s.store.facts_of_kind(f"setting:{name}")) if not c.latest.voided]
    return found[-1].latest.body if found else {}


def set_clinic_setting(s: Session, name: str, body: Mapping[str, Any]) -> Outcome[None]:
    """Store a new version of a setting."""
    found = chains(s.store.facts_of_kind(f"setting:{name}"))
    with writing(s) as write:
        if found:
            write.revise(found[-1].latest, body, "renewed")
        else:
            write.add(CLINIC, f"setting:{name}", body)
        write.settings = True
    return Outcome(value=None, changes=write.changes)
