"""What the clinic chose: its site protocol with second sign-off, its own regimens, its own settings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.protocol import Protocol, difference
from neutromon.rules import RuleBook
from neutromon.rules.book_parts import Regimen
from neutromon.rules.filled import filled
from neutromon.services.histories import Chain, chains
from neutromon.services.records import needs_reason
from neutromon.services.regimen_check import check_drugs, check_names
from neutromon.services.roles import FIRST, Right, needs, standings
from neutromon.services.rule_book import load_book
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode, encode
from neutromon.storage.store import Fact, Store
from neutromon.storage.worklist_table import make_all_due

CLINIC = ""
"""Facts of the clinic itself belong to no patient."""
CATEGORIES = frozenset({"high", "intermediate", "low", "unsettled"})
LONGEST_VALIDITY = 31 * 24
"""House limit in hours, no clinical number and not signed off: it only keeps a slip from making every count valid for ever."""
HIGHEST_CALL = Decimal("1.5")
"""Neutropenia begins below it (reference 4); a call threshold above would ring for people who have none."""


def clinic_book(store: Store, today: date | None = None) -> RuleBook:
    """Return the shipped rules with the clinic's own regimens, each in the newest version that is effective today."""
    own = {}
    for chain in chains(store.facts_of_kind("regimen")):
        regimen = None if chain.latest.voided else _effective(chain, today)
        if regimen is not None:
            own[regimen.id] = regimen
    return load_book().with_regimens(own)


def _effective(chain: Chain, today: date | None) -> Regimen | None:
    versions = [decode(Regimen, revision.body) for revision in chain.revisions]
    begun = [v for v in versions if today is None or not v.effective_from or date.fromisoformat(v.effective_from) <= today]
    return begun[-1] if begun else None


def regimen_versions(s: Session, regimen_id: str) -> list[Regimen]:
    """Return every version of one of the clinic's own regimens, oldest first."""
    return [decode(Regimen, revision.body) for chain in _own_regimen(s, regimen_id) for revision in chain.revisions]


def _own_regimen(s: Session, regimen_id: str) -> list[Chain]:
    found = chains(s.store.facts_of_kind("regimen"))
    return [c for c in found if c.latest.body.get("id") == regimen_id and not c.latest.voided]


def save_regimen(s: Session, regimen: Regimen) -> Outcome[str]:
    """Store a version of a clinic's own regimen with author, number and effective date; earlier versions stay."""
    needs(s, Right.REGIMENS)
    _check_regimen(s, regimen)
    earlier = _own_regimen(s, regimen.id)
    check_names(s.rules, regimen, known=bool(earlier))
    check_drugs(s.rules, regimen)
    version = str(len(earlier[0].revisions) + 1) if earlier else "1"
    body = encode(replace(regimen, author=s.user, version=version))
    with writing(s) as write:
        record = write.revise(earlier[0].latest, body, "new version") if earlier else write.add(CLINIC, "regimen", body)
        write.settings = True
        make_all_due(write.unit, write.now.isoformat())
    s.rules = clinic_book(s.store, s.clock().date())
    return Outcome(value=record, changes=write.changes)


def _check_regimen(s: Session, regimen: Regimen) -> None:
    rules = {regimen.day1_rule, regimen.later_day_rule or regimen.day1_rule}
    if not regimen.id.strip() or regimen.cycle_days < 1 or not rules <= set(s.rules.day1):
        raise UserError("The regimen needs an id, a cycle length and a known day-1 rule.", "Complete the form.")
    window = regimen.nadir_window
    if window and window[0] > window[1]:
        raise UserError("The nadir window ends before it begins.", "Correct the days.")
    if window and (window[0] < 1 or (regimen.recovery_day is not None and regimen.recovery_day < window[0])):
        raise UserError("The nadir window must begin on day 1 or later, and before the recovery day.", "Correct the days.")
    unknown = set(regimen.categories.values()) - CATEGORIES
    if unknown:
        raise UserError(f"'{min(unknown)}' is no category of FN risk.", f"Choose from {', '.join(sorted(CATEGORIES))}.")
    if regimen.effective_from and _date(regimen.effective_from) is None:
        raise UserError("The effective date cannot be read.", "Type it as year-month-day.")


