"""Whether a passphrase is that of the person who is signed in, for the lock screen and for sign-off."""

from neutromon.services.session import Session
from neutromon.storage import keys


def check_passphrase(s: Session, passphrase: str) -> None:
    """Raise StoreError where the passphrase is wrong; the store stays open either way."""
    store_id, slots = keys.read_slots(s.store.path)
    keys.open_slot(store_id, slots.get(s.user), s.user, passphrase)
