"""The telephone call and the pathway in the store: whole or not at all, never a reassuring gap."""

from datetime import timedelta

import pytest

from neutromon.models.care import Pathway, TriageCall
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.history import Antibiotic, Episode, Temperature
from neutromon.services.alerts import alerts_of
from neutromon.services.calls import open_pathway, record_call, save_pathway
from neutromon.services.care import record_episode, void_fact
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from tests.builders import a_history, a_patient
from tests.services.a_store import with_patient


@pytest.fixture
def patient(session: Session) -> str:
    """Give a patient on treatment."""
    return with_patient(session)


@pytest.fixture
def untreated(session: Session) -> str:
    """Give a patient of whom no treatment is known."""
    return with_patient(session, a_history(a_patient("T-0002")))


def a_call(s: Session, **changes: object) -> TriageCall:
    known: dict[str, object] = {"at": s.clock(), "outcome": "advice", "caller": "Daughter"}
    return TriageCall(**(known | changes))  # type: ignore[arg-type]


def test_that_a_call_stores_its_signs_its_temperature_and_its_words(session: Session, patient: str) -> None:
    fever = Temperature(value="38.4", unit="Cel", route="oral")
    signs = {"rash": True, "cough": False, "rigors": None}
    call = a_call(session, temperature=fever, signs=signs, outcome="face_to_face", note="comes by taxi")
    record_call(session, patient, call)
    history = patient_history(session, patient)
    assert [symptom.code for symptom in history.symptoms] == ["rash"]
    assert (history.temperatures[0].value, history.temperatures[0].at) == ("38.4", session.clock())
    (event,) = history.events
    assert event.kind == "call"
    assert event.text == (
        "Daughter rang. Red: Temperature 38.4 °C. Amber: Rash or skin redness. Not asked: 19. "
        "Outcome: asked to come for assessment now. comes by taxi"
    )


def test_that_a_call_without_a_caller_and_without_gaps_is_short(session: Session, patient: str) -> None:
    flags = dict.fromkeys((row["code"] for row in session.rules.numbers["triage"].rows["flag"]), False)
    normal = Temperature(value="36.8", unit="Cel")
    record_call(session, patient, a_call(session, caller="", signs=flags, temperature=normal))
    assert patient_history(session, patient).events[0].text == "Call. Outcome: advice given."


@pytest.mark.parametrize("outcome", ["", "all is well"])
def test_that_a_call_without_an_outcome_is_refused(session: Session, patient: str, outcome: str) -> None:
    with pytest.raises(UserError, match="how the call ended"):
        record_call(session, patient, a_call(session, outcome=outcome, signs={"rash": True}))
    assert patient_history(session, patient).symptoms == ()


def test_that_a_call_with_an_impossible_temperature_stores_nothing(session: Session, patient: str) -> None:
    with pytest.raises(UserError):
        record_call(session, patient, a_call(session, signs={"rash": True}, temperature=Temperature(value="384", unit="Cel")))
    assert patient_history(session, patient).symptoms == ()


@pytest.mark.parametrize(("sign", "emergency"), [("rigors", True), ("confusion", True), ("rash", False)])
def test_that_a_red_sign_is_an_emergency_whatever_the_temperature_is(session: Session, patient: str, sign: str, emergency: bool) -> None:
    record_call(session, patient, a_call(session, signs={sign: True}, temperature=Temperature(value="36.8", unit="Cel")))
    assert (Tier.EMERGENCY in {alert.tier for alert in alerts_of(session, patient)}) is emergency


def test_that_a_red_sign_within_weeks_of_treatment_raises_one_emergency(session: Session, patient: str) -> None:
    record_call(session, patient, a_call(session, signs={"rigors": True}))
    assert [alert.rule for alert in alerts_of(session, patient) if alert.tier is Tier.EMERGENCY] == ["triage.red"]
    assert patient_history(session, patient).episode.flags == {}


def test_that_a_red_sign_without_a_known_treatment_is_an_emergency_too(session: Session, untreated: str) -> None:
    record_call(session, untreated, a_call(session, signs={"rigors": True}))
    assert [alert.rule for alert in alerts_of(session, untreated) if alert.tier is Tier.EMERGENCY] == ["sepsis.signs"]


def test_that_a_red_sign_keeps_what_else_was_judged_of_the_episode(session: Session, untreated: str) -> None:
    record_episode(session, untreated, Episode(mascc={"age": 66}, flags={"pneumonia": True}))
    record_call(session, untreated, a_call(session, signs={"rigors": True}))
    episode = patient_history(session, untreated).episode
    assert (episode.mascc, episode.flags) == ({"age": 66}, {"pneumonia": True, "sepsis_signs": True})


def test_that_a_red_sign_told_twice_changes_the_episode_once(session: Session, untreated: str) -> None:
    for _ in range(2):
        record_call(session, untreated, a_call(session, signs={"rigors": True}))
    assert len([fact for fact in session.store.facts_of(untreated) if fact.kind == "episode"]) == 1


