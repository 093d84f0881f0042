"""What each role may do beside recording and deciding about patients; asked by the services, not by the window alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from neutromon.models.errors import UserError
from neutromon.services.histories import chains
from neutromon.services.session import Session
from neutromon.storage.store import Store

PERSON = "person"


class Role(StrEnum):
    """A nurse cares for patients; a senior answers for rules and moved reports; an administrator for people and the store."""

    NURSE = "nurse"
    SENIOR = "senior"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What not everybody may do."""

    PROTOCOL = "protocol"
    REGIMENS = "regimens"
    CODES = "codes"
    MOVE_REPORT = "move_report"
    EXPORT_ALL = "export_all"
    PEOPLE = "people"
    RECOVERY_KEY = "recovery_key"
    RESTORE = "restore"


RANK = {Role.NURSE: 0, Role.SENIOR: 1, Role.ADMINISTRATOR: 2}
NEEDED = {
    Right.PROTOCOL: Role.SENIOR,
    Right.REGIMENS: Role.SENIOR,
    Right.CODES: Role.SENIOR,
    Right.MOVE_REPORT: Role.SENIOR,
    Right.EXPORT_ALL: Role.SENIOR,
    Right.PEOPLE: Role.ADMINISTRATOR,
    Right.RECOVERY_KEY: Role.ADMINISTRATOR,
    Right.RESTORE: Role.ADMINISTRATOR,
}
WHAT = {
    Right.PROTOCOL: "change or sign the site protocol",
    Right.REGIMENS: "change the regimens",
    Right.CODES: "decide codes, units, profiles and senders for all later results",
    Right.MOVE_REPORT: "move a report to another patient",
    Right.EXPORT_ALL: "export the whole clinic",
    Right.PEOPLE: "let people in, change their role or retire them",
    Right.RECOVERY_KEY: "make a new recovery key",
    Right.RESTORE: "put a backup in the place of the store",
}
WHO = {Role.SENIOR: "a senior nurse or an administrator", Role.ADMINISTRATOR: "an administrator"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is on record of a person: her role since when, whether she still has her first passphrase, whether she left."""

    role: Role
    since: datetime | None = None
    first_passphrase: bool = False
    retired: bool = False


FIRST = Standing(role=Role.ADMINISTRATOR)
"""The person who made the store, and everybody in a store from before there were roles, has no record and may do everything."""


def standings(s: Session) -> dict[str, Standing]:
    """Return what is on record of people by name."""
    return standings_in(s.store)


def standings_in(store: Store) -> dict[str, Standing]:
    """Return what a store, open or a backup, has on record of people."""
    found = {}
    for chain in chains(store.facts_of_kind(PERSON)):
        body = chain.latest.body
        found[str(body["name"])] = Standing(
            role=Role(body["role"]),
            since=datetime.fromisoformat(chain.latest.at),
            first_passphrase=bool(body.get("first_passphrase")),
            retired=chain.latest.voided,
        )
    return found


def role_of(s: Session, name: str = "") -> Role:
    """Return the role of a person, by default of the one who is signed in."""
    return standings(s).get(name or s.user, FIRST).role


def may(s: Session, right: Right) -> bool:
    """Return whether the signed-in person may do something."""
    return RANK[role_of(s)] >= RANK[NEEDED[right]]


def needs(s: Session, right: Right) -> None:
    """Refuse with one sentence what the role of the signed-in person does not cover."""
    if not may(s, right):
        raise refusal(right)


def refusal(right: Right) -> UserError:
    """Return the sentence that refuses."""
    who = WHO[NEEDED[right]]
    return UserError(f"Only {who} may {WHAT[right]}.", f"Ask {who} to sign in and do it.")
