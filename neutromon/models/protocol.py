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
    tier_reasons: Mapping[str, str] = field(default_factory=dict)
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


CHOICES = ("ctcae", "fn_definition", "gcsf_guideline", "count_validity_hours", "call_threshold", "forecast", "effective_from")
TIER = "tier "
"""Before the name of a finding whose tier a version changes."""
NOTHING: Mapping[str, int] = {}


def difference(old: Protocol, new: Protocol, shipped: Mapping[str, int] = NOTHING) -> list[tuple[str, str, str]]:
    """Return what a new version changes: (choice, old, new) as text; each changed tier is a line of its own with its reason.

    `shipped` holds the tiers of the rule file, for findings whose tier one of the versions does not name.
    """
    names = [f.name for f in fields(Protocol) if f.name in CHOICES]
    found = [(name, str(getattr(old, name)), str(getattr(new, name))) for name in names if getattr(old, name) != getattr(new, name)]
    for rule in sorted(old.tiers.keys() | new.tiers.keys()):
        before, after = (str(one.tiers.get(rule, shipped.get(rule, ""))) for one in (old, new))
        if before != after:
            reason = new.tier_reasons.get(rule, "")
            found.append((f"{TIER}{rule}", before, f"{after} ({reason})" if reason else after))
    return found
