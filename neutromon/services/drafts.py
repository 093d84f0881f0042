"""What a person began to type, kept in the encrypted store."""

from collections.abc import Mapping
from typing import Any

from neutromon.services.session import Session


def save_draft(s: Session, patient_id: str, kind: str, data: Mapping[str, Any]) -> None:
    """Keep a draft."""
    with s.store.unit() as unit:
        unit.set_draft(patient_id, kind, s.clock().isoformat(), data)


def load_draft(s: Session, patient_id: str, kind: str) -> Mapping[str, Any] | None:
    """Return a draft, or None."""
    return s.store.drafts(patient_id).get(kind)


def drop_draft(s: Session, patient_id: str, kind: str) -> None:
    """Forget a draft."""
    with s.store.unit() as unit:
        unit.set_draft(patient_id, kind, s.clock().isoformat(), None)
