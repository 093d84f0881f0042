"""People: let in with a role, given another, retired with a change of keys; one's own passphrase; a new recovery sheet."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.services.alerts import open_alerts
from neutromon.services.clinic_rules import CLINIC
from neutromon.services.histories import Chain, chains
from neutromon.services.pins import forget_pin
from neutromon.services.records import needs_reason
from neutromon.services.roles import FIRST, PERSON, Right, Role, needs, standings
from neutromon.services.session import Session
from neutromon.services.sign_in import check_passphrase
from neutromon.services.writing import Write, writing
from neutromon.storage import keys, opening, pins
from neutromon.storage.rotation import rotate


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can open the store, or could."""

    name: str
    role: Role
    since: datetime | None
    first_passphrase: bool
    retired: bool
    has_pin: bool = False


def people(s: Session) -> list[Person]:
    """Return who can open the store by name, then who left."""
    known, there, signing = standings(s), set(opening.users(s.store)), pins.holders(s.store)
    found = []
    for name in sorted(there | known.keys()):
        own = known.get(name, FIRST)
        left, has_pin = name not in there, name in signing
        found.append(
            Person(name=name, role=own.role, since=own.since, first_passphrase=own.first_passphrase, retired=left, has_pin=has_pin)
        )
    return sorted(found, key=lambda one: one.retired)


def has_first_passphrase(s: Session) -> bool:
    """Return whether the signed-in person still has the passphrase that an administrator gave her."""
    return standings(s).get(s.user, FIRST).first_passphrase


def add_person(s: Session, name: str, passphrase: str, role: Role) -> Outcome[None]:
    """Let a person in with a first passphrase, which she changes herself."""
    needs(s, Right.PEOPLE)
    wanted = unicodedata.normalize("NFC", name.strip())
    if not wanted or not wanted.isprintable():
        raise UserError("The name is missing or cannot be read.", "Type the name under which she signs in.")
    if _heard(wanted) in {_heard(one.name) for one in people(s) if not one.retired}:
        raise UserError("There is already a person of this name.", "Choose another name.")
    opening.change_passphrase(s.store, wanted, passphrase)
    with writing(s) as write:
        _record(write, wanted, role, first_passphrase=True, reason="let in")
    return Outcome(value=None, changes=Changes(settings=True))


def _heard(name: str) -> str:
    """Return a name without case and blanks: two people whose signatures look the same could not be told apart."""
    return "".join(keys.folded(name).split())


def change_role(s: Session, name: str, role: Role, reason: str) -> Outcome[None]:
    """Give a person another role with a reason; an administrator is always left."""
    needs(s, Right.PEOPLE)
    own = _present(s, name)
    why = needs_reason(reason)
    if role is not Role.ADMINISTRATOR:
        _leave_an_administrator(s, name)
    with writing(s) as write:
        _record(write, name, role, first_passphrase=own.first_passphrase, reason=why)
    return Outcome(value=None, changes=Changes(settings=True))


def give_first_passphrase(s: Session, name: str, passphrase: str) -> Outcome[None]:
    """Give a person who forgot hers a new first passphrase."""
    needs(s, Right.PEOPLE)
    own = _present(s, name)
    _stays_published(s, name)
    if name == s.user:
        raise UserError("This is your own passphrase.", "Choose 'Change my passphrase'.")
    opening.change_passphrase(s.store, name, passphrase)
    with writing(s) as write:
        _record(write, name, own.role, first_passphrase=True, reason="new first passphrase")
        forget_pin(write, name, _record_of(s, name))
    return Outcome(value=None, changes=Changes(settings=True))


def change_own_passphrase(s: Session, now: str, new: str) -> Outcome[None]:
    """Change the passphrase of the signed-in person, who proves that she is it."""
    check_passphrase(s, now)
    _stays_published(s, s.user)
    if now == new:
        raise UserError("The new passphrase is the old one.", "Choose another.")
    opening.change_passphrase(s.store, s.user, new)
    own = standings(s).get(s.user)
    with writing(s) as write:
        write.audit("passphrase changed", "")
        forget_pin(write, s.user)
        if own is not None and own.first_passphrase:
            _record(write, s.user, own.role, first_passphrase=False, reason="chose her own passphrase")
    return Outcome(value=None, changes=Changes(settings=True))


