"""The part of the clinic behind the window that judges and lists: evaluations, alerts, lists, decisions, holding bay, calls, drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neutromon.models.alerts import Acknowledgement, Alert, Snooze
    from neutromon.models.care import GcsfAnswer, Pathway, TriageCall
    from neutromon.models.changes import Changes, Outcome
    from neutromon.models.evaluation import Evaluation, Tier
    from neutromon.models.forecast import Forecast
    from neutromon.models.history import (
        Antibiotic,
        PatientHistory,
    )
    from neutromon.models.worklist import ListName, WorklistRow
    from neutromon.services.alerts import AlertRow
    from neutromon.services.decisions import DayOneDecision, PastDecision
    from neutromon.services.held_list import HeldLine, Original
    from neutromon.services.holding import HeldRow, HeldSet, Resolution
    from neutromon.services.log import LogEntry
    from neutromon.services.pins import SignedBy
    from neutromon.services.row_decisions import RowDecision
    from neutromon.services.session import Session


class DeskCalls:
    """Alerts, lists, decisions, holding bay, calls and drafts of an open session."""

    _session: Session

    def evaluate_patient(self, patient_id: str, now: datetime | None = None) -> Evaluation:
        """Pass on to services.evaluations.evaluate_patient."""
        from neutromon.services.evaluations import evaluate_patient

        return evaluate_patient(self._session, patient_id, now)

    def refresh_alerts(self) -> Changes:
        """Pass on to services.evaluations.refresh_alerts."""
        from neutromon.services.evaluations import refresh_alerts

        return refresh_alerts(self._session)

    def open_alerts(self, owner: str | None = None) -> list[AlertRow]:
        """Pass on to services.alerts.open_alerts."""
        from neutromon.services.alerts import open_alerts

        return open_alerts(self._session, owner)

    def alerts_of(self, patient_id: str, include_ended: bool = False) -> list[Alert]:
        """Pass on to services.alerts.alerts_of."""
        from neutromon.services.alerts import alerts_of

        return alerts_of(self._session, patient_id, include_ended)

    def mark_seen(self, alert_id: str) -> Outcome[None]:
        """Pass on to services.alerts.mark_seen."""
        from neutromon.services.alerts import mark_seen

        return mark_seen(self._session, alert_id)

    def acknowledge_alert(self, alert_id: str, acknowledgement: Acknowledgement, antibiotic: Antibiotic | None = None) -> Outcome[None]:
        """Pass on to services.alerts.acknowledge_alert."""
        from neutromon.services.alerts import acknowledge_alert

        return acknowledge_alert(self._session, alert_id, acknowledgement, antibiotic)

    def snooze_alert(self, alert_id: str, snooze: Snooze) -> Outcome[None]:
        """Pass on to services.alerts.snooze_alert."""
        from neutromon.services.alerts import snooze_alert

        return snooze_alert(self._session, alert_id, snooze)

    def resolve_alert(self, alert_id: str, reason: str) -> Outcome[None]:
        """Pass on to services.alerts.resolve_alert."""
        from neutromon.services.alerts import resolve_alert

        return resolve_alert(self._session, alert_id, reason)

    def set_owner(self, alert_ids: Sequence[str], owner: str) -> Outcome[None]:
        """Pass on to services.alerts.set_owner."""
        from neutromon.services.alerts import set_owner

        return set_owner(self._session, alert_ids, owner)

    def show_forecast(self, patient_id: str, history: PatientHistory, forecast: Forecast) -> Forecast:
        """Pass on to services.forecasts.with_track_record; what is shown is kept."""
        from neutromon.services.forecasts import with_track_record

        return with_track_record(self._session, patient_id, history, forecast, remember=True)

    def worklist(
        self, name: ListName, *, text: str = "", order: str = "urgency", descending: bool = False, limit: int = 200, offset: int = 0
    ) -> list[WorklistRow]:
        """Pass on to services.worklists.worklist."""
        from neutromon.services.worklists import worklist

        return worklist(self._session, name, text=text, order=order, descending=descending, limit=limit, offset=offset)

    def list_counts(self) -> Mapping[ListName, int]:
        """Pass on to services.worklists.list_counts."""
        from neutromon.services.worklists import list_counts

        return list_counts(self._session)

    def tier_counts(self) -> Mapping[Tier, int]:
        """Pass on to services.worklists.tier_counts."""
        from neutromon.services.worklists import tier_counts

        return tier_counts(self._session)

    def decide_day_one(self, patient_id: str, decision: DayOneDecision) -> Outcome[str]:
        """Pass on to services.decisions.decide_day_one."""
        from neutromon.services.decisions import decide_day_one

        return decide_day_one(self._session, patient_id, decision)

    def decisions_for(self, patient_id: str, target: date | None) -> tuple[PastDecision, ...]:
        """Pass on to services.decisions.decisions_for."""
        from neutromon.services.decisions import decisions_for

        return decisions_for(self._session, patient_id, target)

    def hand_over(self, alert_ids: Sequence[str], to_user: str, note: str, *, signed: SignedBy | None = None) -> Outcome[None]:
        """Pass on to services.decisions.hand_over."""
        from neutromon.services.decisions import hand_over

        return hand_over(self._session, alert_ids, to_user, note, signed=signed)

    def patient_log(self, patient_id: str) -> list[LogEntry]:
        """Pass on to services.log.patient_log; the log speaks the window's language."""
        from neutromon.services.log import patient_log
        from neutromon.ui.patient.log_tongue import say

        return patient_log(self._session, patient_id, say)

    def held_lines(self) -> list[HeldLine]:
        """Pass on to services.held_list.held_lines."""
        from neutromon.services.held_list import held_lines

        return held_lines(self._session)

    def held_set(self, held_id: str) -> HeldSet:
        """Pass on to services.holding.held_set."""
        from neutromon.services.holding import held_set

        return held_set(self._session, held_id)

    def held_count(self) -> int:
        """Return how many sets wait in the holding bay; the list before the first paint does not need the rules for it."""
        from neutromon.storage.held import held_number

        return held_number(self._session.store)

    def critical_sets(self, held_ids: Sequence[str]) -> frozenset[str]:
        """Pass on to services.held_list.critical_sets."""
        from neutromon.services.held_list import critical_sets

        return critical_sets(self._session, held_ids)

    def original_text(self, held_id: str) -> Original:
        """Pass on to services.held_list.original_text."""
        from neutromon.services.held_list import original_text

        return original_text(self._session, held_id)

    def alike_of(self, held_id: str) -> int:
        """Pass on to services.holding.alike_of."""
        from neutromon.services.holding import alike_of

        return alike_of(self._session, held_id)

    def reject_held(self, held_ids: Sequence[str], reason: str) -> Outcome[int]:
        """Pass on to services.holding.reject_held."""
        from neutromon.services.holding import reject_held

        return reject_held(self._session, held_ids, reason)

    def read_decided(self, held_id: str, decision: RowDecision) -> HeldRow:
        """Pass on to services.holding.read_decided."""
        from neutromon.services.holding import read_decided

        return read_decided(self._session, held_id, decision)

    def resolve_held(self, held_id: str, resolution: Resolution, *, alike: bool = False) -> Outcome[int]:
        """Pass on to services.holding.resolve_held or resolve_alike; the value is how many went out."""
        from neutromon.models.changes import Outcome
        from neutromon.services.holding import resolve_alike, resolve_held

        if alike:
            return resolve_alike(self._session, held_id, resolution)
        return Outcome(value=1, changes=resolve_held(self._session, held_id, resolution).changes)

    def record_call(self, patient_id: str, call: TriageCall) -> Outcome[str]:
        """Pass on to services.calls.record_call."""
        from neutromon.services.calls import record_call

        return record_call(self._session, patient_id, call)

    def open_pathway(self, patient_id: str) -> Pathway | None:
        """Pass on to services.calls.open_pathway."""
        from neutromon.services.calls import open_pathway

        return open_pathway(self._session, patient_id)

    def running_pathways(self) -> tuple[str, ...]:
        """Pass on to services.calls.running_pathways."""
        from neutromon.services.calls import running_pathways

        return running_pathways(self._session)

    def save_pathway(self, patient_id: str, pathway: Pathway, antibiotic: Antibiotic | None = None) -> Outcome[str]:
        """Pass on to services.calls.save_pathway."""
        from neutromon.services.calls import save_pathway

        return save_pathway(self._session, patient_id, pathway, antibiotic)

    def answer_gcsf(self, patient_id: str, answer: GcsfAnswer) -> Outcome[str]:
        """Pass on to services.gcsf_answers.answer_gcsf."""
        from neutromon.services.gcsf_answers import answer_gcsf

        return answer_gcsf(self._session, patient_id, answer)

    def save_draft(self, patient_id: str, kind: str, data: Mapping[str, object]) -> None:
        """Pass on to services.drafts.save_draft."""
        from neutromon.services.drafts import save_draft

        save_draft(self._session, patient_id, kind, data)

    def load_draft(self, patient_id: str, kind: str) -> Mapping[str, object] | None:
        """Pass on to services.drafts.load_draft."""
        from neutromon.services.drafts import load_draft

        return load_draft(self._session, patient_id, kind)

    def begun(self, patient_id: str) -> tuple[str, ...]:
        """Pass on to services.drafts.begun."""
        from neutromon.services.drafts import begun

        return begun(self._session, patient_id)

    def drop_draft(self, patient_id: str, kind: str) -> None:
        """Pass on to services.drafts.drop_draft."""
        from neutromon.services.drafts import drop_draft

        drop_draft(self._session, patient_id, kind)