def test_that_a_voided_judgement_is_not_taken_up_again(session: Session, untreated: str) -> None:
    void_fact(session, record_episode(session, untreated, Episode(flags={"pneumonia": True})).value, "wrong patient")
    record_call(session, untreated, a_call(session, signs={"rigors": True}))
    assert patient_history(session, untreated).episode.flags == {"sepsis_signs": True}


def test_that_a_call_starts_the_pathway_at_its_time_zero(session: Session, patient: str) -> None:
    assert open_pathway(session, patient) is None
    record_call(session, patient, a_call(session, time_zero=session.clock() - timedelta(minutes=5)))
    running = open_pathway(session, patient)
    assert running is not None
    assert (running.time_zero, running.source) == (session.clock() - timedelta(minutes=5), "call")


def test_that_a_second_call_never_moves_time_zero_forward(session: Session, patient: str) -> None:
    first = session.clock() - timedelta(minutes=30)
    record_call(session, patient, a_call(session, time_zero=first))
    record_call(session, patient, a_call(session, time_zero=session.clock()))
    running = open_pathway(session, patient)
    assert running is not None and running.time_zero == first
    record_call(session, patient, a_call(session, time_zero=first - timedelta(minutes=10)))
    running = open_pathway(session, patient)
    assert running is not None and running.time_zero == first - timedelta(minutes=10)


def test_that_the_pathway_keeps_its_steps_and_an_antibiotic_with_it(session: Session, patient: str) -> None:
    save_pathway(session, patient, Pathway(time_zero=session.clock()))
    running = open_pathway(session, patient)
    assert running is not None
    given = Antibiotic(name="pip-tazo", given_at=session.clock(), purpose="prophylaxis")
    done = Pathway(id=running.id, time_zero=running.time_zero, done={"lactate": session.clock()})
    save_pathway(session, patient, done, given)
    again = open_pathway(session, patient)
    assert again is not None and again.done == {"lactate": session.clock()}
    assert patient_history(session, patient).antibiotics[0].purpose == "treatment"


def test_that_a_red_flag_of_the_pathway_raises_signs_of_sepsis_until_it_ends(session: Session, patient: str) -> None:
    root = save_pathway(session, patient, Pathway(time_zero=session.clock(), flags={"systolic": True})).value
    assert "sepsis.signs" in {alert.rule for alert in alerts_of(session, patient)}
    ended = Pathway(id=root, time_zero=session.clock(), ended_at=session.clock(), outcome="admitted")
    save_pathway(session, patient, ended)
    assert open_pathway(session, patient) is None
    assert patient_history(session, patient).episode.flags == {"sepsis_signs": False}


def test_that_a_new_pathway_begins_after_one_has_ended(session: Session, patient: str) -> None:
    first = save_pathway(session, patient, Pathway(time_zero=session.clock())).value
    save_pathway(session, patient, Pathway(id=first, time_zero=session.clock(), ended_at=session.clock(), outcome="admitted"))
    assert save_pathway(session, patient, Pathway(time_zero=session.clock())).value != first


def test_that_a_voided_pathway_runs_no_longer(session: Session, patient: str) -> None:
    root = save_pathway(session, patient, Pathway(time_zero=session.clock())).value
    void_fact(session, root, "wrong patient")
    assert open_pathway(session, patient) is None


@pytest.mark.parametrize(
    "given",
    [("", timedelta(0)), ("pip-tazo", None), ("pip-tazo", timedelta(minutes=1))],
    ids=["no name", "no time", "in the future"],
)
def test_that_an_antibiotic_that_cannot_stop_the_clock_is_refused(
    session: Session, patient: str, given: tuple[str, timedelta | None]
) -> None:
    name, later = given
    dose = Antibiotic(name=name, given_at=None if later is None else session.clock() + later)
    with pytest.raises(UserError):
        save_pathway(session, patient, Pathway(time_zero=session.clock()), dose)
    assert open_pathway(session, patient) is None


def test_that_time_zero_does_not_lie_in_the_future(session: Session, patient: str) -> None:
    with pytest.raises(UserError, match="Time zero"):
        save_pathway(session, patient, Pathway(time_zero=session.clock() + timedelta(seconds=1)))


def test_that_an_antibiotic_before_time_zero_is_refused_until_somebody_says_that_it_was_given_before(
    session: Session, patient: str
) -> None:
    zero = session.clock() - timedelta(minutes=10)
    given = Antibiotic(name="cefepime", given_at=session.clock() - timedelta(hours=2))
    with pytest.raises(UserError, match="before time zero"):
        save_pathway(session, patient, Pathway(time_zero=zero), given)
    save_pathway(session, patient, Pathway(time_zero=zero, given_before=given.given_at), given)
    assert patient_history(session, patient).antibiotics[-1].name == "cefepime"
