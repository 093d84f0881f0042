"""Words and times as they are printed, the same in every report."""

from collections.abc import Iterable
from datetime import date, datetime

from neutromon.models.alerts import Acknowledgement, Alert, AlertState
from neutromon.models.evaluation import Tier
from neutromon.models.formatting import quantity_text, shown_number
from neutromon.models.history import Patient
from neutromon.models.quantity import Quantity, Reported, parse_number
from neutromon.rules.alert_fold import standing

TIER_MARKS = {Tier.EMERGENCY: "■ !!!", Tier.URGENT: "◆ !!", Tier.ADVISORY: "▽ !", Tier.DATA: "○"}
TIER_WORDS = {Tier.EMERGENCY: "EMERGENCY", Tier.URGENT: "URGENT", Tier.ADVISORY: "ADVISORY", Tier.DATA: "DATA"}
STATE_WORDS = {
    AlertState.RAISED: "not yet seen",
    AlertState.SEEN: "seen, not acknowledged",
    AlertState.ACKNOWLEDGED: "acknowledged",
    AlertState.SNOOZED: "paused",
    AlertState.NEEDS_REVIEW: "condition gone, needs review",
    AlertState.CLEARED: "cleared",
    AlertState.RESOLVED: "resolved",
    AlertState.SUPERSEDED: "superseded",
    AlertState.RETRACTED: "retracted",
}
NOTHING = "–"


def day_text(day: date | None) -> str:
    """Return "12 Mar 2026", or a dash."""
    return f"{day:%d %b %Y}" if day else NOTHING


def time_text(moment: datetime | None, *, day_only: bool = False) -> str:
    """Return "12 Mar 2026 08:40", or a dash."""
    if moment is None:
        return NOTHING
    return f"{moment:%d %b %Y}" if day_only else f"{moment:%d %b %Y %H:%M}"


def stamp_text(moment: datetime) -> str:
    """Return a time with its offset, as a footer needs it."""
    return f"{moment:%d %b %Y %H:%M} {moment:%z}".strip()


def value_text(value: Quantity | None, reported: Reported | None = None) -> str:
    """Return an understood value without its unit; else the text as reported in quotes; else a dash."""
    if value is not None:
        return quantity_text(value).removesuffix(f" {_unit(value)}").strip()
    if reported is None:
        return NOTHING
    return f"“{reported.value}” {reported.unit or ''}".strip()


def number_text(value: str) -> str:
    """Return a number text cut to what is shown elsewhere, its comparator kept: "0.0831" reads "0.083"."""
    parsed = parse_number(value)
    if parsed is None:
        return value
    sign = "" if parsed[0].value == "=" else {"<=": "≤", ">=": "≥"}.get(parsed[0].value, parsed[0].value)
    return f"{sign}{shown_number(parsed[1])}"


def _unit(value: Quantity) -> str:
    return "×10⁹/L" if value.unit == "10*9/L" else value.unit


def sex_text(patient: Patient) -> str:
    """Return the recorded sex, or an empty text."""
    return patient.sex.value if patient.sex else ""


def words_of(code: str) -> str:
    """Return an id as words: "mouth_ulcers" reads "mouth ulcers"."""
    return code.replace("_", " ")


def tier_text(tier: Tier) -> str:
    """Return glyph and word of a tier; never a colour alone."""
    return f"{TIER_MARKS[tier]} {TIER_WORDS[tier]}"


def raised_text(alert: Alert) -> str:
    """Return when an alert was raised, and of which moment its text and the ages in it are, where a later count renewed it."""
    raised, told = time_text(alert.raised_at), time_text(alert.text_at)
    return raised if told == raised else f"{raised}\ntext as of {told}"


def as_of_text(text: str, made_at: datetime | None) -> str:
    """Return a stored text with the moment that an age in it is of."""
    return f"{text} (as of {time_text(made_at)})" if made_at is not None and " ago" in text else text


def handled_text(alert: Alert) -> str:
    """Return where an alert stands: state, who, when, action, note, and who was informed."""
    parts = [STATE_WORDS[alert.state]]
    done = alert.acknowledgement
    if done is not None:
        parts.append(words_of(done.action))
        parts += [part for part in (done.note, _informed(done)) if part]
    if alert.acknowledged_at is not None:
        parts.append(f"{_by(alert)}{time_text(alert.acknowledged_at)}")
    if alert.snooze is not None:
        parts.append(f"until {time_text(alert.snooze.until)}: {words_of(alert.snooze.reason)}")
    if alert.owner:
        parts.append(f"owner {alert.owner}")
    if done is not None and done.due is not None:
        parts.append(f"due {time_text(done.due)}")
    return "; ".join(parts)


def _informed(done: Acknowledgement) -> str:
    who = ", ".join(part for part in (done.informed_name, done.informed_role) if part)
    if not who:
        return ""
    when = f" at {time_text(done.informed_at)}" if done.informed_at else ""
    return f"informed {who}{when}{', read back' if done.read_back else ''}"


def _by(alert: Alert) -> str:
    who = next((event.by for event in reversed(standing(alert.events)) if event.acknowledgement is not None), "")
    return f"{who}, " if who else ""


UNIT_NOTE = "Counts in ×10⁹/L; 1.0 ×10⁹/L is 1000 /µL."
"""Stands on every print: paper keeps the unit in which counts are stored, whatever the window shows."""


def joined(parts: Iterable[str], mark: str = " · ") -> str:
    """Return the parts that say something, joined."""
    return mark.join(part for part in parts if part)