def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def retire_regimen(s: Session, regimen_id: str, reason: str) -> Outcome[None]:
    """Take one of the clinic's own regimens out of use with a reason; a shipped one of the same id stands again."""
    needs(s, Right.REGIMENS)
    found = _own_regimen(s, regimen_id)
    if not found:
        raise UserError("This is not one of the clinic's own regimens.", "Read the list again.")
    with writing(s) as write:
        write.revise(found[0].latest, found[0].latest.body, needs_reason(reason), voided=True)
        write.settings = True
        make_all_due(write.unit, write.now.isoformat())
    s.rules = clinic_book(s.store, s.clock().date())
    return Outcome(value=None, changes=write.changes)


def protocols(s: Session) -> list[Protocol]:
    """Return every version of the site protocol that was not withdrawn, oldest first; the default is not stored."""
    return [decode(Protocol, chain.latest.body) for chain in _stored(s)]


def _stored(s: Session) -> list[Chain]:
    return [chain for chain in chains(s.store.facts_of_kind("protocol")) if not chain.latest.voided]


def current_protocol(s: Session) -> Protocol:
    """Return the newest version that is signed by two people and effective, else the default."""
    today = s.clock().date()
    in_force = [p for p in protocols(s) if p.in_force and (p.effective_from is None or p.effective_from <= today)]
    return in_force[-1] if in_force else Protocol()


def adopt_protocol(s: Session) -> bool:
    """Take over a protocol that has come into force meanwhile, have every patient evaluated anew, and return whether one has."""
    current = current_protocol(s)
    if current == s.protocol:
        return False
    with writing(s) as write:
        make_all_due(write.unit, write.now.isoformat())
    s.protocol = current
    return True


def propose_protocol(s: Session, protocol: Protocol) -> Outcome[str]:
    """Store a new version as a proposal; it takes effect once a second person signs it and its date has come."""
    needs(s, Right.PROTOCOL)
    _needs_own_passphrase(s)
    _check_protocol(s, protocol)
    if protocol.effective_from is not None and protocol.effective_from < s.clock().date():
        raise UserError("The effective date lies in the past.", "Type today or a later day.")
    version = f"v{len(chains(s.store.facts_of_kind('protocol'))) + 1}"
    body = encode(replace(protocol, version=version, author=s.user, written_at=s.clock(), second_signature="", signed_at=None))
    with writing(s) as write:
        write.add(CLINIC, "protocol", body, "proposed")
        write.protocol = True
    return Outcome(value=version, changes=write.changes)


def _needs_own_passphrase(s: Session) -> None:
    """Two signatures are two people's only where nobody knows the other's passphrase."""
    if standings(s).get(s.user, FIRST).first_passphrase:
        raise UserError("You still have the first passphrase, which somebody else knows.", "Choose your own passphrase first, then sign.")


def _check_protocol(s: Session, protocol: Protocol) -> None:
    if protocol.ctcae not in s.rules.grades or protocol.fn_definition not in s.rules.fn or protocol.gcsf_guideline not in s.rules.gcsf:
        raise UserError("The protocol names a rule set that is not there.", "Choose from the lists.")
    _check_numbers(protocol)
    _check_tiers(s, protocol)


def _check_numbers(protocol: Protocol) -> None:
    if protocol.count_validity_hours < 1:
        raise UserError("The validity of a count must be at least an hour.", "Correct the number.")
    if protocol.count_validity_hours > LONGEST_VALIDITY:
        limit = f"{LONGEST_VALIDITY} hours ({LONGEST_VALIDITY // 24} days)"
        raise UserError(f"A count cannot be valid for longer than {limit}, a limit of this program.", "Correct the number.")
    if not 0 < protocol.call_threshold <= HIGHEST_CALL:
        raise UserError(f"The call threshold must lie above 0 and not above {HIGHEST_CALL} ×10⁹/L.", "Correct the number.")


