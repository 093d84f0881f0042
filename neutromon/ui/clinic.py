"""The clinic behind the window: passes each question and each write on to the service, which is imported when it is first needed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from neutromon.ui.clinic_desk import DeskCalls
from neutromon.ui.clinic_records import RecordCalls

if TYPE_CHECKING:
    from neutromon.models.changes import Outcome
    from neutromon.models.history import (
        Patient,
        PatientHistory,
    )
    from neutromon.models.protocol import Protocol
    from neutromon.models.worklist import PatientHit
    from neutromon.rules import RuleBook
    from neutromon.services.pins import PinState, SignedBy
    from neutromon.services.session import Session


class SessionClinic(RecordCalls, DeskCalls):
    """A ClinicPort over an open session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def session(self) -> Session:
        """Return the open session, for services that the port does not name (reports, administration)."""
        return self._session

    @property
    def user(self) -> str:
        """Return the name of the signed-in person."""
        return self._session.user

    @property
    def role(self) -> str:
        """Return the role of the signed-in person; see services.roles."""
        from neutromon.services.roles import role_of

        return role_of(self._session).value

    @property
    def practice(self) -> bool:
        """Return whether this is the practice clinic."""
        return self._session.practice

    @property
    def rules(self) -> RuleBook:
        """Return the rule data in force."""
        return self._session.rules

    @property
    def protocol(self) -> Protocol:
        """Return the site protocol in force."""
        return self._session.protocol

    def now(self) -> datetime:
        """Return the time, with its zone."""
        return self._session.clock()

    def users(self) -> list[str]:
        """Return the people who may own an alert."""
        from neutromon.services.store_admin import users

        return users(self._session)

    def sign_off(self, secret: str) -> Outcome[SignedBy]:
        """Pass on to services.pins.sign_off."""
        from neutromon.services.pins import sign_off

        return sign_off(self._session, secret)

    def pin_state(self) -> PinState:
        """Pass on to services.pins.pin_state."""
        from neutromon.services.pins import pin_state

        return pin_state(self._session)

    def set_pin(self, passphrase: str, digits: str) -> Outcome[None]:
        """Pass on to services.pins.set_pin."""
        from neutromon.services.pins import set_pin

        return set_pin(self._session, passphrase, digits)

    def remove_pin(self) -> Outcome[None]:
        """Pass on to services.pins.remove_pin."""
        from neutromon.services.pins import remove_pin

        return remove_pin(self._session)

    def add_patient(self, patient: Patient) -> Outcome[str]:
        """Pass on to services.patients.add_patient."""
        from neutromon.services.patients import add_patient

        return add_patient(self._session, patient)

    def change_patient(self, patient: Patient, reason: str) -> Outcome[None]:
        """Pass on to services.patients.change_patient."""
        from neutromon.services.patients import change_patient

        return change_patient(self._session, patient, reason)

    def patient_history(self, patient_id: str) -> PatientHistory:
        """Pass on to services.patients.patient_history."""
        from neutromon.services.patients import patient_history

        return patient_history(self._session, patient_id)

    def view_patient(self, patient_id: str) -> None:
        """Pass on to services.patients.view_patient."""
        from neutromon.services.patients import view_patient

        view_patient(self._session, patient_id)

    def find_patients(self, text: str, limit: int = 20) -> list[PatientHit]:
        """Pass on to services.patients.find_patients."""
        from neutromon.services.patients import find_patients

        return find_patients(self._session, text, limit)

    def patient_by_mrn(self, mrn: str) -> str | None:
        """Pass on to services.patients.patient_by_mrn."""
        from neutromon.services.patients import patient_by_mrn

        return patient_by_mrn(self._session, mrn)
