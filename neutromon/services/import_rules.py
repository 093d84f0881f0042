"""What the clinic settled for later imports: senders trusted without a birth date, and its table profiles with who saved them when."""

from dataclasses import dataclass, replace
from datetime import datetime

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.tables import TableMapping
from neutromon.services.clinic_rules import CLINIC
from neutromon.services.histories import chains
from neutromon.services.records import latest_of, needs_reason
from neutromon.services.roles import Right, needs
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode

TRUSTED = "trusted_sender"
PROFILE = "import_profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedSender:
    """A sender whose results may come without a birth date, where number and name agree; decided by a person, revocable."""

    id: str
    sender: str
    reason: str
    author: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProfile:
    """A table profile with who saved it last, when, and how often it was saved."""

    id: str
    mapping: TableMapping
    author: str
    saved_at: datetime
    version: int


def trusted_senders(s: Session) -> list[TrustedSender]:
    """Return the senders in force, oldest first."""
    latest = [chain.latest for chain in chains(s.store.facts_of_kind(TRUSTED)) if not chain.latest.voided]
    return [
        TrustedSender(
            id=fact.root,
            sender=str(fact.body["sender"]),
            reason=str(fact.body["reason"]),
            author=fact.author,
            decided_at=datetime.fromisoformat(fact.at),
        )
        for fact in latest
    ]


def is_trusted(s: Session, sender: str) -> bool:
    """Return whether a sender's results may come without a birth date."""
    return bool(sender) and any(one.sender == sender for one in trusted_senders(s))


def trust_sender(s: Session, sender: str, reason: str) -> Outcome[str]:
    """Trust a sender with a reason: number and name are then enough where no birth date was sent."""
    needs(s, Right.CODES)
    wanted, why = sender.strip(), needs_reason(reason)
    if not wanted:
        raise UserError("The sender is missing.", "Type it as the message has it: LAB|SITE.")
    if is_trusted(s, wanted):
        raise UserError("This sender is trusted already.", "Read the list again.")
    with writing(s) as write:
        write.settings = True
        record = write.add(CLINIC, TRUSTED, {"sender": wanted, "reason": why})
    return Outcome(value=record, changes=write.changes)


def stop_trusting(s: Session, record: str, reason: str) -> Outcome[None]:
    """Trust a sender no longer; what was imported stays, with its mark."""
    needs(s, Right.CODES)
    latest = latest_of(s, record, TRUSTED)
    with writing(s) as write:
        write.settings = True
        write.revise(latest, latest.body, needs_reason(reason), voided=True)
    return Outcome(value=None, changes=write.changes)


def saved_profiles(s: Session) -> list[SavedProfile]:
    """Return the table profiles in use, the last saved first."""
    found = []
    for chain in chains(s.store.facts_of_kind(PROFILE)):
        latest = chain.latest
        if not latest.voided:
            mapping = replace(decode(TableMapping, latest.body), id=latest.root)
            at = datetime.fromisoformat(latest.at)
            found.append(SavedProfile(id=latest.root, mapping=mapping, author=latest.author, saved_at=at, version=len(chain.revisions)))
    return sorted(found, key=lambda one: one.saved_at, reverse=True)
