"""What the clinic settled for later imports: trusted senders, profiles, and looking again at what waits."""

from dataclasses import replace

import pytest

from neutromon.models.errors import UserError
from neutromon.models.imports import ImportOptions
from neutromon.models.tables import TableMapping
from neutromon.services.held_list import held_count
from neutromon.services.import_rules import is_trusted, saved_profiles, stop_trusting, trust_sender, trusted_senders
from neutromon.services.importing import import_bytes
from neutromon.services.importing.codes import CodeRule, save_code_rule
from neutromon.services.importing.profiles import remove_profile, save_profile
from neutromon.services.look_again import look_again
from neutromon.services.patients import add_patient, patient_by_mrn, patient_history
from neutromon.services.session import Session
from tests.builders import a_patient
from tests.services.test_holding import a_message

WITHOUT_DOB = a_message(born="")


def sender_of(s: Session) -> str:
    from neutromon.services.held_list import held_lines

    return held_lines(s)[0].sender


@pytest.fixture
def waiting(session: Session) -> Session:
    """Return a clinic in which a result without a birth date waits for a known patient."""
    import_bytes(
        session, "first.hl7", a_message(control="M0").replace(b"20260311080000", b"20260310080000"), ImportOptions(create_patients=True)
    )
    import_bytes(session, "a.hl7", WITHOUT_DOB)
    assert held_count(session) == 1
    return session


def test_that_a_trusted_senders_result_comes_in_without_a_birth_date_with_a_mark(waiting: Session) -> None:
    trust_sender(waiting, sender_of(waiting), "the analyser cannot send it")
    assert look_again(waiting).value == 1
    counts = patient_history(waiting, str(patient_by_mrn(waiting, "T-0001"))).counts
    assert [("DOB_NOT_SENT" in count.marks) for count in counts] == [False, True]
    assert held_count(waiting) == 0


def test_that_trust_does_not_cover_another_name(waiting: Session) -> None:
    trust_sender(waiting, sender_of(waiting), "the analyser cannot send it")
    other = WITHOUT_DOB.replace(b"Example", b"Someoneelse").replace(b"20260311080000", b"20260312080000")
    (report,) = import_bytes(waiting, "b.hl7", other).sets
    assert report.reason is not None and report.reason[0] == "DEMOGRAPHIC_MISMATCH"


def test_that_a_sender_is_trusted_once_with_a_reason_and_no_longer_with_another(session: Session) -> None:
    with pytest.raises(UserError, match="reason"):
        trust_sender(session, "LAB|NORTH", " ")
    with pytest.raises(UserError, match="sender is missing"):
        trust_sender(session, " ", "why")
    record = trust_sender(session, "LAB|NORTH", "no birth dates there").value
    with pytest.raises(UserError, match="trusted already"):
        trust_sender(session, "LAB|NORTH", "again")
    (one,) = trusted_senders(session)
    assert (one.sender, one.reason, one.author) == ("LAB|NORTH", "no birth dates there", session.user)
    with pytest.raises(UserError, match="reason"):
        stop_trusting(session, record, "")
    stop_trusting(session, record, "they send it now")
    assert not is_trusted(session, "LAB|NORTH") and trusted_senders(session) == []


def test_that_looking_again_lets_out_what_a_new_rule_or_patient_answers_and_leaves_the_rest(session: Session) -> None:
    options = ImportOptions(create_patients=True)
    local = a_message().replace(b"6690-2^WBC^LN", b"LEUK^Leukozyten^L")
    import_bytes(session, "a.hl7", local, options)
    import_bytes(session, "b.hl7", a_message(control="M2").replace(b"T-0001", b"T-0002"))
    import_bytes(session, "c.hl7", a_message(control="M3").replace(b"T-0001", b"T-0003"))
    assert held_count(session) == 3
    assert (look_again(session).value, held_count(session)) == (0, 3)
    save_code_rule(session, CodeRule(sender=sender_of(session), code="LEUK", analyte="WBC"))
    first = patient_history(session, str(patient_by_mrn(session, "T-0001"))).patient
    identifier = replace(first.identifier, value="T-0002") if first.identifier else None
    add_patient(
        session,
        replace(a_patient("T-0002"), identifier=identifier, birth_date=first.birth_date, family_name=first.family_name, sex=first.sex),
    )
    told: list[tuple[int, int]] = []
    outcome = look_again(session, lambda done, total: told.append((done, total)))
    assert (outcome.value, held_count(session), told) == (2, 1, [(1, 3), (2, 3), (3, 3)])
    assert outcome.changes.holding and len(outcome.changes.patient_ids) == 2
    (count,) = patient_history(session, str(patient_by_mrn(session, "T-0001"))).counts
    assert count.values["wbc"].value == "3.5"
    assert look_again(session).value == 0


def test_that_looking_again_stops_when_it_is_told_to(waiting: Session) -> None:
    trust_sender(waiting, sender_of(waiting), "the analyser cannot send it")
    assert look_again(waiting, cancelled=lambda: True).value == 0
    assert held_count(waiting) == 1


def test_that_profiles_are_listed_with_who_saved_them_last_until_they_are_retired(session: Session) -> None:
    save_profile(session, TableMapping(name="ward list", header=("Nr", "WBC")))
    save_profile(session, TableMapping(name="ward list", header=("Nr", "WBC", "ANC")))
    (one,) = saved_profiles(session)
    assert (one.mapping.name, one.mapping.header, one.author, one.version) == ("ward list", ("Nr", "WBC", "ANC"), session.user, 2)
    remove_profile(session, one.id, "another layout now")
    assert saved_profiles(session) == []
