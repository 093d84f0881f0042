"""A clinic in memory behind the window's port: real rules over synthetic histories, every write remembered in `calls`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from neutromon.models.alerts import Acknowledgement, Alert, AlertState, Snooze
from neutromon.models.care import GcsfAnswer, Pathway, TriageCall
from neutromon.models.changes import Changes, Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import CountEvaluation, Evaluation, Severity, Tier
from neutromon.models.forecast import Forecast, TrackEntry
from neutromon.models.formatting import full_name, initials
from neutromon.models.history import (
    Antibiotic,
    ClinicalEvent,
    CountSample,
    Course,
    Cycle,
    DrugExposure,
    Episode,
    GrowthFactor,
    Patient,
    PatientHistory,
    Symptom,
    Temperature,
)
from neutromon.models.protocol import Protocol
from neutromon.models.quantity import Reported
from neutromon.models.worklist import ListName, PatientHit, WorklistRow
from neutromon.rules import RuleBook, evaluate
from neutromon.services.pins import PinState, SignedBy, WrongPin
from neutromon.services.rule_book import load_book
from neutromon.services.worklist_rows import build_row
from neutromon.services.worklist_search import search_words
from tests.builders import NOW, a_count, a_course, a_fever, a_growth_factor, a_history, a_nadir_history, a_patient, a_symptom, at

_BOOK: list[RuleBook] = []


def book() -> RuleBook:
    """Return the shipped rules, read once."""
    if not _BOOK:
        _BOOK.append(load_book())
    return _BOOK[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeAlertRow:
    """The fields of services.alerts.AlertRow."""

    alert: Alert
    patient_name: str
    initials: str
    mrn: str
    cycle_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FakePreview:
    """The fields of services.counts.CountPreview."""

    evaluation: CountEvaluation
    previous: Mapping[str, Reported]
    previous_at: datetime | None
    deltas: Mapping[str, str]
    duplicate_of: str | None
    unlike: tuple[str, ...] = ()
    previous_times: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeLogEntry:
    """The fields of services.log.LogEntry."""

    at: datetime
    who: str
    kind: str
    text: str
    fact_id: str
    superseded: bool = False


@dataclass
class FakeClinic:
    """Histories by patient id; `fail_with` is raised by the next write."""

    histories: dict[str, PatientHistory] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    decisions: dict[str, str] = field(default_factory=dict)
    drafts: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    pathways: dict[str, Pathway] = field(default_factory=dict)
    unlike: tuple[str, ...] = ()
    past: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    fail_with: Exception | None = None
    user: str = "N. Urse"
    role: str = "nurse"
    practice: bool = False
    moment: datetime = NOW
    rows: dict[str, WorklistRow] = field(default_factory=dict)
    _before_void: dict[str, PatientHistory] = field(default_factory=dict)
    track_records: dict[str, tuple[TrackEntry, ...]] = field(default_factory=dict)
    pin: str = ""
    pin_tries: int = 3
    signed: list[SignedBy | None] = field(default_factory=list)

    protocol: Protocol = field(default_factory=Protocol)

    @property
    def rules(self) -> RuleBook:
        return book()

    def now(self) -> datetime:
        return self.moment

    def users(self) -> list[str]:
        return ["A. Nother", self.user]

    def sign_off(self, secret: str) -> Outcome[SignedBy]:
        if self.pin and self.pin_tries and secret.isdigit():
            self.pin_tries = 3 if secret == self.pin else self.pin_tries - 1
            if secret != self.pin:
                raise WrongPin(self.pin_tries)
            return Outcome(value=SignedBy.PIN)
        self._check(secret)
        self.pin_tries = 3
        return Outcome(value=SignedBy.PASSPHRASE)

    def _check(self, passphrase: str) -> None:
        if passphrase != "right":
            raise UserError("The passphrase is wrong.", "Type it again.")

    def pin_state(self) -> PinState:
        return PinState(is_set=True, tries_left=self.pin_tries) if self.pin else PinState()

    def set_pin(self, passphrase: str, digits: str) -> Outcome[None]:
        self._check(passphrase)
        self._write("set_pin")
        self.pin, self.pin_tries = digits, 3
        return Outcome(value=None, changes=Changes(settings=True))

    def remove_pin(self) -> Outcome[None]:
        self._write("remove_pin")
        self.pin = ""
        return Outcome(value=None, changes=Changes(settings=True))

    # how the fake keeps its books
    def _write(self, name: str, *arguments: Any) -> None:
        if self.fail_with is not None:
            error, self.fail_with = self.fail_with, None
            raise error
        self.calls.append((name, arguments))

    def _put(self, history: PatientHistory) -> Changes:
        patient_id = history.patient.id
        self.histories[patient_id] = history
        self.rows.pop(patient_id, None)
        self._reconcile(patient_id)
        return Changes(patient_ids=frozenset({patient_id}))

    def _change(self, name: str, patient_id: str, **changes: Any) -> Outcome[str]:
        self._write(name, patient_id, changes)
        fresh = f"{name}-{len(self.calls)}"
        named = {key: self._named(value, fresh) for key, value in changes.items()}
        return Outcome(value=fresh, changes=self._put(replace(self.histories[patient_id], **named)))

    def _named(self, records: Any, fresh: str) -> Any:
        """Give an id to each record that has none: the last one's is that of the write."""
        if not isinstance(records, tuple):
            return records
        last = len(records) - 1
        return tuple(r if r.id else replace(r, id=fresh if n == last else f"{fresh}.{n}") for n, r in enumerate(records))

    def _reconcile(self, patient_id: str) -> None:
        for finding in self.evaluate_patient(patient_id).findings:
            key = f"{patient_id}:{finding.key}"
            if key not in self.alerts:
                self.alerts[key] = Alert(
                    id=key,
                    patient_id=patient_id,
                    rule=finding.rule,
                    key=finding.key,
                    tier=finding.tier,
                    state=AlertState.RAISED,
                    text=finding.text,
                    raised_at=self.moment - timedelta(minutes=23),
                    value=finding.value,
                )

    def add(self, history: PatientHistory, patient_id: str) -> str:
        """Put a synthetic history under an id, its counts with ids."""
        counts = tuple(replace(c, id=c.id or f"{patient_id}-s{n}") for n, c in enumerate(history.counts, start=1))
        course = replace(history.course, id=history.course.id or f"{patient_id}-course") if history.course else None
        self._put(replace(history, patient=replace(history.patient, id=patient_id), counts=counts, course=course))
        return patient_id

    def _row(self, patient_id: str) -> WorklistRow:
        if patient_id not in self.rows:
            history = self.histories[patient_id]
            regimen = book().regimen(history.course.regimen) if history.course and history.course.regimen else None
            self.rows[patient_id] = build_row(
                history,
                self.evaluate_patient(patient_id),
                self.alerts_of(patient_id),
                now=self.moment,
                regimen=regimen,
                decision=self.decisions.get(patient_id, ""),
            )
        return self.rows[patient_id]

    # patients
    def add_patient(self, patient: Patient) -> Outcome[str]:
        self._write("add_patient", patient)
        patient_id = f"p{len(self.histories) + 1}"
        return Outcome(value=patient_id, changes=self._put(PatientHistory(patient=replace(patient, id=patient_id))))

    def change_patient(self, patient: Patient, reason: str) -> Outcome[None]:
        self._write("change_patient", patient, reason)
        return Outcome(value=None, changes=self._put(replace(self.histories[patient.id], patient=patient)))

    def patient_history(self, patient_id: str) -> PatientHistory:
        return self.histories[patient_id]

    def view_patient(self, patient_id: str) -> None:
        self.calls.append(("view_patient", (patient_id,)))

    def find_patients(self, text: str, limit: int = 20) -> list[PatientHit]:
        found = []
        for patient_id, history in self.histories.items():
            patient = history.patient
            mrn = patient.identifier.value if patient.identifier else ""
            if all(word in f"{full_name(patient)} {mrn} {patient.birth_date}".casefold() for word in text.casefold().split()):
                found.append(PatientHit(patient_id=patient_id, name=full_name(patient), mrn=mrn, birth_date=patient.birth_date))
        return found[:limit]

    def patient_by_mrn(self, mrn: str) -> str | None:
        return next((hit.patient_id for hit in self.find_patients(mrn) if hit.mrn == mrn), None)

    # counts
    def _with(self, patient_id: str, sample: CountSample) -> PatientHistory:
        history = self.histories[patient_id]
        counts = sorted((*history.counts, sample), key=lambda c: c.collected_at or self.moment)
        return replace(history, counts=tuple(counts))

    def _sample(self, sample_id: str, draft: Any) -> CountSample:
        values = {name: replace(value, confirmed=name in draft.confirmed) for name, value in draft.values.items()}
        return CountSample(id=sample_id, collected_at=draft.collected_at, status=draft.status, values=values, method=draft.method)

    def preview_count(self, patient_id: str, draft: Any) -> Any:
        history = self._with(patient_id, self._sample("draft", draft))
        evaluation = evaluate(history, book(), self.moment)
        own = next(c for c in evaluation.counts if c.sample_id == "draft")
        earlier = [c for c in self.histories[patient_id].counts if c.collected_at and c.collected_at < draft.collected_at]
        last = max(earlier, key=lambda c: c.collected_at or self.moment, default=None)
        same = next((c.id for c in self.histories[patient_id].counts if c.collected_at == draft.collected_at), None)
        return FakePreview(
            evaluation=own,
            previous=last.values if last else {},
            previous_at=last.collected_at if last else None,
            deltas={},
            duplicate_of=same,
            unlike=self.unlike,
        )

    def record_count(self, patient_id: str, draft: Any) -> Outcome[str]:
        problems = self.preview_count(patient_id, draft).evaluation.problems
        blocking = [p for p in problems if p.severity is Severity.BLOCK and p.field != "differential"]
        if blocking:
            raise UserError(blocking[0].text, "Correct it, or confirm it if it is right." if blocking[0].suggestion else "Correct it.")
        self._write("record_count", patient_id, draft)
        self.drafts.pop((patient_id, "count"), None)
        sample_id = f"{patient_id}-s{len(self.histories[patient_id].counts) + 1}"
        return Outcome(value=sample_id, changes=self._put(self._with(patient_id, self._sample(sample_id, draft))))

    def _owner_of(self, sample_id: str) -> str:
        return next(pid for pid, h in self.histories.items() if any(c.id == sample_id for c in h.counts))

    def correct_count(self, sample_id: str, field: str, value: Reported, reason: str) -> Outcome[None]:
        self._write("correct_count", sample_id, field, value, reason)
        patient_id = self._owner_of(sample_id)
        history = self.histories[patient_id]
        counts = tuple(replace(c, values={**c.values, field: value}) if c.id == sample_id else c for c in history.counts)
        return Outcome(value=None, changes=self._put(replace(history, counts=counts)))

    def void_count(self, sample_id: str, reason: str) -> Outcome[None]:
        self._write("void_count", sample_id, reason)
        history = self._before_void[sample_id] = self.histories[self._owner_of(sample_id)]
        return Outcome(value=None, changes=self._put(replace(history, counts=tuple(c for c in history.counts if c.id != sample_id))))

    def move_report(self, sample_id: str, patient_id: str, reason: str) -> Outcome[str]:
        self._write("move_report", sample_id, patient_id, reason)
        return Outcome(value=sample_id, changes=Changes(patient_ids=frozenset({patient_id})))

    def confirm_value(self, sample_id: str, field: str, reason: str) -> Outcome[None]:
        self._write("confirm_value", sample_id, field, reason)
        history = self.histories[self._owner_of(sample_id)]
        known = next(count for count in history.counts if count.id == sample_id)
        vouched = replace(known, values={**known.values, field: replace(known.values[field], confirmed=True)})
        counts = tuple(vouched if count.id == sample_id else count for count in history.counts)
        return Outcome(value=None, changes=self._put(replace(history, counts=counts)))

    # other facts
    def record_temperature(self, patient_id: str, temperature: Temperature) -> Outcome[str]:
        known = self.histories[patient_id].temperatures
        return self._change("record_temperature", patient_id, temperatures=(*known, temperature))

    def record_symptoms(self, patient_id: str, symptoms: tuple[Symptom, ...]) -> Outcome[str]:
        return self._change("record_symptoms", patient_id, symptoms=(*self.histories[patient_id].symptoms, *symptoms))

    def record_growth_factor(self, patient_id: str, growth_factor: GrowthFactor) -> Outcome[str]:
        known = self.histories[patient_id].growth_factors
        return self._change("record_growth_factor", patient_id, growth_factors=(*known, growth_factor))

    def record_antibiotic(self, patient_id: str, antibiotic: Antibiotic) -> Outcome[str]:
        return self._change("record_antibiotic", patient_id, antibiotics=(*self.histories[patient_id].antibiotics, antibiotic))

    def record_event(self, patient_id: str, event: ClinicalEvent) -> Outcome[str]:
        return self._change("record_event", patient_id, events=(*self.histories[patient_id].events, event))

    def record_drug(self, patient_id: str, drug: DrugExposure) -> Outcome[str]:
        return self._change("record_drug", patient_id, drugs=(*self.histories[patient_id].drugs, drug))

    def record_episode(self, patient_id: str, episode: Episode) -> Outcome[str]:
        return self._change("record_episode", patient_id, episode=episode)

    def record_work_up(self, patient_id: str, work_up: Mapping[str, object], drugs: tuple[DrugExposure, ...] = ()) -> Outcome[str]:
        known = self.histories[patient_id].drugs
        return self._change("record_work_up", patient_id, work_up=work_up, drugs=(*known, *drugs))

    def void_fact(self, fact_id: str, reason: str) -> Outcome[None]:
        self._write("void_fact", fact_id, reason)
        changes = Changes()
        lists = ("temperatures", "symptoms", "growth_factors", "antibiotics", "drugs", "events")
        for history in list(self.histories.values()):
            left = {name: tuple(r for r in getattr(history, name) if r.id != fact_id) for name in lists}
            if any(len(left[name]) != len(getattr(history, name)) for name in lists):
                self._before_void[fact_id] = history
                changes |= self._put(replace(history, **left))
        return Outcome(value=None, changes=changes)

    def restore_fact(self, fact_id: str, reason: str) -> Outcome[None]:
        self._write("restore_fact", fact_id, reason)
        return Outcome(value=None, changes=self._put(self._before_void.pop(fact_id)))

    def take_back(self, changes: Changes, reason: str) -> Outcome[None]:
        self._write("take_back", changes, reason)
        return Outcome(value=None, changes=Changes(patient_ids=changes.patient_ids, alert_ids=changes.alert_ids))

    # courses
    def add_course(self, patient_id: str, course: Course) -> Outcome[str]:
        return self._change("add_course", patient_id, course=replace(course, id=f"{patient_id}-course"))

    def change_course(self, course: Course, reason: str) -> Outcome[None]:
        self._write("change_course", course, reason)
        return Outcome(value=None, changes=self._put_course(course))

    def save_cycle(self, course_id: str, cycle: Cycle, reason: str = "") -> Outcome[str]:
        self._write("save_cycle", course_id, cycle, reason)
        course = next(h.course for h in self.histories.values() if h.course and h.course.id == course_id)
        others = [own for own in course.cycles if own.number != cycle.number]
        changed = replace(course, cycles=tuple(sorted([*others, cycle], key=lambda own: own.number)))
        return Outcome(value=f"{course_id}-c{cycle.number}", changes=self._put_course(changed))

    def _put_course(self, course: Course) -> Changes:
        history = next((h for h in self.histories.values() if h.course and h.course.id == course.id), None)
        return self._put(replace(history, course=course)) if history else Changes()

    # evaluations and alerts
    def evaluate_patient(self, patient_id: str, now: datetime | None = None) -> Evaluation:
        return evaluate(self.histories[patient_id], book(), now or self.moment)

    def refresh_alerts(self) -> Changes:
        return Changes()

    def open_alerts(self, owner: str | None = None) -> list[Any]:
        live = [a for a in self.alerts.values() if a.is_live and owner in (None, a.owner)]
        rows = []
        for alert in sorted(live, key=lambda a: (a.tier, a.raised_at)):
            history = self.histories[alert.patient_id]
            row = self._row(alert.patient_id)
            cycle = f"C{row.cycle} D{row.cycle_day}" if row.cycle else ""
            name = full_name(history.patient)
            rows.append(FakeAlertRow(alert=alert, patient_name=name, initials=initials(history.patient), mrn=row.mrn, cycle_text=cycle))
        return rows

    def alerts_of(self, patient_id: str, include_ended: bool = False) -> list[Alert]:
        return [a for a in self.alerts.values() if a.patient_id == patient_id and (include_ended or a.is_live)]

    def _alter(self, name: str, alert_id: str, what: object, **changes: Any) -> Outcome[None]:
        self._write(name, alert_id, what)
        self.alerts[alert_id] = replace(self.alerts[alert_id], **changes)
        patient_id = self.alerts[alert_id].patient_id
        self.rows.pop(patient_id, None)
        return Outcome(value=None, changes=Changes(patient_ids=frozenset({patient_id}), alert_ids=frozenset({alert_id})))

    def mark_seen(self, alert_id: str) -> Outcome[None]:
        return self._alter("mark_seen", alert_id, None, state=AlertState.SEEN, seen_at=self.moment)

    def acknowledge_alert(self, alert_id: str, acknowledgement: Acknowledgement, antibiotic: Antibiotic | None = None) -> Outcome[None]:
        known = {"state": AlertState.ACKNOWLEDGED, "acknowledged_at": self.moment, "owner": acknowledgement.owner or self.user}
        if antibiotic is not None:
            self.record_antibiotic(self.alerts[alert_id].patient_id, antibiotic)
        return self._alter("acknowledge_alert", alert_id, acknowledgement, acknowledgement=acknowledgement, **known)

    def snooze_alert(self, alert_id: str, snooze: Snooze) -> Outcome[None]:
        return self._alter("snooze_alert", alert_id, snooze, state=AlertState.SNOOZED, snooze=snooze)

    def resolve_alert(self, alert_id: str, reason: str) -> Outcome[None]:
        return self._alter("resolve_alert", alert_id, reason, state=AlertState.RESOLVED)

    def set_owner(self, alert_ids: Sequence[str], owner: str) -> Outcome[None]:
        changes = Changes()
        for alert_id in alert_ids:
            changes |= self._alter("set_owner", alert_id, owner, owner=owner).changes
        return Outcome(value=None, changes=changes)

    # forecasts
    def show_forecast(self, patient_id: str, history: PatientHistory, forecast: Forecast) -> Forecast:
        self._write("show_forecast", patient_id, history, forecast)
        return replace(forecast, track_record=self.track_records.get(patient_id, ()))

    # lists
    def worklist(
        self, name: ListName, *, text: str = "", order: str = "urgency", descending: bool = False, limit: int = 200, offset: int = 0
    ) -> list[WorklistRow]:
        rows = [row for row in map(self._row, self.histories) if name in row.lists or name is ListName.ALL]
        rows = [row for row in rows if _holds(f"{row.name} {row.mrn} {row.regimen} {search_words(row)}".casefold(), text)]
        if order == "name":
            rows.sort(key=lambda row: row.name.casefold(), reverse=descending)
        else:
            rows.sort(key=lambda row: (row.worst_alert.tier if row.worst_alert else 9, row.name), reverse=descending)
        return rows[offset : offset + limit]

    def list_counts(self) -> Mapping[ListName, int]:
        return {name: len(self.worklist(name, limit=100_000)) for name in ListName}

    def tier_counts(self) -> Mapping[Tier, int]:
        live = [a for a in self.alerts.values() if a.is_live]
        return {tier: sum(1 for a in live if a.tier is tier) for tier in Tier}

    # decisions, hand-over, log, holding bay
    def decide_day_one(self, patient_id: str, decision: Any) -> Outcome[str]:
        self._write("decide_day_one", patient_id, decision)
        self.decisions[patient_id] = str(decision.decision)
        self.rows.pop(patient_id, None)
        return Outcome(value="decision-1", changes=Changes(patient_ids=frozenset({patient_id})))

    def decisions_for(self, patient_id: str, target: Any) -> tuple[Any, ...]:
        return self.past.get(patient_id, ())

    def hand_over(self, alert_ids: Sequence[str], to_user: str, note: str, *, signed: SignedBy | None = None) -> Outcome[None]:
        self.signed.append(signed)
        return self.set_owner(alert_ids, to_user)

    def patient_log(self, patient_id: str) -> list[Any]:
        history = self.histories[patient_id]
        counts = [(c.collected_at, c) for c in history.counts if c.collected_at]
        return [FakeLogEntry(at=when, who=self.user, kind="count", text="Count", fact_id=c.id) for when, c in reversed(counts)]

    def held_lines(self) -> list[Any]:
        return []

    def held_set(self, held_id: str) -> Any:
        raise UserError("This result was decided already.", "Read the list again.")

    def held_count(self) -> int:
        return len(self.held_lines())

    def critical_sets(self, held_ids: Any) -> frozenset[str]:
        return frozenset()

    def original_text(self, held_id: str) -> Any:
        raise UserError("The original message is not in the store.", "Ask the laboratory to send it again.")

    def alike_of(self, held_id: str) -> int:
        return 0

    def reject_held(self, held_ids: Any, reason: str) -> Outcome[int]:
        self._write("reject_held", held_ids, reason)
        return Outcome(value=len(held_ids))

    def read_decided(self, held_id: str, decision: Any) -> Any:
        raise UserError("This result was decided already.", "Read the list again.")

    def resolve_held(self, held_id: str, resolution: Any, *, alike: bool = False) -> Outcome[int]:
        self._write("resolve_held", held_id, resolution)
        return Outcome(value=1)

    # calls, pathway, growth-factor considerations
    def record_call(self, patient_id: str, call: TriageCall) -> Outcome[str]:
        known = self.histories[patient_id]
        temperatures = (call.temperature,) if call.temperature else ()
        noted = tuple(Symptom(at=call.at, code=code) for code, present in call.signs.items() if present)
        if call.time_zero is not None:
            self.pathways[patient_id] = Pathway(id=f"{patient_id}-pathway", time_zero=call.time_zero, source="call")
        self._write("record_call", patient_id, call)
        history = replace(known, temperatures=(*known.temperatures, *temperatures), symptoms=(*known.symptoms, *noted))
        return Outcome(value=f"call-{len(self.calls)}", changes=self._put(history))

    def open_pathway(self, patient_id: str) -> Pathway | None:
        found = self.pathways.get(patient_id)
        return found if found is not None and found.ended_at is None else None

    def running_pathways(self) -> tuple[str, ...]:
        return tuple(patient for patient in self.pathways if self.open_pathway(patient) is not None)

    def save_pathway(self, patient_id: str, pathway: Pathway, antibiotic: Antibiotic | None = None) -> Outcome[str]:
        self._write("save_pathway", patient_id, pathway, antibiotic)
        self.pathways[patient_id] = replace(pathway, id=pathway.id or f"{patient_id}-pathway")
        known = self.histories[patient_id]
        given = (antibiotic,) if antibiotic is not None else ()
        return Outcome(value=f"{patient_id}-pathway", changes=self._put(replace(known, antibiotics=(*known.antibiotics, *given))))

    def answer_gcsf(self, patient_id: str, answer: GcsfAnswer) -> Outcome[str]:
        self._write("answer_gcsf", patient_id, answer)
        known = self.histories[patient_id]
        planned = (answer.planned,) if answer.planned is not None else ()
        return Outcome(value="answer-1", changes=self._put(replace(known, growth_factors=(*known.growth_factors, *planned))))

    # drafts
    def save_draft(self, patient_id: str, kind: str, data: Mapping[str, object]) -> None:
        self.drafts[patient_id, kind] = data

    def load_draft(self, patient_id: str, kind: str) -> Mapping[str, object] | None:
        return self.drafts.get((patient_id, kind))

    def begun(self, patient_id: str) -> tuple[str, ...]:
        return tuple(kind for patient, kind in self.drafts if patient == patient_id)

    def drop_draft(self, patient_id: str, kind: str) -> None:
        self.drafts.pop((patient_id, kind), None)


