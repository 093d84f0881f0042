"""The part of the clinic behind the window that writes records: counts, other facts, courses, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neutromon.models.changes import Changes, Outcome
    from neutromon.models.history import (
        Antibiotic,
        ClinicalEvent,
        Course,
        Cycle,
        DrugExposure,
        Episode,
        GrowthFactor,
        Symptom,
        Temperature,
    )
    from neutromon.models.quantity import Reported
    from neutromon.services.counts import CountDraft, CountPreview
    from neutromon.services.session import Session


class RecordCalls:
    """Counts, other facts and courses of an open session."""

    _session: Session

    def preview_count(self, patient_id: str, draft: CountDraft) -> CountPreview:
        """Pass on to services.counts.preview_count."""
        from neutromon.services.counts import preview_count

        return preview_count(self._session, patient_id, draft)

    def record_count(self, patient_id: str, draft: CountDraft) -> Outcome[str]:
        """Pass on to services.counts.record_count."""
        from neutromon.services.counts import record_count

        return record_count(self._session, patient_id, draft)

    def correct_count(self, sample_id: str, field: str, value: Reported, reason: str) -> Outcome[None]:
        """Pass on to services.counts.correct_count."""
        from neutromon.services.counts import correct_count

        return correct_count(self._session, sample_id, field, value, reason)

    def void_count(self, sample_id: str, reason: str) -> Outcome[None]:
        """Pass on to services.counts.void_count."""
        from neutromon.services.counts import void_count

        return void_count(self._session, sample_id, reason)

    def move_report(self, sample_id: str, patient_id: str, reason: str) -> Outcome[str]:
        """Pass on to services.importing.moving.move_report."""
        from neutromon.services.importing.moving import move_report

        return move_report(self._session, sample_id, patient_id, reason)

    def confirm_value(self, sample_id: str, field: str, reason: str) -> Outcome[None]:
        """Pass on to services.counts.confirm_value."""
        from neutromon.services.counts import confirm_value

        return confirm_value(self._session, sample_id, field, reason)

    def record_temperature(self, patient_id: str, temperature: Temperature) -> Outcome[str]:
        """Pass on to services.care.record_temperature."""
        from neutromon.services.care import record_temperature

        return record_temperature(self._session, patient_id, temperature)

    def record_symptoms(self, patient_id: str, symptoms: tuple[Symptom, ...]) -> Outcome[str]:
        """Pass on to services.care.record_symptoms."""
        from neutromon.services.care import record_symptoms

        return record_symptoms(self._session, patient_id, symptoms)

    def record_growth_factor(self, patient_id: str, growth_factor: GrowthFactor) -> Outcome[str]:
        """Pass on to services.care.record_growth_factor."""
        from neutromon.services.care import record_growth_factor

        return record_growth_factor(self._session, patient_id, growth_factor)

    def record_antibiotic(self, patient_id: str, antibiotic: Antibiotic) -> Outcome[str]:
        """Pass on to services.care.record_antibiotic."""
        from neutromon.services.care import record_antibiotic

        return record_antibiotic(self._session, patient_id, antibiotic)

    def record_event(self, patient_id: str, event: ClinicalEvent) -> Outcome[str]:
        """Pass on to services.care.record_event."""
        from neutromon.services.care import record_event

        return record_event(self._session, patient_id, event)

    def record_drug(self, patient_id: str, drug: DrugExposure) -> Outcome[str]:
        """Pass on to services.care.record_drug."""
        from neutromon.services.care import record_drug

        return record_drug(self._session, patient_id, drug)

    def record_episode(self, patient_id: str, episode: Episode) -> Outcome[str]:
        """Pass on to services.care.record_episode."""
        from neutromon.services.care import record_episode

        return record_episode(self._session, patient_id, episode)

    def record_work_up(self, patient_id: str, work_up: Mapping[str, object], drugs: tuple[DrugExposure, ...] = ()) -> Outcome[str]:
        """Pass on to services.care.record_work_up."""
        from neutromon.services.care import record_work_up

        return record_work_up(self._session, patient_id, work_up, drugs)

    def void_fact(self, fact_id: str, reason: str) -> Outcome[None]:
        """Pass on to services.care.void_fact."""
        from neutromon.services.care import void_fact

        return void_fact(self._session, fact_id, reason)

    def restore_fact(self, fact_id: str, reason: str) -> Outcome[None]:
        """Pass on to services.care.restore_fact."""
        from neutromon.services.care import restore_fact

        return restore_fact(self._session, fact_id, reason)

    def add_course(self, patient_id: str, course: Course) -> Outcome[str]:
        """Pass on to services.courses.add_course."""
        from neutromon.services.courses import add_course

        return add_course(self._session, patient_id, course)

    def change_course(self, course: Course, reason: str) -> Outcome[None]:
        """Pass on to services.courses.change_course."""
        from neutromon.services.courses import change_course

        return change_course(self._session, course, reason)

    def save_cycle(self, course_id: str, cycle: Cycle, reason: str = "") -> Outcome[str]:
        """Pass on to services.courses.save_cycle."""
        from neutromon.services.courses import save_cycle

        return save_cycle(self._session, course_id, cycle, reason)

    def take_back(self, changes: Changes, reason: str) -> Outcome[None]:
        """Pass on to services.undo.take_back."""
        from neutromon.services.undo import take_back

        return take_back(self._session, changes, reason)
