"""A decision of the holding bay taken back: what it stored is withdrawn, the set waits again, unless something rests on it by now."""

from datetime import timedelta

import pytest

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Identifier, Temperature
from neutromon.models.worklist import ListName
from neutromon.services.alerts import alerts_of, set_owner
from neutromon.services.care import record_temperature
from neutromon.services.exporting import export_text
from neutromon.services.held_list import held_count, held_lines
from neutromon.services.holding import Resolution, RowDecision, Way, held_sets, reject_held, resolve_alike, resolve_held
from neutromon.services.importing import import_bytes
from neutromon.services.importing.codes import code_rules
from neutromon.services.patients import add_patient, find_patients, patient_by_mrn, patient_history
from neutromon.services.session import Session
from neutromon.services.store_admin import audit_trail, close_session
from neutromon.services.undo import take_back
from neutromon.services.worklists import list_counts
from tests.builders import a_patient
from tests.services.test_holding import a_message
from tests.stores import Clock, make_store, open_at

SAID = "undone by N. Urse"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def clinic(tmp_path, clock):
    session = open_at(make_store(tmp_path), clock)
    yield session
    close_session(session)


def decide(session: Session, resolution: Resolution):
    """Decide the first waiting set and return what changed."""
    return resolve_held(session, held_sets(session)[0].id, resolution).changes


def test_that_a_whole_file_is_rejected_at_once_and_brought_back_by_one_undo(clinic):
    rows = "".join(f"T-{n};Example;Testa;1960-01-31;2026-03-11T08:00+00:00;3.5\n" for n in range(5))
    import_bytes(clinic, "wrong.csv", f"Patient ID;Last name;First name;Date of birth;Collected at;WBC (10*9/L)\n{rows}".encode())
    import_bytes(clinic, "right.hl7", a_message())
    lines = held_lines(clinic)
    wrong = [line.id for line in lines if line.source == lines[0].source]
    with pytest.raises(UserError, match="reason"):
        reject_held(clinic, wrong, " ")
    outcome = reject_held(clinic, wrong, "file of another clinic")
    assert outcome.value == 5 and [line.source_name for line in held_lines(clinic)] == ["right.hl7"]
    rejected = [entry for entry in audit_trail(clinic).entries if entry.what == "held resolved: reject"]
    assert len(rejected) == 5
    with pytest.raises(UserError, match="decided already"):
        reject_held(clinic, wrong, "again")
    take_back(clinic, outcome.changes, SAID)
    assert held_count(clinic) == 6 and audit_trail(clinic).verified


def test_that_an_assignment_taken_back_withdraws_the_count_and_the_set_waits_again(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message(wbc="0.4"))
    changes = decide(clinic, Resolution(way=Way.ASSIGN, patient_id=patient, keep_number=True))
    undone = take_back(clinic, changes, SAID)
    assert patient_history(clinic, patient).counts == ()
    assert patient_by_mrn(clinic, "T-0001") is None  # the number that was kept is given back too
    (held,) = held_sets(clinic)
    assert held.code == "UNKNOWN_PATIENT" and Way.ASSIGN in held.ways
    assert undone.changes.holding and patient in undone.changes.patient_ids
    assert not [alert for alert in alerts_of(clinic, patient) if alert.is_live]
    told = [entry.what for entry in audit_trail(clinic).entries]
    assert told.index("held resolved: assign") < told.index("held taken back") and "sample voided" in told
    assert audit_trail(clinic).verified


def test_that_a_result_assigned_wrongly_and_taken_back_goes_to_the_right_patient(clinic):
    wrong = add_patient(clinic, a_patient("OTHER-7")).value
    right = add_patient(clinic, a_patient("OTHER-8", family="Right")).value
    import_bytes(clinic, "a.hl7", a_message())
    take_back(clinic, decide(clinic, Resolution(way=Way.ASSIGN, patient_id=wrong)), SAID)
    decide(clinic, Resolution(way=Way.ASSIGN, patient_id=right))
    assert (len(patient_history(clinic, wrong).counts), len(patient_history(clinic, right).counts)) == (0, 1)
    assert held_count(clinic) == 0


def test_that_the_same_assignment_after_an_undo_keeps_the_row_that_cannot_be_read_waiting(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message(unit=""))
    take_back(clinic, decide(clinic, Resolution(way=Way.ASSIGN, patient_id=patient)), SAID)
    assert [one.code for one in held_sets(clinic)] == ["UNKNOWN_PATIENT"]
    decide(clinic, Resolution(way=Way.ASSIGN, patient_id=patient))
    assert [(one.code, one.patient_id) for one in held_sets(clinic)] == [("UNIT_MISSING", patient)]


