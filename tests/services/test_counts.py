"""Counts typed by a nurse: previewed, recorded, corrected, confirmed, voided; nothing wrong is stored and nothing stored is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest

from neutromon.models.errors import NotSaved, UserError
from neutromon.models.evaluation import AncOrigin
from neutromon.models.history import ClinicalEvent
from neutromon.models.quantity import Reported
from neutromon.models.worklist import ListName
from neutromon.services import counts as service
from neutromon.services.care import record_event
from neutromon.services.counts import CountDraft, confirm_value, correct_count, preview_count, record_count, void_count
from neutromon.services.drafts import load_draft, save_draft
from neutromon.services.patients import add_patient, patient_history
from neutromon.services.session import Session
from neutromon.services.worklists import worklist
from tests.builders import a_patient, a_value
from tests.stores import START


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient without counts."""
    return add_patient(session, a_patient()).value


def a_draft(hours: float = -2, confirmed: frozenset[str] = frozenset(), **values: object) -> CountDraft:
    reported = {name: value if isinstance(value, Reported) else a_value(value) for name, value in values.items()}
    return CountDraft(collected_at=START + timedelta(hours=hours), values=reported, confirmed=confirmed)


def test_that_a_recorded_count_is_there_as_typed_with_its_author(session: Session, patient: str) -> None:
    outcome = record_count(session, patient, a_draft(wbc="3.50", neutrophils="<0.1"))
    sample = patient_history(session, patient).counts[0]
    assert sample.id == outcome.value
    assert {name: value.value for name, value in sample.values.items()} == {"wbc": "3.50", "neutrophils": "<0.1"}
    assert sample.provenance is not None
    assert (sample.provenance.source, sample.provenance.author) == ("typed", session.user)
    assert outcome.changes.patient_ids == {patient}


def test_that_a_low_count_is_on_the_list_of_alerts_without_opening_the_chart(session: Session, patient: str) -> None:
    record_count(session, patient, a_draft(neutrophils="0.04"))
    row = worklist(session, ListName.ALERTS)[0]
    assert row.patient_id == patient
    assert "0.04" in row.anc_text
    assert "anc.profound" in {alert.rule for alert in row.alerts}


def test_that_a_preview_stores_nothing(session: Session, patient: str) -> None:
    found = preview_count(session, patient, a_draft(wbc="2.0", neutrophils_percent=a_value("25", "%")))
    assert found.evaluation.anc.origin is AncOrigin.DERIVED
    assert found.evaluation.anc.quantity is not None
    assert found.evaluation.anc.quantity.value == Decimal("0.5")
    assert patient_history(session, patient).counts == ()


def test_that_a_preview_shows_the_previous_value_and_the_difference(session: Session, patient: str) -> None:
    record_count(session, patient, a_draft(-72, neutrophils="2.1", platelets="200", wbc="4.0"))
    found = preview_count(session, patient, a_draft(neutrophils="0.9", platelets="250", wbc="4.0"))
    assert found.previous["neutrophils"].value == "2.1"
    assert found.previous_at == START - timedelta(hours=72)
    assert {name: found.deltas[name] for name in ("anc", "platelets", "wbc")} == {"anc": "−1.2", "platelets": "+50", "wbc": "±0"}


@pytest.mark.parametrize(("before", "after"), [("<0.1", "0.4"), ("0.4", "<0.1")])
def test_that_no_difference_is_told_for_a_censored_value(session: Session, patient: str, before: str, after: str) -> None:
    record_count(session, patient, a_draft(-72, neutrophils=before))
    assert "anc" not in preview_count(session, patient, a_draft(neutrophils=after)).deltas


def test_that_no_difference_is_told_where_the_earlier_count_lacks_the_value(session: Session, patient: str) -> None:
    record_count(session, patient, a_draft(-72, platelets="200"))
    found = preview_count(session, patient, a_draft(neutrophils="0.9", platelets="150"))
    assert set(found.deltas) == {"platelets"}


def test_that_a_repeated_count_is_pointed_out(session: Session, patient: str) -> None:
    first = record_count(session, patient, a_draft(neutrophils="2.1")).value
    assert preview_count(session, patient, a_draft(neutrophils="2.1")).duplicate_of == first
    assert preview_count(session, patient, a_draft(-3, neutrophils="2.1")).duplicate_of is None


@pytest.mark.parametrize("values", [{}, {"wbc": ""}, {"wbc": "  "}])
def test_that_a_count_without_a_value_is_refused(session: Session, patient: str, values: dict[str, str]) -> None:
    with pytest.raises(UserError, match="has no value"):
        record_count(session, patient, a_draft(**values))


def test_that_a_thousandfold_slip_is_refused_with_the_unit_that_was_probably_meant(session: Session, patient: str) -> None:
    with pytest.raises(UserError) as raised:
        record_count(session, patient, a_draft(neutrophils="3000"))
    assert "/µL" in str(raised.value) or "/uL" in str(raised.value)
    assert "confirm" in raised.value.hint
    assert patient_history(session, patient).counts == ()


def test_that_an_impossible_value_cannot_be_confirmed_away(session: Session, patient: str) -> None:
    with pytest.raises(UserError):
        record_count(session, patient, a_draft(wbc="-1"))
    assert patient_history(session, patient).counts == ()


def test_that_a_doubtful_value_counts_once_a_person_has_confirmed_it(session: Session, patient: str) -> None:
    record_count(session, patient, a_draft(wbc="600", neutrophils="300", confirmed=frozenset({"wbc", "neutrophils"})))
    assert patient_history(session, patient).counts[0].values["wbc"].confirmed


def test_that_a_count_in_the_future_is_refused(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="future"):
        record_count(session, patient, a_draft(2, neutrophils="2.0"))