def _check_tiers(s: Session, protocol: Protocol) -> None:
    """Refuse a tier of an unknown finding, an emergency that would be lowered, and a forecast that would rise."""
    shipped, now = shipped_tiers(s), current_protocol(s).tiers
    for rule, tier in protocol.tiers.items():
        if rule not in shipped or tier not in {own.value for own in Tier}:
            raise UserError(f"'{rule}' cannot have the tier {tier}.", "Choose a finding and a tier from 1 to 4.")
        if shipped[rule] == Tier.EMERGENCY and tier != Tier.EMERGENCY:
            raise UserError(f"'{rule}' is an emergency and stays one.", "Leave its tier as it is.")
        if rule.startswith("forecast.") and tier < Tier.ADVISORY:
            raise UserError("A forecast is an advisory at most.", "Leave its tier as it is.")
        if tier != now.get(rule, shipped[rule]) and not protocol.tier_reasons.get(rule, "").strip():
            raise UserError(f"The new tier of '{rule}' has no reason.", "Say in a few words why; it stays with the protocol.")


def shipped_tiers(s: Session) -> Mapping[str, int]:
    """Return the tier of every finding as the rule file has it."""
    return s.rules.numbers["findings"].tables["tier"]


def finding_words(s: Session) -> Mapping[str, str]:
    """Return when each finding is raised, as the rule file says it, with the numbers of the rule data."""
    return {rule: filled(words, s.rules) for rule, words in s.rules.numbers["findings"].tables["when"].items()}


def allowed_tiers(s: Session, rule: str) -> tuple[Tier, ...]:
    """Return the tiers that a clinic may give a finding: an emergency stays one, a forecast is an advisory at most."""
    if shipped_tiers(s)[rule] == Tier.EMERGENCY:
        return (Tier.EMERGENCY,)
    return tuple(tier for tier in Tier if not rule.startswith("forecast.") or tier >= Tier.ADVISORY)


def sign_protocol(s: Session, version: str) -> Outcome[None]:
    """Sign a proposal as the second person; its author cannot, and what is signed is never changed."""
    needs(s, Right.PROTOCOL)
    _needs_own_passphrase(s)
    latest, protocol = _waiting(s, version)
    if protocol.author.strip().casefold() == s.user.strip().casefold():
        raise UserError("The author cannot give the second signature.", "Ask a colleague to sign in and sign.")
    _check_numbers(protocol)
    signed = replace(protocol, second_signature=s.user, signed_at=s.clock())
    with writing(s) as write:
        write.revise(latest, encode(signed), "second signature", what="signed")
        write.protocol = True
        make_all_due(write.unit, write.now.isoformat())
    s.protocol = current_protocol(s)
    return Outcome(value=None, changes=write.changes)


def withdraw_protocol(s: Session, version: str, reason: str) -> Outcome[None]:
    """Take back a proposal that nobody has signed yet, with a reason; its number is not given again."""
    needs(s, Right.PROTOCOL)
    latest, _protocol = _waiting(s, version)
    with writing(s) as write:
        write.revise(latest, latest.body, needs_reason(reason), voided=True, what="withdrawn")
        write.protocol = True
    return Outcome(value=None, changes=write.changes)


def _waiting(s: Session, version: str) -> tuple[Fact, Protocol]:
    """Return a proposal that waits for its second signature."""
    found = next((chain.latest for chain in _stored(s) if chain.latest.body.get("version") == version), None)
    if found is None:
        raise UserError("There is no such version.", "Read the list again.")
    protocol = decode(Protocol, found.body)
    if protocol.second_signature:
        raise UserError("This version is already signed.", "Propose a new version to change it.")
    return found, protocol


def protocol_difference(s: Session, version: str) -> list[tuple[str, str, str]]:
    """Return what a version changes against the one in force: (choice, in force, this version)."""
    found = [p for p in protocols(s) if p.version == version]
    if not found:
        raise UserError("There is no such version.", "Read the list again.")
    return changes_of(s, found[0])


def changes_of(s: Session, protocol: Protocol) -> list[tuple[str, str, str]]:
    """Return what a version, stored or not, changes against the one in force."""
    return difference(current_protocol(s), protocol, shipped_tiers(s))


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
