"""The life-cycle of alerts: what raises, repeats, pauses, ends and returns (product 3.4 and 3.5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neutromon.models.alerts import Acknowledgement, Alert, AlertEvent, AlertEventKind, AlertState, Snooze
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Basis, Finding, Tier
from neutromon.rules.alert_fold import blocks_proceed, check_allowed, fold
from neutromon.rules.alerts import ReconcileContext, apply, reconcile
from tests.rules.rule_cases import book

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


def a_finding(rule: str = "anc.grade4", tier: Tier = Tier.URGENT, value: str | None = "0.4", **more: object) -> Finding:
    samples = more.pop("sample_ids", ("s1",))
    basis = Basis(guideline="CTCAE", version="5.0")
    observed = more.pop("observed_at", NOW - timedelta(hours=2))
    number = None if value is None else Decimal(value)
    key = more.pop("key", f"{rule}|c2")
    made = Finding(rule=rule, tier=tier, key=str(key), text=f"{rule} {value}", basis=basis, value=number, sample_ids=samples)  # type: ignore[arg-type]
    return replace(made, observed_at=observed, **more)  # type: ignore[arg-type]


def a_context(now: datetime = NOW, **more: object) -> ReconcileContext:
    times = more.pop("sample_times", {"s1": NOW - timedelta(hours=2)})
    return ReconcileContext(patient_id="p", now=now, new_id=lambda: uuid4().hex, sample_times=times, **more)  # type: ignore[arg-type]


def raised(finding: Finding | None = None) -> Alert:
    return apply((), reconcile((), [finding or a_finding()], a_context()))[0]


def after(alert: Alert, kind: AlertEventKind, at: datetime = NOW, **more: object) -> Alert:
    event = AlertEvent(
        alert_id=alert.id,
        patient_id="p",
        kind=kind,
        at=at,
        by="Nurse A",
        tier=alert.tier,
        rule=alert.rule,
        key=alert.key,
        text=alert.text,
        value=alert.value,
        mechanism=alert.mechanism,
        **more,
    )  # type: ignore[arg-type]
    check_allowed(alert, event)
    return fold((*alert.events, event))


def acknowledged(alert: Alert, due: datetime | None = None) -> Alert:
    answer = Acknowledgement(action="called_patient", owner="Nurse A", due=due)
    return after(alert, AlertEventKind.ACKNOWLEDGED, acknowledgement=answer)


def snoozed(alert: Alert, hours: int = 4, next_count: bool = False) -> Alert:
    pause = Snooze(reason="plan in place", until=NOW + timedelta(hours=hours), until_next_count=next_count)
    return after(alert, AlertEventKind.SNOOZED, snooze=pause)


def kinds(alerts: list[Alert], findings: list[Finding], **context: object) -> list[AlertEventKind]:
    return [event.kind for event in reconcile(alerts, findings, a_context(**context))]  # type: ignore[arg-type]


def test_that_a_finding_raises_one_alert_with_the_text_it_shows() -> None:
    alert = raised()
    assert (alert.state, alert.text, alert.tier) == (AlertState.RAISED, "anc.grade4 0.4", Tier.URGENT)


def test_that_reconciling_twice_adds_nothing() -> None:
    assert kinds([raised()], [a_finding()]) == []


def test_that_a_repeat_on_a_new_count_is_evidence_and_not_a_second_alert() -> None:
    alert = raised()
    events = reconcile([alert], [a_finding(sample_ids=("s1", "s2"))], a_context())
    (grown,) = apply([alert], events)
    assert (grown.id, grown.repeat_count, grown.evidence) == (alert.id, 2, ("s1", "s2"))


def test_that_a_worse_tier_breaks_a_pause_and_raises_a_new_alert() -> None:
    quiet = snoozed(raised(a_finding(tier=Tier.ADVISORY)))
    worse = a_finding(tier=Tier.URGENT)
    old, new = apply([quiet], reconcile([quiet], [worse], a_context()))
    assert (old.state, new.state, new.tier) == (AlertState.SUPERSEDED, AlertState.RAISED, Tier.URGENT)
    assert old.events[-1].other_alert_id == new.id


def test_that_an_emergency_cannot_be_paused() -> None:
    with pytest.raises(UserError, match="cannot be paused"):
        snoozed(raised(a_finding("fn.confirmed", Tier.EMERGENCY)))


def test_that_an_urgent_alert_is_paused_once_only() -> None:
    alert = snoozed(raised())
    again = apply([alert], reconcile([alert], [a_finding()], a_context(NOW + timedelta(hours=5))))[0]
    assert again.state is AlertState.RAISED
    with pytest.raises(UserError, match="once"):
        after(again, AlertEventKind.SNOOZED, snooze=Snooze(reason="x", until=NOW + timedelta(hours=2)))


@pytest.mark.parametrize("pause", [Snooze(reason=" ", until=NOW + timedelta(hours=1)), Snooze(reason="x", until=NOW), None])
def test_that_a_pause_needs_a_reason_and_a_later_end(pause: Snooze | None) -> None:
    with pytest.raises(UserError):
        after(raised(a_finding(tier=Tier.ADVISORY)), AlertEventKind.SNOOZED, snooze=pause)


def test_that_a_pause_of_more_than_a_day_is_refused() -> None:
    with pytest.raises(UserError, match="24 hours"):
        snoozed(raised(a_finding(tier=Tier.ADVISORY)), hours=25)


def test_that_the_end_of_a_pause_raises_the_alert_again() -> None:
    alert = snoozed(raised())
    assert kinds([alert], [a_finding()], now=NOW + timedelta(hours=3)) == []
    assert kinds([alert], [a_finding()], now=NOW + timedelta(hours=4)) == [AlertEventKind.RE_RAISED]


def test_that_the_next_count_ends_a_pause_that_waits_for_it() -> None:
    alert = snoozed(raised(), next_count=True)
    assert kinds([alert], [a_finding(sample_ids=("s1", "s2"))]) == [AlertEventKind.RE_RAISED]


def test_that_a_due_follow_up_without_a_later_count_raises_the_alert_again() -> None:
    due = NOW + timedelta(hours=6)
    alert = acknowledged(raised(), due)
    assert kinds([alert], [a_finding()], now=due - timedelta(minutes=1)) == []
    assert kinds([alert], [a_finding()], now=due) == [AlertEventKind.RE_RAISED]
    later = {"s1": NOW - timedelta(hours=2), "s2": NOW + timedelta(hours=5)}
    assert kinds([alert], [a_finding()], now=due, sample_times=later) == []


@pytest.mark.parametrize(("value", "again"), [("0.21", False), ("0.2", True), ("0.1", True)])
def test_that_a_fall_to_half_raises_an_acknowledged_alert_again(value: str, again: bool) -> None:
    events = kinds([acknowledged(raised())], [a_finding(value=value, sample_ids=("s1", "s2"))])
    assert events == [AlertEventKind.RE_RAISED if again else AlertEventKind.EVIDENCE]


def test_that_a_new_mechanism_raises_an_acknowledged_alert_again() -> None:
    assert kinds([acknowledged(raised())], [a_finding(mechanism="rigors")]) == [AlertEventKind.RE_RAISED]


def test_that_a_corrected_result_retracts_its_alert() -> None:
    revised = {"s1": NOW + timedelta(minutes=5)}
    assert kinds([raised()], [], now=NOW + timedelta(minutes=5), revised=revised) == [AlertEventKind.RETRACTED]


def test_that_an_unanswered_urgent_alert_that_clears_still_needs_review() -> None:
    later = {"s1": NOW - timedelta(hours=2), "s2": NOW + timedelta(hours=9)}
    alert = raised()
    context = a_context(NOW + timedelta(hours=10), sample_times=later)
    (cleared,) = apply([alert], reconcile([alert], [], context))
    assert cleared.state is AlertState.NEEDS_REVIEW
    assert reconcile([cleared], [], context) == ()
    assert acknowledged(cleared).state is AlertState.CLEARED


def test_that_an_acknowledged_alert_clears_when_its_condition_is_gone() -> None:
    alert = acknowledged(raised())
    later = {"s1": NOW - timedelta(hours=2), "s2": NOW + timedelta(hours=9)}
    (cleared,) = apply([alert], reconcile([alert], [], a_context(NOW + timedelta(hours=10), sample_times=later)))
    assert cleared.state is AlertState.CLEARED


def test_that_a_count_that_only_grew_old_is_no_recovery() -> None:
    assert kinds([raised()], [], now=NOW + timedelta(days=9)) == []


def test_that_febrile_neutropenia_takes_the_counts_alert_into_itself() -> None:
    alert = raised()
    fn = a_finding("fn.confirmed", Tier.EMERGENCY)
    new, old = sorted(apply([alert], reconcile([alert], [fn, a_finding()], a_context())), key=lambda a: a.tier)
    assert (new.rule, old.state, old.events[-1].other_alert_id) == ("fn.confirmed", AlertState.SUPERSEDED, new.id)


def test_that_history_is_never_a_siren() -> None:
    old = a_finding("fn.confirmed", Tier.EMERGENCY, observed_at=NOW - timedelta(hours=72, seconds=1))
    alert = raised(old)
    assert (alert.tier, alert.text.startswith("LATE RESULT")) == (Tier.ADVISORY, True)
    assert kinds([alert], [old]) == []
    exactly = a_finding("fn.confirmed", Tier.EMERGENCY, observed_at=NOW - timedelta(hours=72))
    assert raised(exactly).tier is Tier.EMERGENCY


def test_that_a_resolved_episode_stays_quiet_until_it_is_worse() -> None:
    ended = after(raised(), AlertEventKind.RESOLVED, reason="treated")
    assert kinds([ended], [a_finding(sample_ids=("s1", "s2"))]) == []
    assert kinds([ended], [a_finding(value="0.1")]) == [AlertEventKind.RAISED]
    assert kinds([ended], [a_finding(tier=Tier.EMERGENCY)]) == [AlertEventKind.RAISED]


def test_that_a_retracted_alert_is_raised_again_by_a_right_result() -> None:
    ended = fold((*raised().events, replace(raised().events[0], kind=AlertEventKind.RETRACTED)))
    assert kinds([ended], [a_finding()]) == [AlertEventKind.RAISED]


def test_that_a_cleared_alert_returns_when_its_condition_is_found_again() -> None:
    ended = fold((*acknowledged(raised()).events, replace(raised().events[0], kind=AlertEventKind.CLEARED)))
    assert kinds([ended], [a_finding()]) == [AlertEventKind.RAISED]
    assert kinds([ended], [a_finding(sample_ids=("s2",))]) == [AlertEventKind.RAISED]


def test_that_an_alert_found_again_before_its_review_is_raised_again() -> None:
    waiting = fold((*raised().events, replace(raised().events[0], kind=AlertEventKind.CLEARED)))
    assert kinds([waiting], [a_finding(sample_ids=("s2",))]) == [AlertEventKind.RE_RAISED]


def test_that_two_findings_of_one_episode_give_the_worse_alert() -> None:
    twice = [
        a_finding(tier=Tier.ADVISORY, key="k"),
        a_finding(tier=Tier.URGENT, key="k"),
        a_finding(tier=Tier.DATA, key="k"),
    ]
    (alert,) = apply((), reconcile((), twice, a_context()))
    assert alert.tier is Tier.URGENT


def test_that_seeing_owning_and_acknowledging_are_kept_in_order() -> None:
    alert = after(after(raised(), AlertEventKind.SEEN), AlertEventKind.OWNER, reason="Nurse B")
    assert (alert.state, alert.owner, alert.seen_at) == (AlertState.SEEN, "Nurse B", NOW)
    done = acknowledged(alert)
    assert (done.state, done.owner) == (AlertState.ACKNOWLEDGED, "Nurse A")
    assert after(done, AlertEventKind.SEEN).state is AlertState.ACKNOWLEDGED


@pytest.mark.parametrize(("action", "note"), [("", ""), ("seen_only", ""), ("other", " ")])
def test_that_an_acknowledgement_says_what_was_done(action: str, note: str) -> None:
    with pytest.raises(UserError):
        after(raised(), AlertEventKind.ACKNOWLEDGED, acknowledgement=Acknowledgement(action=action, note=note))


def test_that_nothing_is_done_to_an_ended_alert() -> None:
    ended = after(raised(), AlertEventKind.RESOLVED, reason="recovered")
    with pytest.raises(UserError, match="has ended"):
        after(ended, AlertEventKind.SEEN)


def test_that_events_without_a_raise_are_no_alert() -> None:
    with pytest.raises(ValueError, match="raised"):
        fold(())


def test_that_an_older_count_that_arrives_late_does_not_split_an_episode() -> None:
    alert = acknowledged(raised(a_finding(key="anc:c2:2026-03-10")))
    earlier = a_finding(key="anc:c2:2026-03-09")
    assert kinds([alert], [earlier]) == []
    assert kinds([alert], [a_finding(key="anc:c3:2026-03-09")]) == [AlertEventKind.RAISED]
    other = a_finding(key="anc:c2:2026-03-09", sample_ids=("s9",))
    assert AlertEventKind.RAISED in kinds([alert], [other])


def test_that_a_sign_that_is_gone_raises_nothing_and_a_new_one_does() -> None:
    alert = acknowledged(raised(a_finding("triage.amber", Tier.ADVISORY, None, mechanism="cough,rash")))
    fewer = a_finding("triage.amber", Tier.ADVISORY, None, mechanism="cough")
    more = a_finding("triage.amber", Tier.ADVISORY, None, mechanism="cough,rash,diarrhoea")
    assert kinds([alert], [fewer]) == []
    assert kinds([alert], [more]) == [AlertEventKind.RE_RAISED]


def test_that_the_downgrade_by_a_plan_is_written_into_the_log() -> None:
    alert = raised(a_finding(tier=Tier.ADVISORY, note="covered by the plan"))
    assert alert.events[0].reason == "covered by the plan"
    followed = apply([alert], reconcile([alert], [a_finding(tier=Tier.ADVISORY, note="covered", sample_ids=("s2",))], a_context()))[0]
    assert followed.events[-1].reason == "covered"


def test_that_a_plan_that_is_cancelled_breaks_a_pause() -> None:
    quiet = snoozed(raised(a_finding(tier=Tier.ADVISORY, note="covered by the plan")))
    old, new = apply([quiet], reconcile([quiet], [a_finding(tier=Tier.URGENT)], a_context()))
    assert (old.state, new.tier) == (AlertState.SUPERSEDED, Tier.URGENT)


def test_that_a_counts_alert_returns_on_a_new_count_after_febrile_neutropenia() -> None:
    alert = raised()
    fn = a_finding("fn.confirmed", Tier.EMERGENCY)
    alerts = apply([alert], reconcile([alert], [fn, a_finding()], a_context()))
    assert kinds(list(alerts), [a_finding(), fn]) == []
    after_fn = kinds(list(alerts), [a_finding(sample_ids=("s2",))], now=NOW + timedelta(days=1), sample_times={"s2": NOW})
    assert AlertEventKind.RAISED in after_fn


def test_that_a_recovered_alert_names_the_count_that_showed_it() -> None:
    alert = acknowledged(raised())
    later = {"s1": NOW - timedelta(hours=2), "s2": NOW + timedelta(hours=9), "future": NOW + timedelta(days=9)}
    (cleared,) = reconcile([alert], [], a_context(NOW + timedelta(hours=10), sample_times=later))
    assert (cleared.kind, cleared.evidence) == (AlertEventKind.CLEARED, ("s2",))


def test_that_an_alert_without_samples_clears_without_evidence() -> None:
    alert = acknowledged(raised(a_finding("count.overdue", Tier.ADVISORY, None, sample_ids=())))
    (cleared,) = reconcile([alert], [], a_context(sample_times={}))
    assert (cleared.kind, cleared.evidence) == (AlertEventKind.CLEARED, ())


def test_that_the_newest_alert_of_an_episode_counts_and_a_value_that_is_not_known_has_not_fallen() -> None:
    first = raised(a_finding(value=None))
    ended = after(first, AlertEventKind.RESOLVED, reason="treated")
    older = replace(ended, id="older", raised_at=NOW - timedelta(days=1))
    assert kinds([ended, older], [a_finding(value="0.1")]) == []


def test_that_suspected_febrile_neutropenia_that_is_confirmed_is_raised_again() -> None:
    alert = acknowledged(raised(a_finding("fn.suspected", Tier.EMERGENCY, None, key="fn:c2", sample_ids=())))
    confirmed = a_finding("fn.confirmed", Tier.EMERGENCY, key="fn:c2", mechanism="confirmed")
    assert kinds([alert], [confirmed]) == [AlertEventKind.RE_RAISED]


def test_that_an_unanswered_emergency_and_an_urgent_alert_without_owner_stand_against_proceeding() -> None:
    emergency, urgent = raised(a_finding(tier=Tier.EMERGENCY)), raised()
    assert [blocks_proceed(a) for a in (emergency, urgent, raised(a_finding(tier=Tier.ADVISORY)))] == [True, True, False]
    assert not blocks_proceed(after(urgent, AlertEventKind.OWNER, reason="Nurse B"))
    assert not blocks_proceed(acknowledged(emergency))


@given(st.lists(st.sampled_from(["0.45", "0.4", "0.35", "0.3"]), min_size=1, max_size=8), st.booleans())
def test_that_ten_thousand_old_results_would_raise_no_siren(values: list[str], fever: bool) -> None:
    rule, tier = ("fn.confirmed", Tier.EMERGENCY) if fever else ("anc.grade4", Tier.URGENT)
    old = [a_finding(rule, tier, v, key=f"k{i}", observed_at=NOW - timedelta(days=4 + i)) for i, v in enumerate(values)]
    assert {alert.tier for alert in apply((), reconcile((), old, a_context()))} == {Tier.ADVISORY}


@given(st.permutations(["anc.grade4", "anc.rapid_fall", "gcsf.primary", "fn.confirmed", "day1.not_met"]))
def test_that_the_order_of_the_findings_changes_no_alert(order: list[str]) -> None:
    tiers = {"fn.confirmed": Tier.EMERGENCY, "gcsf.primary": Tier.ADVISORY}
    found = [a_finding(rule, tiers.get(rule, Tier.URGENT)) for rule in order]
    alerts = apply((), reconcile((), found, a_context()))
    assert [(a.rule, a.tier) for a in alerts] == [
        ("fn.confirmed", Tier.EMERGENCY),
        ("day1.not_met", Tier.URGENT),
        ("gcsf.primary", Tier.ADVISORY),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["anc.grade4", "fn.confirmed", "gcsf.primary", "count.overdue"]),
            st.sampled_from(list(Tier)),
            st.sampled_from(["0.05", "0.2", "0.4", "0.8", None]),
            st.integers(min_value=1, max_value=4),
            st.integers(min_value=0, max_value=200),
        ),
        max_size=12,
    )
)
def test_that_one_episode_never_has_two_live_alerts_and_repeating_is_silent(
    steps: list[tuple[str, Tier, str | None, int, int]],
) -> None:
    alerts: tuple[Alert, ...] = ()
    for hour, (rule, tier, value, sample, age) in enumerate(steps):
        now = NOW + timedelta(hours=hour)
        found = [a_finding(rule, tier, value, sample_ids=(f"s{sample}",), observed_at=now - timedelta(hours=age))]
        context = a_context(now)
        alerts = apply(alerts, reconcile(alerts, found, context))
        live = [alert.key for alert in alerts if alert.is_live]
        assert len(live) == len(set(live))
        assert reconcile(alerts, found, context) == ()


FN_FINDING = a_finding("fn.confirmed", Tier.EMERGENCY, key="fn:c2", mechanism="confirmed")


def a_sign(code: str = "rigors", rule: str = "triage.red", tier: Tier = Tier.EMERGENCY) -> Finding:
    said = {"lines": (f"EMERGENCY – signs: {code}, C2 D9.",), "sample_ids": (), "mechanism": code}
    return a_finding(rule, tier, None, key="signs:c2", **said)


@pytest.mark.parametrize("rule", ["triage.red", "triage.amber", "sepsis.signs"])
def test_that_signs_are_listed_inside_febrile_neutropenia(rule: str) -> None:
    (alert,) = apply((), reconcile((), [a_sign(rule=rule), FN_FINDING], a_context()))
    assert (alert.rule, alert.tier) == ("fn.confirmed", Tier.EMERGENCY)
    assert alert.text.endswith("Also: signs: rigors, C2 D9.")


def test_that_an_open_sign_becomes_part_of_febrile_neutropenia() -> None:
    old = raised(a_sign())
    ended, new = apply((old,), reconcile((old,), [a_sign(), FN_FINDING], a_context()))
    assert (ended.state, ended.events[-1].other_alert_id) == (AlertState.SUPERSEDED, new.id)


def test_that_a_new_sign_calls_again_for_febrile_neutropenia_that_was_answered() -> None:
    alert = acknowledged(raised(FN_FINDING))
    (again,) = apply((alert,), reconcile((alert,), [FN_FINDING, a_sign()], a_context()))
    assert (again.events[-1].kind, again.state) == (AlertEventKind.RE_RAISED, AlertState.RAISED)


def test_that_a_new_sign_is_written_into_febrile_neutropenia_that_nobody_answered() -> None:
    alert = raised(FN_FINDING)
    (told,) = apply((alert,), reconcile((alert,), [FN_FINDING, a_sign()], a_context()))
    assert (told.events[-1].kind, "rigors" in told.text) == (AlertEventKind.EVIDENCE, True)
    assert reconcile((told,), [FN_FINDING, a_sign()], a_context()) == ()


def test_that_a_late_febrile_neutropenia_hides_no_sign_of_today() -> None:
    late = replace(FN_FINDING, observed_at=NOW - timedelta(hours=73))
    tiers = {alert.rule: alert.tier for alert in apply((), reconcile((), [late, a_sign()], a_context()))}
    assert tiers == {"fn.confirmed": Tier.ADVISORY, "triage.red": Tier.EMERGENCY}


def test_that_a_sign_stands_alone_again_when_febrile_neutropenia_is_gone() -> None:
    old = raised(a_sign())
    alerts = apply((old,), reconcile((old,), [a_sign(), FN_FINDING], a_context()))
    later = apply(alerts, reconcile(alerts, [a_sign()], a_context(NOW + timedelta(hours=1))))
    assert [alert.rule for alert in later if alert.state is AlertState.RAISED] == ["triage.red"]


UNOWNED = "Owner: none yet; owner and action within this shift."


def an_owned(due: datetime | None = None) -> Alert:
    """Return an alert with the words of a finding, acknowledged by its owner."""
    return acknowledged(raised(a_finding(text=f"URGENT – ANC 0.4 ×10⁹/L. {UNOWNED} Also: line site red.")), due)


def test_that_an_alert_says_what_it_asks_for_until_it_has_an_owner() -> None:
    assert raised(a_finding(text=f"URGENT – ANC 0.4. {UNOWNED}")).text.endswith(UNOWNED)


def test_that_the_last_slot_names_the_owner_and_the_due_time() -> None:
    due = datetime(2026, 3, 13, 8, 30, tzinfo=UTC)
    assert an_owned(due).text.endswith("×10⁹/L. Due 13 Mar 08:30; owner: Nurse A. Also: line site red.")
    assert an_owned().text.endswith("×10⁹/L. Owner: Nurse A. Also: line site red.")


def test_that_later_evidence_keeps_the_owner_in_the_last_slot() -> None:
    alert = an_owned()
    again = a_finding(text=f"URGENT – ANC 0.3. {UNOWNED}", sample_ids=("s9",), value="0.39")
    (later,) = apply([alert], reconcile([alert], [again], a_context()))
    assert later.text == "URGENT – ANC 0.3. Owner: Nurse A."


def test_that_an_alert_that_ended_by_itself_has_no_owner_in_its_text() -> None:
    alert = raised(a_finding(text=f"URGENT – ANC 0.4. {UNOWNED}"))
    (ended,) = apply([alert], reconcile([alert], [], a_context(revised={"s1": NOW})))
    assert ended.state is AlertState.RETRACTED and ended.text == alert.text


@pytest.mark.parametrize("tier", ["1", "2", "3", "4"])
def test_that_every_tier_says_what_it_asks_for_in_one_clause(tier: str) -> None:
    asks = book().numbers["findings"].tables["who"][tier]
    assert asks and "." not in asks