def test_that_a_correction_keeps_the_old_value_and_retracts_its_alert(session: Session, patient: str) -> None:
    sample = record_count(session, patient, a_draft(neutrophils="0.04")).value
    correct_count(session, sample, "neutrophils", a_value("4.0"), "typed the wrong row")
    history = patient_history(session, patient)
    assert history.counts[0].values["neutrophils"].value == "4.0"
    assert [(name, value.value) for name, value, _ in history.counts[0].superseded] == [("neutrophils", "0.04")]
    assert worklist(session, ListName.ALERTS) == []


def test_that_correcting_voiding_and_confirming_need_a_reason(session: Session, patient: str) -> None:
    sample = record_count(session, patient, a_draft(neutrophils="0.4")).value
    for act in (
        lambda: correct_count(session, sample, "neutrophils", a_value("4.0"), " "),
        lambda: void_count(session, sample, ""),
        lambda: confirm_value(session, sample, "neutrophils", ""),
    ):
        with pytest.raises(UserError, match="reason is needed"):
            act()
    assert patient_history(session, patient).counts[0].values["neutrophils"].value == "0.4"


def test_that_only_a_value_that_is_there_can_be_confirmed(session: Session, patient: str) -> None:
    sample = record_count(session, patient, a_draft(neutrophils="0.4")).value
    with pytest.raises(UserError, match="no such value"):
        confirm_value(session, sample, "platelets", "seen")


def test_that_a_voided_count_leaves_the_curve_and_stays_in_the_store(session: Session, patient: str) -> None:
    sample = record_count(session, patient, a_draft(neutrophils="0.4")).value
    void_count(session, sample, "another patient's tube")
    assert patient_history(session, patient).counts == ()
    assert [fact.voided for fact in session.store.revisions(sample)] == [False, True]
    with pytest.raises(UserError, match="was voided"):
        correct_count(session, sample, "neutrophils", a_value("1.0"), "late")


def test_that_a_record_that_is_no_count_is_not_corrected_as_one(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="not in the store"):
        correct_count(session, patient, "neutrophils", a_value("1.0"), "reason")
    with pytest.raises(UserError, match="not in the store"):
        void_count(session, "none", "reason")


def test_that_nothing_is_saved_where_the_evaluation_fails(session: Session, patient: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from neutromon.services import writing

    def broken(*_: object, **_names: object) -> None:
        raise RuntimeError("a rule is broken")

    monkeypatch.setattr(writing, "evaluate", broken)
    with pytest.raises(RuntimeError):
        record_count(session, patient, a_draft(neutrophils="0.4"))
    monkeypatch.undo()
    assert patient_history(session, patient).counts == ()
    assert session.store.trail().verified


def test_that_a_refused_write_is_told_as_not_saved(session: Session, patient: str) -> None:
    session.store.database.conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSaved, match=r"^Not saved\."):
        record_count(session, patient, a_draft(neutrophils="0.4"))
    session.store.database.conn.execute("ROLLBACK")


def test_that_saving_a_count_drops_its_draft(session: Session, patient: str) -> None:
    save_draft(session, patient, "count", {"wbc": "3."})
    record_count(session, patient, a_draft(neutrophils="0.9"))
    assert load_draft(session, patient, "count") is None


def test_that_a_patient_who_is_not_there_gets_no_count(session: Session) -> None:
    for unknown in ("none", ""):
        with pytest.raises(UserError, match="not in the store"):
            record_count(session, unknown, a_draft(neutrophils="0.9"))


def test_that_the_latest_count_is_the_one_last_collected(session: Session, patient: str) -> None:
    assert service.latest_of_patient(session, patient) is None
    newest = record_count(session, patient, a_draft(-2, neutrophils="0.9")).value
    record_count(session, patient, a_draft(-50, neutrophils="1.9"))
    found = service.latest_of_patient(session, patient)
    assert found is not None
    assert found.sample_id == newest


def test_that_a_set_that_jumps_in_mcv_is_unlike_the_patient_and_names_the_platelets_beside_it(session: Session, patient: str) -> None:
    record_count(session, patient, a_draft(-72, wbc="3.5", mcv=a_value("90", "fL"), platelets="71"))
    record_count(session, patient, a_draft(-24, wbc="3.1"))
    signs = preview_count(session, patient, a_draft(wbc="5.0", mcv=a_value("100", "fL"), platelets="310")).unlike
    assert signs == ("MCV 100 fL after 90 fL", "platelets 310 after 71 ×10⁹/L")
    assert preview_count(session, patient, a_draft(wbc="5.0", mcv=a_value("99.9", "fL"), platelets="310")).unlike == ()


def test_that_haemoglobin_that_doubled_is_unlike_the_patient_in_whatever_units_and_after_a_transfusion_is_not(
    session: Session, patient: str
) -> None:
    record_count(session, patient, a_draft(-72, hemoglobin=a_value("7", "g/dL")))
    doubled = a_draft(hemoglobin=a_value("140", "g/L"))
    assert preview_count(session, patient, doubled).unlike == ("haemoglobin 140 g/L after 7 g/dL",)
    assert preview_count(session, patient, a_draft(hemoglobin=a_value("139", "g/L"))).unlike == ()
    record_event(session, patient, ClinicalEvent(kind="transfusion", at=START - timedelta(hours=30), text="red cells"))
    assert preview_count(session, patient, doubled).unlike == ()


def test_that_a_count_of_months_ago_says_nothing_of_whose_the_sample_is(session: Session, patient: str) -> None:
    record_count(session, patient, a_draft(-29 * 24, mcv=a_value("90", "fL"), wbc="3"))
    assert preview_count(session, patient, a_draft(0, mcv=a_value("110", "fL"), wbc="3")).unlike == ()