def test_that_a_created_patient_taken_back_is_in_no_list_and_her_number_is_free(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    changes = decide(clinic, Resolution(way=Way.CREATE))
    (patient,) = changes.patient_ids
    take_back(clinic, changes, SAID)
    assert patient_by_mrn(clinic, "T-0001") is None and find_patients(clinic, "Example") == []
    assert list_counts(clinic)[ListName.ALL] == 0
    with pytest.raises(UserError, match="not in the store"):
        record_temperature(clinic, patient, Temperature(at=clinic.clock(), value="38.5"))
    assert "T-0001" not in export_text(clinic, mrn=None, form="csv")
    decide(clinic, Resolution(way=Way.CREATE))
    assert len(patient_history(clinic, patient_by_mrn(clinic, "T-0001") or "").counts) == 1


def test_that_a_created_patient_taken_back_is_made_by_the_next_import_that_may(clinic):
    import_bytes(clinic, "a.hl7", a_message())
    take_back(clinic, decide(clinic, Resolution(way=Way.CREATE)), SAID)
    import_bytes(clinic, "b.hl7", a_message(control="M2"))
    assert held_count(clinic) == 2 and patient_by_mrn(clinic, "T-0001") is None


def test_that_a_decided_value_taken_back_is_asked_about_again_and_its_rule_is_gone(clinic):
    patient = add_patient(clinic, a_patient("T-0001", identifier=Identifier(value="T-0001", authority="CLINIC"))).value
    import_bytes(clinic, "a.hl7", a_message(unit=""))
    rows = (RowDecision(index=0, unit="10*9/L", for_sender=True),)
    changes = decide(clinic, Resolution(way=Way.CONFIRM, rows=rows))
    assert "wbc" in patient_history(clinic, patient).counts[0].values and len(code_rules(clinic)) == 1
    take_back(clinic, changes, SAID)
    assert "wbc" not in patient_history(clinic, patient).counts[0].values
    assert code_rules(clinic) == []
    assert [one.code for one in held_sets(clinic)] == ["UNIT_MISSING"]


def test_that_one_undo_takes_back_every_set_that_went_out_alike(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    for control in ("M1", "M2", "M3"):
        import_bytes(clinic, f"{control}.hl7", a_message(control=control))
    outcome = resolve_alike(clinic, held_sets(clinic)[0].id, Resolution(way=Way.ASSIGN, patient_id=patient))
    assert (outcome.value, held_count(clinic)) == (3, 0)
    take_back(clinic, outcome.changes, SAID)
    assert held_count(clinic) == 3 and patient_history(clinic, patient).counts == ()


def test_that_what_was_recorded_since_keeps_the_decision(clinic, clock):
    import_bytes(clinic, "a.hl7", a_message())
    changes = decide(clinic, Resolution(way=Way.CREATE))
    (patient,) = changes.patient_ids
    clock.move(minutes=5)
    record_temperature(clinic, patient, Temperature(at=clinic.clock(), value="37.0"))
    with pytest.raises(UserError, match="recorded for this patient since"):
        take_back(clinic, changes, SAID)
    assert held_count(clinic) == 0 and len(patient_history(clinic, patient).counts) == 1


def test_that_an_alert_that_somebody_took_since_keeps_the_decision(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    low = a_message().replace(b"6690-2^WBC^LN||3.5", b"751-8^ANC^LN||0.3")
    import_bytes(clinic, "a.hl7", low)
    changes = decide(clinic, Resolution(way=Way.ASSIGN, patient_id=patient))
    alert = next(one for one in alerts_of(clinic, patient) if one.tier in {Tier.EMERGENCY, Tier.URGENT, Tier.ADVISORY})
    set_owner(clinic, [alert.id], "A. Nother")
    with pytest.raises(UserError, match="may rest on this result"):
        take_back(clinic, changes, SAID)


def test_that_a_decision_is_taken_back_once_only(clinic):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message())
    changes = decide(clinic, Resolution(way=Way.ASSIGN, patient_id=patient))
    take_back(clinic, changes, SAID)
    with pytest.raises(UserError, match="since"):
        take_back(clinic, changes, SAID)
    assert held_count(clinic) == 1


def test_that_the_time_since_does_not_matter_where_nothing_rests_on_it(clinic, clock):
    patient = add_patient(clinic, a_patient("OTHER-7")).value
    import_bytes(clinic, "a.hl7", a_message())
    changes = decide(clinic, Resolution(way=Way.ASSIGN, patient_id=patient))
    clock.now += timedelta(days=2)
    take_back(clinic, changes, SAID)
    assert held_count(clinic) == 1