def _holds(said: str, text: str) -> bool:
    """Return whether every word of a filter is there, of alternatives one."""
    return all(any(one in said for one in word.split("|")) for word in text.casefold().split())


def a_clinic(**changes: Any) -> FakeClinic:
    """Return a clinic of nine synthetic patients in typical situations."""
    clinic = FakeClinic(**changes)
    clinic.add(a_nadir_history(a_patient("T-0001", "Example", "Testa"), cycles=3), "p1")
    febrile = a_nadir_history(a_patient("T-0002", "Sample", "Febrilia", birth_date=date(1951, 7, 4)), cycles=2, depth="0.2")
    clinic.add(replace(febrile, temperatures=(a_fever("38.6", taken=at(hours=-1)),), symptoms=(a_symptom(),)), "p2")
    clinic.add(_tomorrow("T-0003", "Placeholder", "Ready", "2.1", hours=-20), "p3")
    clinic.add(_tomorrow("T-0004", "Placeholder", "Held", "0.9", hours=-26), "p4")
    clinic.add(_tomorrow("T-0005", "Placeholder", "Stale", "2.4", hours=-140), "p5")
    unknown = a_history(a_patient("T-0006", "Unknown", "Count"), a_course(first=NOW.date() - timedelta(days=9)))
    clinic.add(replace(unknown, temperatures=(a_fever("38.3", taken=at(hours=-2)),)), "p6")
    long = "Maximiliane-Theodora Wilhelmina von und zu Beispielhausen"
    clinic.add(a_history(a_patient("T-0007", long, "Anneliese"), a_course("EP", given=2), [a_count("<0.1", collected=at(-1))]), "p7")
    clinic.add(a_history(a_patient("T-0008", "مثال", "تجربة"), a_course(), [a_count("1.3", collected=at(-2), plt="70")]), "p8")
    chinese = a_history(a_patient("T-0009", "示例", "测试"), a_course(), [a_count("3.3", collected=at(-3))])
    clinic.add(replace(chinese, growth_factors=(a_growth_factor(given=at(-8)),)), "p9")
    return clinic


def _tomorrow(mrn: str, family: str, given: str, anc: str, *, hours: float) -> PatientHistory:
    course = a_course(first=NOW.date() - timedelta(days=41), given=2)
    days = ((-41, "4.0"), (-31, "0.6"), (-20, "2.2"), (-11, "0.8"), (-6, "1.4"))
    counts = [a_count(value, collected=at(offset), plt="190", hb="11.4", wbc="6.0") for offset, value in days]
    last = a_count(Decimal(anc), collected=at(hours=hours), plt="201", hb="11.9", wbc="5.2")
    return a_history(a_patient(mrn, family, given), course, [*counts, last])
