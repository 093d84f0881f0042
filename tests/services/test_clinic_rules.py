"""What a clinic chooses: its protocol with two signatures and a date, its own regimens with author and version."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from neutromon.models.errors import UserError
from neutromon.models.evaluation import Tier
from neutromon.models.protocol import Protocol
from neutromon.rules.book_parts import Regimen, RegimenDrug
from neutromon.services.alerts import alerts_of
from neutromon.services.clinic_rules import (
    adopt_protocol,
    allowed_tiers,
    clinic_book,
    current_protocol,
    finding_words,
    propose_protocol,
    protocol_difference,
    protocols,
    regimen_versions,
    retire_regimen,
    save_regimen,
    sign_protocol,
    withdraw_protocol,
)
from neutromon.services.evaluations import evaluate_patient, refresh_alerts
from neutromon.services.people import add_person, change_own_passphrase
from neutromon.services.regimen_check import check_drugs
from neutromon.services.roles import Role
from neutromon.services.session import Session
from neutromon.services.store_admin import audit_trail
from neutromon.services.writing import writing
from neutromon.storage.codec import encode
from tests.services.a_store import in_nadir, the_alert, with_patient
from tests.stores import START

STRICT = Protocol(ctcae="ctcae-6.0", fn_definition="nice-cg151", count_validity_hours=48, call_threshold=Decimal("1.0"))


DRUG = RegimenDrug(drug="examplamycin", dose="10", unit="mg/m2", route="IV", days="1")
NONSENSE = [
    replace(DRUG, dose="1e9"),
    replace(DRUG, dose="1000000000"),
    replace(DRUG, dose="0"),
    replace(DRUG, dose="-5"),
    replace(DRUG, dose="90-60"),
    replace(DRUG, unit="parsec"),
    replace(DRUG, unit=""),
    replace(DRUG, days="1-99"),
    replace(DRUG, days="0"),
    replace(DRUG, days="5-1"),
    replace(DRUG, days="now and then"),
]


def a_colleague(s: Session) -> Session:
    return replace_user(s, "Nurse Second")


def replace_user(s: Session, user: str) -> Session:
    return Session(store=s.store, user=user, clock=s.clock, ids=s.ids)


def a_regimen(**changes: object) -> Regimen:
    known: dict[str, object] = {
        "id": "OWN-1",
        "name": "Own regimen",
        "cancer": "Test",
        "drugs": "examplamycin 10 d1",
        "cycle_days": 21,
        "nadir_window": (6, 9),
        "nadir_text": "6-9",
        "recovery_day": 15,
        "day1_rule": "OT-GEN",
        "doses": "clinic's own",
        "categories": {"nccn": "high", "eortc-2010": "high"},
        "category_texts": {"nccn": "clinic", "eortc-2010": "clinic"},
    }
    return Regimen(**(known | changes))  # type: ignore[arg-type]


def signed(s: Session, protocol: Protocol) -> str:
    version = propose_protocol(s, protocol).value
    sign_protocol(a_colleague(s), version)
    return version


def test_that_a_proposal_alone_changes_nothing(session: Session) -> None:
    version = propose_protocol(session, STRICT).value
    assert current_protocol(session) == Protocol()
    assert [p.version for p in protocols(session)] == [version] == ["v1"]
    assert protocols(session)[0].author == session.user


def test_that_two_people_put_a_protocol_in_force(session: Session) -> None:
    assert session.protocol == Protocol()
    version = propose_protocol(session, STRICT).value
    colleague = a_colleague(session)
    sign_protocol(colleague, version)
    found = current_protocol(session)
    assert (found.version, found.second_signature, found.fn_definition) == ("v1", "Nurse Second", "nice-cg151")
    assert colleague.protocol == found
    assert adopt_protocol(session) is True
    assert adopt_protocol(session) is False
    assert session.protocol == found


@pytest.mark.parametrize("name", ["same", " SAME "])
def test_that_the_author_cannot_sign_for_the_second_person(session: Session, name: str) -> None:
    author = replace_user(session, "Same")
    version = propose_protocol(author, STRICT).value
    with pytest.raises(UserError, match="author cannot"):
        sign_protocol(replace_user(session, name), version)


def test_that_a_signed_version_is_never_signed_or_changed_again(session: Session) -> None:
    version = signed(session, STRICT)
    with pytest.raises(UserError, match="already signed"):
        sign_protocol(replace_user(session, "Nurse Third"), version)


def test_that_a_version_that_is_not_there_is_named(session: Session) -> None:
    with pytest.raises(UserError, match="no such version"):
        sign_protocol(session, "v9")
    with pytest.raises(UserError, match="no such version"):
        protocol_difference(session, "v9")


def test_that_a_version_waits_for_its_date(session: Session) -> None:
    tomorrow = session.clock().date() + timedelta(days=1)
    signed(session, replace(STRICT, effective_from=tomorrow))
    assert current_protocol(session).version == "default"
    later = Session(store=session.store, user="Nurse", clock=lambda: session.clock() + timedelta(days=1), ids=session.ids)
    later.protocol = Protocol()
    refresh_alerts(later)
    assert later.protocol.version == "v1"


def test_that_the_difference_to_the_one_in_force_is_shown(session: Session) -> None:
    version = propose_protocol(session, replace(STRICT, tiers={"anc.grade3": 2}, tier_reasons={"anc.grade3": "we call everyone"})).value
    changed = {name: (old, new) for name, old, new in protocol_difference(session, version)}
    assert changed["fn_definition"] == ("idsa-2010", "nice-cg151")
    assert changed["call_threshold"] == ("0.5", "1.0")
    assert set(changed) == {"ctcae", "fn_definition", "count_validity_hours", "call_threshold", "tier anc.grade3"}
    assert changed["tier anc.grade3"] == ("3", "2 (we call everyone)")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ctcae": "ctcae-7.0"}, "rule set"),
        ({"fn_definition": "seom"}, "rule set"),
        ({"gcsf_guideline": "nobody"}, "rule set"),
        ({"count_validity_hours": 0}, "at least an hour"),
        ({"count_validity_hours": 745}, "744 hours"),
        ({"count_validity_hours": 999_999}, "744 hours"),
        ({"effective_from": date(1800, 1, 1)}, "lies in the past"),
        ({"effective_from": START.date() - timedelta(days=1)}, "lies in the past"),
        ({"call_threshold": Decimal(0)}, "call threshold"),
        ({"call_threshold": Decimal("1.6")}, "call threshold"),
        ({"tiers": {"anc.unheard": 2}}, "cannot have the tier"),
        ({"tiers": {"anc.grade3": 5}}, "cannot have the tier"),
        ({"tiers": {"fn.confirmed": 2}}, "stays one"),
        ({"tiers": {"forecast.day1_unlikely": 2}}, "advisory at most"),
        ({"tiers": {"anc.grade3": 2}}, "has no reason"),
    ],
)
def test_that_a_protocol_that_cannot_hold_is_refused(session: Session, change: dict[str, object], says: str) -> None:
    with pytest.raises(UserError, match=says):
        propose_protocol(session, replace(STRICT, **change))  # type: ignore[arg-type]
    assert protocols(session) == []


def test_that_every_evaluation_and_alert_names_the_protocol_version(session: Session) -> None:
    patient = with_patient(session, in_nadir())
    assert evaluate_patient(session, patient).protocol_version == "default"
    signed(session, replace(STRICT, tiers={"anc.grade4": 1}, tier_reasons={"anc.grade4": "inpatient unit"}))
    refresh_alerts(session)
    assert evaluate_patient(session, patient).protocol_version == "v1"
    alert = the_alert(session, patient, Tier.EMERGENCY)
    assert (alert.rule, alert.events[0].protocol_version) == ("anc.grade4", "v1")
    assert len([a for a in alerts_of(session, patient) if a.rule == "anc.grade4"]) == 1


def test_that_the_clinics_own_regimen_is_found_with_author_and_version(session: Session) -> None:
    save_regimen(session, a_regimen())
    save_regimen(session, a_regimen(nadir_window=(7, 10)))
    found = session.rules.regimen("OWN-1")
    assert found is not None and (found.author, found.version, found.nadir_window) == (session.user, "2", (7, 10))
    assert [own.id for own in session.rules.search_regimens("examplamycin")] == ["OWN-1"]
    assert [own.version for own in regimen_versions(session, "OWN-1")] == ["1", "2"]


@pytest.mark.parametrize(
    "drug",
    [
        DRUG,
        replace(DRUG, dose="60-90", days="1-5,8-12"),
        replace(DRUG, dose="840 then 420", unit="mg", days="weekly"),
        replace(DRUG, dose="30 000", unit="IU", days="1, 8"),
        replace(DRUG, dose="", unit="", route="", days=""),
    ],
)
def test_that_the_drugs_of_an_own_regimen_are_written_as_in_the_library(session: Session, drug: RegimenDrug) -> None:
    save_regimen(session, a_regimen(components=(drug,)))
    found = session.rules.regimen("OWN-1")
    assert found is not None and found.components == (drug,)


def test_that_a_copy_of_every_shipped_regimen_can_be_stored_under_a_name_of_its_own(session: Session) -> None:
    refused = []
    for shipped in session.rules.regimens.values():
        try:
            check_drugs(session.rules, shipped)
        except UserError as error:
            refused.append((shipped.id, str(error)))
    assert refused == []


def test_that_an_own_regimen_is_called_by_its_short_name_and_tells_its_parent(session: Session) -> None:
    save_regimen(session, a_regimen(based_on="AC"))
    found = session.rules.regimen("OWN-1")
    assert found is not None and (found.title, found.based_on) == ("OWN-1", "AC")
    shipped = session.rules.regimen("AC")
    assert shipped is not None and (shipped.title, shipped.based_on) == ("AC", "")


def test_that_a_regimen_stands_before_the_shipped_one_until_it_is_retired(session: Session) -> None:
    save_regimen(session, a_regimen(id="AC"))
    assert session.rules.regimen("AC").author == session.user  # type: ignore[union-attr]
    retire_regimen(session, "AC", "the library is right")
    assert session.rules.regimen("AC").author == ""  # type: ignore[union-attr]
    with pytest.raises(UserError, match="not one of the clinic's own"):
        retire_regimen(session, "AC", "again")
    save_regimen(session, a_regimen(id="AC"))
    assert session.rules.regimen("AC").author == session.user  # type: ignore[union-attr]


def test_that_retiring_needs_a_reason(session: Session) -> None:
    save_regimen(session, a_regimen())
    with pytest.raises(UserError, match="reason"):
        retire_regimen(session, "OWN-1", " ")


def test_that_a_version_of_a_regimen_waits_for_its_date(session: Session) -> None:
    today = session.clock().date()
    save_regimen(session, a_regimen(id="OWN-2", effective_from=(today + timedelta(days=2)).isoformat()))
    assert session.rules.regimen("OWN-2") is None
    assert clinic_book(session.store, today + timedelta(days=2)).regimen("OWN-2") is not None
    assert clinic_book(session.store).regimen("OWN-2") is not None


@pytest.mark.parametrize(
    "change",
    [
        {"id": " "},
        {"cycle_days": 0},
        {"day1_rule": "OT-NONE"},
        {"later_day_rule": "OT-NONE"},
        {"nadir_window": (10, 7)},
        {"nadir_window": (0, 7)},
        {"recovery_day": 3},
        {"categories": {"nccn": "quite high"}},
        {"effective_from": "tomorrow"},
        {"name": "AC"},
        {"name": " ac "},
        {"id": "r-chop-21"},
        *({"components": (drug,)} for drug in NONSENSE),
    ],
)
def test_that_a_regimen_that_cannot_be_is_refused(session: Session, change: dict[str, object]) -> None:
    with pytest.raises(UserError):
        save_regimen(session, a_regimen(**change))
    assert regimen_versions(session, "OWN-1") == []


def test_that_only_tiers_that_a_clinic_may_choose_are_offered(session: Session) -> None:
    assert allowed_tiers(session, "fn.confirmed") == (Tier.EMERGENCY,)
    assert allowed_tiers(session, "forecast.day1_unlikely") == (Tier.ADVISORY, Tier.DATA)
    assert allowed_tiers(session, "anc.grade3") == tuple(Tier)


def test_that_a_tier_that_stays_as_it_is_in_force_asks_for_no_new_reason(session: Session) -> None:
    reasons = {"anc.grade3": "we call everyone"}
    signed(session, replace(STRICT, tiers={"anc.grade3": 2}, tier_reasons=reasons))
    version = propose_protocol(session, replace(current_protocol(session), count_validity_hours=24, tier_reasons={})).value
    assert [name for name, _old, _new in protocol_difference(session, version)] == ["count_validity_hours"]


def test_that_the_words_of_a_finding_hold_the_numbers_of_the_rules(session: Session) -> None:
    words = finding_words(session)
    assert words["anc.protracted"] == "ANC < 0.5 ×10⁹/L for more than 7 days, the last value holding on between counts"
    assert not any("{" in said for said in words.values())


def test_that_today_and_the_longest_validity_are_accepted(session: Session) -> None:
    at_most = replace(STRICT, count_validity_hours=744, effective_from=session.clock().date())
    assert signed(session, at_most) == current_protocol(session).version


def test_that_a_nonsensical_proposal_of_an_earlier_program_cannot_be_signed(session: Session) -> None:
    with writing(session) as write:
        body = encode(replace(STRICT, version="v1", author=session.user, count_validity_hours=999_999))
        write.add("", "protocol", body, "proposed")
    with pytest.raises(UserError, match="744 hours"):
        sign_protocol(a_colleague(session), "v1")


@pytest.mark.parametrize("who", ["author", "colleague"])
def test_that_a_proposal_that_waits_is_withdrawn_with_a_reason_and_in_the_trail(session: Session, who: str) -> None:
    version = propose_protocol(session, STRICT).value
    withdraw_protocol(session if who == "author" else a_colleague(session), version, "typed wrongly")
    assert protocols(session) == []
    assert audit_trail(session).entries[-1].what == "protocol voided"
    with pytest.raises(UserError, match="no such version"):
        sign_protocol(a_colleague(session), version)
    assert propose_protocol(session, STRICT).value == "v2"


def test_that_only_a_proposal_that_waits_is_withdrawn_by_a_signer_with_a_reason(session: Session) -> None:
    waiting = propose_protocol(session, STRICT).value
    with pytest.raises(UserError, match="reason"):
        withdraw_protocol(session, waiting, " ")
    add_person(session, "Nurse Plain", "a first passphrase", Role.NURSE)
    with pytest.raises(UserError, match=r"^Only a senior nurse"):
        withdraw_protocol(replace_user(session, "Nurse Plain"), waiting, "no")
    sign_protocol(a_colleague(session), waiting)
    with pytest.raises(UserError, match="already signed"):
        withdraw_protocol(session, waiting, "too late")


def test_that_nobody_proposes_or_signs_with_a_passphrase_that_somebody_else_chose(session: Session) -> None:
    given = "a first passphrase"
    add_person(session, "Nurse Second", given, Role.SENIOR)
    second = a_colleague(session)
    version = propose_protocol(session, STRICT).value
    with pytest.raises(UserError, match="own passphrase"):
        sign_protocol(second, version)
    with pytest.raises(UserError, match="own passphrase"):
        propose_protocol(second, STRICT)
    assert current_protocol(session).version == "default"
    change_own_passphrase(second, given, "a passphrase of her own")
    sign_protocol(second, version)
    assert current_protocol(session).version == version
