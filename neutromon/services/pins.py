"""A short PIN with which the person who is signed in signs off: set, removed, tried three times, and then her passphrase."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import StoreError, UserError
from neutromon.services.session import Session
from neutromon.services.sign_in import check_passphrase
from neutromon.services.writing import Write, writing
from neutromon.storage import keys, pins
from neutromon.storage.pins import TRIES

SHORTEST, LONGEST = 6, 12
LONGEST_GROUP = 3


class SignedBy(StrEnum):
    """What a person signed with."""

    PIN = "PIN"
    PASSPHRASE = "passphrase"  # noqa: S105 - a word, no secret


class PinFault(StrEnum):
    """Why a PIN is refused."""

    LENGTH = "length"
    SIMPLE = "simple"


FAULTS = {
    PinFault.LENGTH: (f"A PIN has {SHORTEST} to {LONGEST} digits and nothing else.", "Type digits only."),
    PinFault.SIMPLE: ("This PIN is easy to guess.", "Choose digits that are not all the same, not in a row and not one group repeated."),
}


class WrongPin(UserError):
    """The PIN is wrong; `tries_left` is 0 where only the passphrase signs from now on."""

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        if tries_left:
            tries = "1 try is" if tries_left == 1 else f"{tries_left} tries are"
            super().__init__("The PIN is wrong.", f"{tries} left; then only the passphrase counts.")
        else:
            super().__init__(f"The PIN is off after {TRIES} wrong tries.", "Sign with the passphrase; then the PIN counts again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinState:
    """Whether the person who is signed in has a PIN, and how many tries are left."""

    is_set: bool = False
    tries_left: int = 0

    @property
    def signs(self) -> bool:
        """Return whether the PIN can sign now."""
        return self.is_set and self.tries_left > 0


def pin_state(s: Session) -> PinState:
    """Return whether the signed-in person has a PIN, and whether it counts now."""
    found = pins.find(s.store, s.user)
    return PinState() if found is None else PinState(is_set=True, tries_left=found.tries_left)


def _plain(typed: str) -> str:
    """Return digits as 0 to 9 whatever the script of the keyboard."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in typed)


def fault_of(typed: str) -> PinFault | None:
    """Return why a PIN is refused; a run may go on past 9 or 0, and in steps of any size."""
    digits = _plain(typed)
    if not (digits.isdecimal() and SHORTEST <= len(digits) <= LONGEST):
        return PinFault.LENGTH
    steps = {(int(second) - int(first)) % 10 for first, second in pairwise(digits)}
    repeated = any(digits == (digits[:size] * len(digits))[: len(digits)] for size in range(1, LONGEST_GROUP + 1))
    return PinFault.SIMPLE if len(steps) == 1 or repeated else None


def set_pin(s: Session, passphrase: str, typed: str) -> Outcome[None]:
    """Give the signed-in person a PIN, or another one; she proves with her passphrase that she is it."""
    digits = _plain(typed)
    fault = fault_of(digits)
    if fault is not None:
        raise UserError(*FAULTS[fault])
    check_passphrase(s, passphrase)
    if typed == passphrase:
        raise UserError("The PIN is your passphrase.", "Choose other digits.")
    with writing(s) as write:
        had = pins.keep(write.unit, s.store, s.user, digits)
        write.audit("PIN changed" if had else "PIN set", "")
    return Outcome(value=None, changes=Changes(settings=True))


def remove_pin(s: Session) -> Outcome[None]:
    """Take the signed-in person's PIN away; her passphrase signs."""
    with writing(s) as write:
        forget_pin(write, s.user)
    return Outcome(value=None, changes=Changes(settings=True))


def forget_pin(write: Write, name: str, record: str = "") -> None:
    """Take a person's PIN away within another write: her passphrase is changed, or she left; `record` is that of the person."""
    if pins.drop(write.unit, name):
        write.audit("PIN removed", "", record)


def sign_off(s: Session, secret: str) -> Outcome[SignedBy]:
    """Return what the signed-in person signed with; raise WrongPin, or StoreError for a wrong passphrase.

    Digits of a PIN's length are tried as one while it counts; a passphrase of such digits is accepted as well.
    """
    pin = pins.find(s.store, s.user)
    tried = pin is not None and pin.tries_left > 0 and secret.isdecimal() and len(secret) <= LONGEST
    if pin is not None and tried and _fits(s, pin, _plain(secret)):
        return Outcome(value=SignedBy.PIN)
    if not tried or len(secret) >= keys.SHORTEST:
        try:
            check_passphrase(s, secret)
        except StoreError:
            if not tried:
                raise
        else:
            if pin is not None and (tried or pin.wrong):
                _count_anew(s, pin)
            return Outcome(value=SignedBy.PASSPHRASE)
    raise _wrong(s)


def _fits(s: Session, pin: pins.Pin, digits: str) -> bool:
    """Count the try before it is looked at, so that no one gains a try by killing the program or filling the disk."""
    with writing(s) as write:
        pins.count_try(write.unit, s.user)
    if not pins.matches(s.store, pin, digits):
        return False
    with writing(s) as write:
        pins.forgive(write.unit, s.user)
    return True


def _count_anew(s: Session, pin: pins.Pin) -> None:
    """After the right passphrase the PIN has all its tries again."""
    with writing(s) as write:
        pins.forgive(write.unit, s.user)
        if not pin.tries_left:
            write.audit("PIN counts again", "")


def _wrong(s: Session) -> WrongPin:
    """Write the wrong try into the trail and return what is told."""
    left = pin_state(s).tries_left
    with writing(s) as write:
        write.audit("wrong PIN" if left else f"PIN off after {TRIES} wrong tries", "")
    return WrongPin(left)
