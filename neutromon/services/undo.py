"""Take back what one save wrote: each record as it was before, each answer to an alert withdrawn; both steps stay in the log."""

from collections.abc import Sequence

from neutromon.models.alerts import Alert, AlertEvent, AlertEventKind
from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.rules.alert_fold import ENGINE
from neutromon.services.alerts import alert_by_id
from neutromon.services.histories import chains
from neutromon.services.outlook import KIND as FORECAST
from neutromon.services.records import needs_reason
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing
from neutromon.storage.codec import decode

BUILT_UPON = "Something was recorded for this patient since that may rest on this result."
INSTEAD = "It stays; withdraw the count in the patient's log with a reason, or move it to the right patient."
CHANGED_SINCE = "This was changed since."
LOOK = "Look at it again before you change it."
HARMLESS = frozenset({AlertEventKind.EVIDENCE, AlertEventKind.SEEN, AlertEventKind.WITHDRAWN, AlertEventKind.CLEARED})


def take_back(s: Session, changes: Changes, reason: str) -> Outcome[None]:
    """Undo one save by new entries, all in one unit; raise UserError where somebody changed any of it since."""
    said = needs_reason(reason)
    if not changes.written and not changes.answered:
        raise UserError("There is nothing to take back.", "Look into the patient's log.")
    if changes.holding:
        _refuse_what_is_built_upon(s, changes)
    else:
        _refuse_begun(s, changes)
    with writing(s) as write:
        withdrawn: set[str] = set()
        for alert_id, event_id in reversed(changes.answered):
            _withdraw(write, alert_by_id(s, alert_id), event_id, withdrawn, said)
        for root, own in _by_record(changes.written).items():
            _put_back(write, root, own, said)
        write.holding = changes.holding
    return Outcome(value=None, changes=write.changes)


def _refuse_begun(s: Session, changes: Changes) -> None:
    """Refuse to take back a new patient for whom anything else stands in the record; a forecast that was shown is nobody's word."""
    for root, _ in changes.written:
        if root in changes.patient_ids:
            others = [chain.latest for chain in chains(s.store.facts_of(root)) if chain.latest.root != root]
            if any(not fact.voided and fact.kind != FORECAST for fact in others):
                raise UserError("Something was recorded for this patient since.", "She stays; withdraw that in her log first.")


def _refuse_what_is_built_upon(s: Session, changes: Changes) -> None:
    """Refuse to withdraw a result from a patient for whom somebody recorded or answered anything since: it may rest on it."""
    own = {fact for _, fact in changes.written}
    for patient in sorted(changes.patient_ids):
        facts = s.store.facts_of(patient)
        last = max((fact.seq for fact in facts if fact.id in own), default=None)
        if last is None:
            continue
        later = [fact for fact in facts if fact.seq > last and fact.kind != FORECAST]
        answers = [event for _, body in s.store.alert_events(patient, last) if (event := decode(AlertEvent, body)).by != ENGINE]
        if later or any(event.kind not in HARMLESS for event in answers):
            raise UserError(BUILT_UPON, INSTEAD)


def can_take_back(alert: Alert, event: AlertEvent) -> bool:
    """Return whether an answer may be withdrawn: an emergency's message that was read back was spoken, and stays."""
    done = event.acknowledgement
    return not (alert.tier is Tier.EMERGENCY and done is not None and done.read_back)


def _withdraw(write: Write, alert: Alert, event_id: str, withdrawn: set[str], reason: str) -> None:
    place = next((n for n, event in enumerate(alert.events) if event.id == event_id), None)
    if place is None:
        raise UserError("This answer is not in the store.", "Read the list again.")
    event = alert.events[place]
    if any(later.kind not in HARMLESS and later.id not in withdrawn for later in alert.events[place + 1 :]):
        raise UserError(CHANGED_SINCE, LOOK)
    if not can_take_back(alert, event):
        raise UserError("A message that was read back cannot be taken back.", "Acknowledge again with what was done instead.")
    withdrawn.add(event_id)
    write.alert_event(
        AlertEvent(
            alert_id=alert.id,
            patient_id=alert.patient_id,
            kind=AlertEventKind.WITHDRAWN,
            at=write.now,
            by=write.session.user,
            tier=alert.tier,
            rule=alert.rule,
            key=alert.key,
            text=event.text,
            rule_version=event.rule_version,
            protocol_version=event.protocol_version,
            value=alert.value,
            mechanism=alert.mechanism,
            reason=f"{event.kind.value}: {reason}",
            withdraws=event_id,
        )
    )


def _by_record(written: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the revisions that a save wrote by record, the last written record first."""
    found: dict[str, list[str]] = {}
    for root, fact in reversed(written):
        found.setdefault(root, []).insert(0, fact)
    return found


def _put_back(write: Write, root: str, own: Sequence[str], reason: str) -> None:
    """Append the revision before the save's first one again; a record that began with the save is voided."""
    revisions = write.session.store.revisions(root)
    if not revisions or revisions[-1].id != own[-1]:
        raise UserError(CHANGED_SINCE, LOOK)
    latest = revisions[-1]
    before = next((n for n, fact in enumerate(revisions) if fact.id == own[0]), 0) - 1
    if before < 0:
        write.revise(latest, latest.body, reason, voided=True)
    else:
        write.revise(latest, revisions[before].body, reason, voided=revisions[before].voided, what="taken back")
