"""The site protocol: what the clinic chose, with author, effective date and second sign-off; versions are never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """One version; a protocol without a second signature is proposed and not in force."""

    version: str = "default"
    ctcae: str = "ctcae-5.0"
    fn_definition: str = "idsa-2010"
    gcsf_guideline: str = "nccn"
    count_validity_hours: int = 72
    call_threshold: Decimal = Decimal("0.5")
    tiers: Mapping[str, int] = field(default_factory=dict)
    forecast: bool = True
    author: str = ""
    written_at: datetime | None = None
    effective_from: date | None = None
    second_signature: str = ""
    signed_at: datetime | None = None
    note: str = ""

    @property
    def in_force(self) -> bool:
        """Return whether two people stand behind it, or it is the program's default."""
        return self.version == "default" or bool(self.second_signature)


CHOICES = ("ctcae", "fn_definition", "gcsf_guideline", "count_validity_hours", "call_threshold", "tiers", "forecast", "effective_from")


def difference(old: Protocol, new: Protocol) -> list[tuple[str, str, str]]:
    """Return what a new version changes: (choice, old, new) as text."""
    names = [f.name for f in fields(Protocol) if f.name in CHOICES]
    return [(name, str(getattr(old, name)), str(getattr(new, name))) for name in names if getattr(old, name) != getattr(new, name)]
