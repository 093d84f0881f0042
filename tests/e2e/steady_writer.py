"""Do what a nurse does for ever and tell each acknowledged step on standard output, until killed; for the crash tests.

Each round stores a count (number k, WBC k.5), acknowledges what it raised, and prints "k" only after both have returned.
"""

import sys
from datetime import timedelta
from pathlib import Path

from neutromon.models.alerts import Acknowledgement
from neutromon.models.quantity import Reported
from neutromon.services.alerts import acknowledge_alert, alerts_of
from neutromon.services.counts import CountDraft, record_count
from neutromon.services.patients import add_patient, find_patients, patient_history
from neutromon.services.session import Session
from neutromon.storage import keys
from tests.builders import a_patient
from tests.stores import START, Clock, open_at

MRN = "T-crash"


def main(path: Path) -> None:
    """Continue where the last writer was stopped."""
    keys.PARAMETERS.update({"m": 64, "t": 1, "p": 1})
    clock = Clock()
    session = open_at(path, clock)
    known = find_patients(session, MRN)
    patient = known[0].patient_id if known else add_patient(session, a_patient(MRN)).value
    number = len(patient_history(session, patient).counts)
    while True:
        number += 1
        do_round(session, clock, patient, number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def do_round(session: Session, clock: Clock, patient: str, number: int) -> None:
    """Store one count and acknowledge every open alert."""
    clock.now = START + timedelta(hours=12 * number)
    values = {
        "wbc": Reported(value=f"{number}.5", unit="10*9/L"),
        "neutrophils": Reported(value="0.4" if number % 2 else "1.4", unit="10*9/L"),
    }
    record_count(session, patient, CountDraft(collected_at=clock.now, values=values, confirmed=frozenset({"wbc"})))
    for alert in alerts_of(session, patient):
        if alert.acknowledgement is None:
            acknowledge_alert(session, alert.id, Acknowledgement(action="called_patient", owner=session.user))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
