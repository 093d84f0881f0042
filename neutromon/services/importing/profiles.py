"""The clinic's profiles for tables: a mapping under a name, found again by the header of the table; audited, versioned, revocable."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from neutromon.interop.analytes import fold
from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.tables import TableMapping
from neutromon.services.clinic_rules import CLINIC
from neutromon.services.histories import chains
from neutromon.services.records import latest_of, needs_reason
from neutromon.services.roles import Right, needs
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode, encode

PROFILE = "import_profile"


def profiles(s: Session) -> list[TableMapping]:
    """Return the saved profiles, oldest first."""
    return [
        replace(decode(TableMapping, chain.latest.body), id=chain.latest.root)
        for chain in chains(s.store.facts_of_kind(PROFILE))
        if not chain.latest.voided
    ]


def profile_for(s: Session, header: Sequence[str]) -> TableMapping | None:
    """Return the newest profile that was saved for this header."""
    wanted = header_print(header)
    return next((profile for profile in reversed(profiles(s)) if header_print(profile.header) == wanted), None)


def header_print(header: Sequence[str]) -> str:
    """Return the mark of a header: case, accents and blanks do not matter, order does."""
    return hashlib.sha256(json.dumps([fold(name) for name in header]).encode()).hexdigest()


def save_profile(s: Session, mapping: TableMapping) -> Outcome[str]:
    """Save a mapping under its name; the same name again is a new version."""
    if not mapping.name.strip() or not mapping.header:
        raise UserError("The profile needs a name and the header of its table.", "Type a name.")
    body: Mapping[str, object] = encode(replace(mapping, id="", name=mapping.name.strip()))
    earlier = [c for c in chains(s.store.facts_of_kind(PROFILE)) if not c.latest.voided and c.latest.body.get("name") == body["name"]]
    with writing(s) as write:
        write.settings = True
        record = write.revise(earlier[0].latest, body, "saved again") if earlier else write.add(CLINIC, PROFILE, body, "saved")
    return Outcome(value=earlier[0].latest.root if earlier else record, changes=write.changes)


def remove_profile(s: Session, profile_id: str, reason: str) -> Outcome[None]:
    """Take a profile out of use."""
    needs(s, Right.CODES)
    latest = latest_of(s, profile_id, PROFILE)
    with writing(s) as write:
        write.settings = True
        write.revise(latest, latest.body, needs_reason(reason), voided=True)
    return Outcome(value=None, changes=write.changes)
