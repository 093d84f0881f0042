"""Words of alerts on the screen: actions, reasons, states, how long one is open."""

from datetime import datetime

from neutromon.models.alerts import ACTIONS, END_REASONS, PAUSE_REASONS, Alert, AlertState
from neutromon.models.evaluation import Tier
from neutromon.ui.alert_strip import clock_text
from neutromon.ui.spoken import spoken
from neutromon.ui.text import isolated, tr
from neutromon.ui.worklist.columns import day_text

ALERT_FORMS = frozenset({"acknowledge", "snooze", "resolve", "owner"})
AT_ONCE = frozenset({"called_patient", "sent_to_assessment", "gcsf_discussed", "expected_plan"})
"""Actions that say enough by themselves; the others need a name, a time or a text."""


def action_words() -> dict[str, str]:
    """Return every action that answers an alert, in the order of its digit."""
    words = {
        "called_patient": tr("Called the patient"),
        "sent_to_assessment": tr("Sent to assessment unit"),
        "informed": tr("Informed a colleague …"),
        "count_repeated": tr("Count is repeated …"),
        "antibiotic_given": tr("Antibiotic given …"),
        "gcsf_discussed": tr("G-CSF discussed"),
        "chemo_deferred": tr("Treatment deferred …"),
        "expected_plan": tr("Expected, plan documented"),
        "other": tr("Other action …"),
    }
    return {code: words[code] for code in ACTIONS}


def short_words() -> dict[str, str]:
    """Return every action in a word or two, for the small buttons beside the list."""
    words = {
        "called_patient": tr("Called patient"),
        "sent_to_assessment": tr("Sent to unit"),
        "informed": tr("Informed …"),
        "count_repeated": tr("Repeat count …"),
        "antibiotic_given": tr("Antibiotic …"),
        "gcsf_discussed": tr("G-CSF discussed"),
        "chemo_deferred": tr("Deferred …"),
        "expected_plan": tr("Expected, plan"),
        "other": tr("Other …"),
    }
    return {code: words[code] for code in ACTIONS}


def action_word(code: str) -> str:
    """Return an action as it is shown afterwards; one of another version as it stands."""
    return action_words().get(code, code.replace("_", " ")).removesuffix(" …")


def pause_words() -> list[tuple[str, str]]:
    """Return the reasons for a pause."""
    words = {
        "plan_in_place": tr("A plan is in place"),
        "repeat_booked": tr("A repeat count is booked"),
        "discussed": tr("Discussed with a doctor"),
        "inpatient_elsewhere": tr("The patient is an inpatient elsewhere"),
    }
    return [(code, words[code]) for code in PAUSE_REASONS]


def end_words() -> list[tuple[str, str]]:
    """Return the reasons for which an alert ends."""
    words = {
        "recovered": tr("Recovered"),
        "treated": tr("Treated"),
        "transferred": tr("Transferred to another team"),
        "plan_changed": tr("Plan changed"),
        "died_or_left": tr("The patient died or left"),
        "not_relevant": tr("Not clinically relevant (say why)"),
    }
    return [(code, words[code]) for code in END_REASONS]


def state_word(alert: Alert) -> str:
    """Return where an alert stands; "seen" is never an answer."""
    words = {
        AlertState.RAISED: tr("Not yet seen"),
        AlertState.SEEN: tr("Seen, no action yet"),
        AlertState.ACKNOWLEDGED: tr("Acknowledged"),
        AlertState.SNOOZED: tr("Paused"),
        AlertState.NEEDS_REVIEW: tr("Condition gone, needs review"),
        AlertState.CLEARED: tr("Cleared"),
        AlertState.RESOLVED: tr("Resolved"),
        AlertState.SUPERSEDED: tr("Superseded"),
        AlertState.RETRACTED: tr("Retracted"),
    }
    return words[alert.state]


def moment_text(moment: datetime, now: datetime) -> str:
    """Return "14:30" today, else "12 Mar 14:30", in the zone of the clinic."""
    local = moment.astimezone(now.tzinfo)
    day = day_text(local.date()).rsplit(" ", 1)[0]
    return f"{local:%H:%M}" if local.date() == now.date() else f"{day} {local:%H:%M}"


def open_text(alert: Alert, now: datetime) -> str:
    """Return how long an alert is open: "00:23", "3 days"."""
    return clock_text(now - alert.raised_at)


def owner_text(alert: Alert) -> str:
    """Return the owner, or that there is none."""
    return isolated(alert.owner) if alert.owner else tr("No owner")


def due_text(alert: Alert, now: datetime) -> str:
    """Return when something is due: the follow-up, the end of the pause, or the answer itself."""
    if alert.state is AlertState.SNOOZED and alert.snooze is not None:
        return tr("paused to {when}", when=moment_text(alert.snooze.until, now))
    due = alert.acknowledgement.due if alert.acknowledgement else None
    if due is not None:
        return tr("overdue since {when}", when=moment_text(due, now)) if due <= now else tr("due {when}", when=moment_text(due, now))
    if alert.acknowledged_at is None and alert.tier is Tier.EMERGENCY:
        return tr("answer now")
    if alert.acknowledged_at is None and alert.tier is Tier.URGENT:
        return tr("answer this shift")
    return ""


FORM_OF = (
    ("fn.", "pathway"),
    ("sepsis.", "pathway"),
    ("triage.", "pathway"),
    ("fever.call", "triage"),
    ("fever.", "pathway"),
    ("gcsf.", "gcsf"),
    ("workup.", "work_up"),
    ("day1.", "decision"),
    ("count.too_old", "decision"),
)
"""The form in which an alert is dealt with, by the beginning of its rule's name."""


def form_of(rule: str) -> str:
    """Return the form in which an alert of this rule is dealt with, or ""."""
    return next((form for start, form in FORM_OF if rule.startswith(start)), "")


def form_word(form: str) -> str:
    """Return the words of the button that opens the form."""
    words = {
        "pathway": tr("Open the pathway"),
        "triage": tr("Telephone triage"),
        "gcsf": tr("Consider G-CSF"),
        "work_up": tr("Open the work-up"),
        "decision": tr("Decide the treatment day"),
    }
    return words.get(form, form)


def first_line(text: str) -> str:
    """Return the first sentence of an alert without its tier word, which stands beside it."""
    line = text.split(" – ", 1)[-1]
    end = line.find(". ")
    line = spoken(line if end < 0 else line[:end])
    return line[:1].upper() + line[1:]