def _stays_published(s: Session, name: str) -> None:
    """Keep the practice clinic's own person and her published passphrase: with them the program opens it."""
    from neutromon.services.practice.store import USER

    if s.practice and name == USER:
        raise UserError(f"{USER} opens the practice clinic with its published passphrase.", "Let somebody in and try it with her.")


def remove_pin_of(s: Session, name: str) -> Outcome[None]:
    """Take another person's PIN away, which nobody sees; her passphrase signs."""
    needs(s, Right.PEOPLE)
    if not _present(s, name).has_pin:
        raise UserError("This person has no PIN.", "Read the list again.")
    with writing(s) as write:
        forget_pin(write, name, _record_of(s, name))
    return Outcome(value=None, changes=Changes(settings=True))


def retire_person(s: Session, name: str, reason: str) -> Outcome[str]:
    """Take a person's access away with a reason, change the key of the file, and return the new recovery key.

    With the old key an old copy of the key file and her passphrase would open what is recorded later.
    """
    needs(s, Right.PEOPLE)
    own = _present(s, name)
    why = needs_reason(reason)
    _stays_published(s, name)
    if name == s.user:
        raise UserError("You cannot take your own access away.", "Ask another administrator.")
    _leave_an_administrator(s, name)
    owned = len(open_alerts(s, name))
    if owned:
        raise UserError(f"{name} owns {owned} open alerts.", "Give them to a colleague first: hand-over, or the owner of each alert.")
    sheet = _rotate(s, [one.name for one in people(s) if not one.retired and one.name != name])
    with writing(s) as write:
        _record(write, name, own.role, first_passphrase=False, reason=why, retired=True)
        forget_pin(write, name, _record_of(s, name))
    return Outcome(value=sheet, changes=Changes(settings=True))


def new_recovery_key(s: Session, passphrase: str) -> Outcome[str]:
    """Change the key of the file and return the new recovery key; the old sheet opens older backups only."""
    needs(s, Right.RECOVERY_KEY)
    check_passphrase(s, passphrase)
    sheet = _rotate(s, [one.name for one in people(s) if not one.retired])
    with writing(s) as write:
        write.audit("recovery key renewed", "")
    return Outcome(value=sheet, changes=Changes(settings=True))


def _rotate(s: Session, stay: list[str]) -> str:
    known = {name: key for name in stay if (key := s.store.meta(f"person:{name}")) is not None}
    return rotate(s.store, stay, known)


def _present(s: Session, name: str) -> Person:
    found = next((one for one in people(s) if one.name == name and not one.retired), None)
    if found is None:
        raise UserError("This person cannot open the store.", "Read the list again.")
    return found


def _leave_an_administrator(s: Session, name: str) -> None:
    others = [one for one in people(s) if one.role is Role.ADMINISTRATOR and not one.retired and one.name != name]
    if not others:
        raise UserError("This is the only administrator.", "Make somebody else an administrator first.")


def _record(write: Write, name: str, role: Role, *, first_passphrase: bool, reason: str, retired: bool = False) -> None:
    body = {"name": name, "role": role.value, "first_passphrase": first_passphrase}
    found = _chain(write.session, name)
    if found is not None:
        write.revise(found.latest, body, reason, voided=retired, what=f"now {role.value}")
        return
    record = write.add(CLINIC, PERSON, body, f"now {role.value}")
    if retired:
        latest = next(fact for fact in write.session.store.revisions(record) if fact.id == record)
        write.revise(latest, body, reason, voided=True)


def _record_of(s: Session, name: str) -> str:
    """Return the id of a person's record, "" for one from before there were roles."""
    found = _chain(s, name)
    return found.latest.root if found is not None else ""


def _chain(s: Session, name: str) -> Chain | None:
    return next((chain for chain in chains(s.store.facts_of_kind(PERSON)) if chain.latest.body["name"] == name), None)
