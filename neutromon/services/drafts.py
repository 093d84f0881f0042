"""What a person began to type, kept in the encrypted store."""

from collections.abc import Mapping
from typing import Any

from neutromon.services.session import Session


def save_draft(s: Session, patient_id: str, kind: str, data: Mapping[str, Any]) -> None:
    """Keep a draft."""
    with s.store.unit() as unit:
        unit.set_draft(patient_id, own_kind(s, kind), s.clock().isoformat(), data)


def load_draft(s: Session, patient_id: str, kind: str) -> Mapping[str, Any] | None:
    """Return a draft, or None."""
    return s.store.drafts(patient_id).get(own_kind(s, kind))


def drop_draft(s: Session, patient_id: str, kind: str) -> None:
    """Forget a draft."""
    with s.store.unit() as unit:
        unit.set_draft(patient_id, own_kind(s, kind), s.clock().isoformat(), None)


def begun(s: Session, patient_id: str) -> tuple[str, ...]:
    """Return the kinds of the drafts that the signed-in person has begun for a patient."""
    suffix = own_kind(s, "")
    return tuple(kind.removesuffix(suffix) for kind in s.store.drafts(patient_id) if kind.endswith(suffix))


def own_kind(s: Session, kind: str) -> str:
    """Return the key of a person's own draft: what a colleague began is hers, and no one else's form opens with it."""
    return f"{kind}\n{s.user}"
