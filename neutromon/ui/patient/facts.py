"""What the patient page shows, read once: history, evaluation, alerts, the worklist's row, the latest count."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from neutromon.models.alerts import Alert
from neutromon.models.evaluation import CountEvaluation, Evaluation, GcsfAdvice
from neutromon.models.formatting import full_name, quantity_text
from neutromon.models.history import PatientHistory, Sex
from neutromon.models.protocol import Protocol
from neutromon.models.worklist import WorklistRow
from neutromon.rules.book_parts import Regimen
from neutromon.rules.clock import AntibioticClock
from neutromon.rules.counts import latest_count
from neutromon.rules.last_known import last_with
from neutromon.rules.schedule import next_treatment
from neutromon.services.worklist_rows import build_row
from neutromon.ui.fields.ages import age_words
from neutromon.ui.forms.words import born_text, number_text
from neutromon.ui.pathway_clock import running_clock
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import isolated, tr
from neutromon.ui.worklist.columns import day_text, moved_text, without_anc


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFacts:
    """One reading of one patient at one moment; `known` is the newest count with an ANC, `latest` a newer one where that has none."""

    history: PatientHistory
    evaluation: Evaluation
    alerts: tuple[Alert, ...]
    row: WorklistRow
    latest: CountEvaluation | None
    known: CountEvaluation | None
    regimen: Regimen | None
    protocol: Protocol
    now: datetime
    clock: AntibioticClock | None = None

    @property
    def grading(self) -> str:
        """Return the grading that the clinic's protocol names."""
        return self.protocol.ctcae

    @property
    def gcsf(self) -> GcsfAdvice | None:
        """Return what the guideline of the protocol says on growth factor."""
        return self.evaluation.gcsf.get(self.protocol.gcsf_guideline)


def read_facts(clinic: ClinicPort, patient_id: str) -> PatientFacts:
    """Read a patient; the evaluation and the alerts are those of the same moment."""
    now = clinic.now()
    history = clinic.patient_history(patient_id)
    evaluation = clinic.evaluate_patient(patient_id)
    alerts = tuple(clinic.alerts_of(patient_id))
    regimen = clinic.rules.regimen(history.course.regimen if history.course else None)
    return PatientFacts(
        history=history,
        evaluation=evaluation,
        alerts=alerts,
        row=build_row(history, evaluation, alerts, now=now, regimen=regimen, grading=clinic.protocol.ctcae),
        latest=latest_count(evaluation.counts, history.counts, now),
        known=last_with(evaluation.counts, "anc", now),
        regimen=regimen,
        protocol=clinic.protocol,
        now=now,
        clock=running_clock(clinic, patient_id, history, now),
    )


def name_text(facts: PatientFacts) -> str:
    """Return the name as the banner shows it."""
    return isolated(full_name(facts.history.patient))


def identity_text(facts: PatientFacts) -> str:
    """Return birth date with age and number, the two identifiers beside the name."""
    patient = facts.history.patient
    authority = patient.identifier.authority if patient.identifier else None
    number = tr("No. {number}", number=number_text(patient)) if patient.identifier else number_text(patient)
    parts = [born_text(patient, facts.now), number + (f" ({authority})" if authority else "")]
    parts += [sex_word(patient.sex)] if patient.sex else []
    return "  ·  ".join(parts)


def sex_word(sex: Sex) -> str:
    """Return the recorded sex in the window's language."""
    words = {Sex.FEMALE: tr("female"), Sex.MALE: tr("male"), Sex.OTHER: tr("other sex"), Sex.UNKNOWN: tr("sex unknown")}
    return words[sex]


def allergy_text(facts: PatientFacts) -> str:
    """Return the allergies; none recorded is not the same as none."""
    known = facts.history.patient.allergies
    return tr("Allergies: {list}", list=", ".join(isolated(name) for name in known)) if known else tr("Allergies: not recorded")


def treatment_text(facts: PatientFacts) -> str:
    """Return "R-CHOP-21 · C3 D11 of 21 · next day 1 23 Mar 2026 (in 11 days)"; every missing part is said."""
    course, row = facts.history.course, facts.row
    if course is None:
        return tr("No course recorded")
    place = tr("not begun")
    if row.cycle is not None:
        length = facts.regimen.cycle_days if facts.regimen else None
        place = f"C{row.cycle} D{row.cycle_day}" + (tr(" of {n}", n=length) if length else "")
    return "  ·  ".join([course.regimen or tr("regimen unknown"), place, next_text(facts)])


def next_text(facts: PatientFacts) -> str:
    """Return the next treatment with its distance, or that none is planned."""
    coming = next_treatment(facts.history.course, facts.now)
    if coming is None:
        return tr("no further treatment planned")
    what = tr("next C{cycle} D{day}", cycle=coming.cycle.number, day=coming.day.day if coming.day else 1)
    if coming.planned is None:
        return tr("{what}: no date", what=what)
    days = (coming.planned - facts.now.date()).days
    away = tr("today") if days == 0 else tr("in {n} d", n=days) if days > 0 else tr("{n} d overdue", n=-days)
    deferred = moved_text(facts.row.deferred_from, facts.row.deferred_at) if facts.row.next_day1 == coming.planned else ""
    return f"{what} {day_text(coming.planned)} ({away})" + (f", {deferred}" if deferred else "")


def gcsf_text(facts: PatientFacts) -> str:
    """Return the last growth factor that was given."""
    given = [g for g in facts.history.growth_factors if not g.planned and g.given_at is not None and g.given_at <= facts.now]
    if not given:
        return tr("G-CSF: none recorded")
    last = max(given, key=lambda g: g.given_at or facts.now)
    assert last.given_at is not None
    return tr("Last G-CSF: {product}, {day}", product=last.product, day=day_text(last.given_at.date()))


def age_of(facts: PatientFacts) -> str:
    """Return how old the count is whose ANC is shown."""
    shown = facts.known or facts.latest
    if shown is None or shown.collected_at is None:
        return tr("age unknown")
    return age_words(facts.now - shown.collected_at)


def newest_missing(facts: PatientFacts) -> str:
    """Return that the newest sample has no ANC where an older one is shown; "" else."""
    lacks = facts.known is not None and facts.latest is not None and facts.latest.anc.quantity is None
    return without_anc(facts.latest.collected_at) if lacks and facts.latest is not None else ""


def is_stale(facts: PatientFacts) -> bool:
    """Return whether the count whose ANC is shown is older than the protocol lets a decision rest on."""
    shown = facts.known or facts.latest
    if shown is None or shown.collected_at is None:
        return False
    return facts.now - shown.collected_at > timedelta(hours=facts.protocol.count_validity_hours)


def line_values(facts: PatientFacts) -> str:
    """Return the last known value of each other cell line with its unit, and its age where it is not of the count that is shown."""
    names = (("wbc", tr("WBC")), ("platelets", tr("Plt")), ("hemoglobin", tr("Hb")))
    shown = facts.known or facts.latest
    parts = []
    for name, label in names:
        count = last_with(facts.evaluation.counts, name, facts.now)
        if count is None or count.collected_at is None:
            continue
        own = shown is not None and count.collected_at == shown.collected_at
        age = "" if own else f" ({age_words(facts.now - count.collected_at)})"
        parts.append(f"{label} {quantity_text(count.values[name])}{age}".replace(" ", "\u00a0"))
    return "  ·  ".join(parts)
