"""G-CSF advice by each guideline: the first rule of reference 15.5 that applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from neutromon.models.evaluation import CountEvaluation, GcsfAdvice, Reason
from neutromon.models.history import Cycle, PatientHistory
from neutromon.models.quantity import Quantity
from neutromon.rules.bands import band
from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import GcsfRule, Regimen
from neutromon.rules.gcsf_factors import Factors, risk_factors, therapeutic_factors
from neutromon.rules.schedule import next_cycle, next_day1, place

NICE = "nice-cg151"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the advice looks at, worked out once for every guideline."""

    history: PatientHistory
    regimen: Regimen | None
    cycle: Cycle | None
    running: Cycle | None
    latest: CountEvaluation | None
    counts: tuple[CountEvaluation, ...]
    hemoglobin: Quantity | None
    febrile: Mapping[str, str]
    now: datetime
    book: RuleBook

    def fn_before(self, cycle: Cycle | None) -> list[Cycle]:
        """Return the begun cycles of the course with febrile neutropenia, before the named one."""
        course = self.history.course
        cycles = course.cycles if course else ()
        return [c for c in cycles if c.febrile_neutropenia and c.day1 is not None and (cycle is None or c.number < cycle.number)]

    @property
    def earlier_fn(self) -> list[Cycle]:
        """Return the cycles with febrile neutropenia before the coming one."""
        return self.fn_before(self.cycle)

    @property
    def earlier_course_fn(self) -> bool:
        """Return whether an earlier course had febrile neutropenia."""
        return any(c.febrile_neutropenia for course in self.history.earlier_courses for c in course.cycles)


def situation(
    history: PatientHistory,
    latest: CountEvaluation | None,
    counts: tuple[CountEvaluation, ...],
    febrile: Mapping[str, str],
    now: datetime,
    book: RuleBook,
) -> Situation:
    """Return what the advice looks at: the coming cycle, else the running one."""
    where = place(history.course, now.date())
    running = where.cycle if where else None
    with_hb = [c for c in counts if "hemoglobin" in c.values and c.collected_at is not None and c.collected_at <= now]
    newest = max(with_hb, key=lambda c: c.collected_at or now, default=None)
    return Situation(
        history=history,
        regimen=book.regimen(history.course.regimen if history.course else None),
        cycle=next_cycle(history.course) or running,
        running=running,
        latest=latest,
        counts=counts,
        hemoglobin=newest.values["hemoglobin"] if newest else None,
        febrile=febrile,
        now=now,
        book=book,
    )


def all_advice(s: Situation) -> dict[str, GcsfAdvice]:
    """Return the advice of every guideline; nothing without a course."""
    advice = {name: advise(rule, s) for name, rule in s.book.gcsf.items()}
    return advice | {NICE: _nice(s)}


def advise(rule: GcsfRule, s: Situation) -> GcsfAdvice:
    """Return the first advice of reference 15.5 that applies."""
    found_band = band(s.history.course, s.regimen, rule)
    forbidden = _forbidden(s)
    if forbidden is not None:
        return _advice(s, found_band, forbidden[0], [forbidden[1]], [])
    therapeutic = _therapeutic(rule, s)
    if therapeutic is not None:
        return _advice(s, found_band, therapeutic[0], therapeutic[1].reasons, therapeutic[1].missing)
    if _afebrile(rule, s):
        return _advice(s, found_band, "not_routine", [Reason(id="afebrile_neutropenia", text="neutropenia without fever")], [])
    secondary = _secondary(rule, s, found_band)
    if secondary is not None:
        return _advice(s, found_band, secondary[0], [secondary[1]], [])
    return _primary(rule, s, found_band)


def _advice(s: Situation, found_band: str | None, word: str, reasons: list[Reason], missing: list[Reason]) -> GcsfAdvice:
    return GcsfAdvice(band=found_band, advice=word, reasons=tuple(reasons), cautions=cautions(s), missing=tuple(missing))


def _forbidden(s: Situation) -> tuple[str, Reason] | None:
    course = s.history.course
    by_regimen = s.regimen is not None and "concurrent_radiotherapy" in s.regimen.flags
    if (course and course.concurrent_radiotherapy) or (by_regimen and (course is None or course.concurrent_radiotherapy is None)):
        return "avoid", Reason(id="concurrent_radiotherapy", text="concurrent chemotherapy and radiotherapy")
    if s.regimen and "cdk46" in s.regimen.flags:
        return "not_indicated", Reason(id="cdk46", text="CDK4/6 inhibitor: managed by hold or reduction")
    return None


def _therapeutic(rule: GcsfRule, s: Situation) -> tuple[str, Factors] | None:
    if rule.therapeutic_definition is None or s.febrile.get(rule.therapeutic_definition) != "yes":
        return None
    found = therapeutic_factors(
        s.history,
        rule,
        s.latest.anc.quantity if s.latest else None,
        s.book.numbers["findings"].bounds["profound"],
        bool(s.fn_before(s.running)) or s.earlier_course_fn,
        s.now,
    )
    if rule.file.id == "nccn":
        given = _given_in(s, s.running)
        if any(not long for long in given):
            return "continue", Factors([Reason(id="gcsf_running", text="daily G-CSF is running")], [])
        if given:
            return "no_additional", Factors([Reason(id="gcsf_long_acting", text="long-acting G-CSF was given in this cycle")], [])
    return ("consider" if found.reasons else "not_routine"), found


def _given_in(s: Situation, cycle: Cycle | None) -> list[bool]:
    """Return, for each growth factor given in a cycle, whether it is long-acting."""
    if cycle is None or cycle.day1 is None:
        return []
    end = next_day1(s.history.course, cycle)
    found = []
    for given in s.history.growth_factors:
        if given.given_at is None or given.planned or given.given_at > s.now:
            continue
        day = given.given_at.date()
        if cycle.day1 <= day and (end is None or day < end):
            product = s.book.products.find(given.product)
            found.append(product is not None and product.long_acting)
    return found


def _afebrile(rule: GcsfRule, s: Situation) -> bool:
    """Return whether the ANC is below 0.5 without fever between this day 1 and the next."""
    bound = rule.bounds.get("afebrile_not_routine")
    if bound is None or s.latest is None or s.running is None or s.latest.collected_at is None or s.running.day1 is None:
        return False
    if rule.therapeutic_definition and s.febrile.get(rule.therapeutic_definition) not in {"no", "cannot_tell"}:
        return False
    if s.latest.collected_at.date() < s.running.day1 or s.latest.cycle != s.running.number:
        return False
    return bound.judge(s.latest.anc.quantity) is True


def _secondary(rule: GcsfRule, s: Situation, found_band: str) -> tuple[str, Reason] | None:
    cycles = s.earlier_fn
    if not rule.secondary or not cycles:
        return None
    last = cycles[-1]
    reason = Reason(id="prior_fn", text=f"febrile neutropenia in cycle {last.number}")
    if any(_given_in(s, cycle) for cycle in cycles):
        return "reduce_or_change", Reason(id="prior_fn_with_gcsf", text=f"{reason.text} despite G-CSF")
    if s.history.course and s.history.course.intent == "palliative":
        return "reduce_or_change", reason
    return ("recommend" if found_band == "high" else "consider"), reason


def _primary(rule: GcsfRule, s: Situation, found_band: str) -> GcsfAdvice:
    if found_band == "unknown":
        return _advice(s, found_band, "cannot_tell", [], [Reason(id="fn_risk", text="FN risk of the regimen not settled")])
    risk = Reason(id="fn_risk", text=f"regimen FN risk {found_band} by {rule.file.title} {rule.file.version}")
    if found_band == "high":
        return _advice(s, found_band, "recommend", [risk], [])
    if found_band == "low":
        return _advice(s, found_band, "not_indicated", [risk], [])
    found = risk_factors(s.history, rule, _dose(s), s.hemoglobin, bool(s.earlier_fn) or s.earlier_course_fn, s.now)
    return _advice(s, found_band, "consider" if found.reasons else "observe", found.reasons, found.missing)


def _dose(s: Situation) -> str | None:
    """Return the dose in per cent of the coming cycle, else of the running one."""
    own = [cycle.dose_percent for cycle in (s.cycle, s.running) if cycle is not None and cycle.dose_percent is not None]
    return own[0] if own else None


def _nice(s: Situation) -> GcsfAdvice:
    """Return NICE's word: not routinely, unless integral to the regimen or to maintain dose intensity."""
    numbers = s.book.numbers["gcsf_nice"]
    forbidden = _forbidden(s)
    if forbidden is not None:
        return _advice(s, None, "not_routine", [forbidden[1]], [])
    if s.regimen is not None and numbers.texts["integral_flag"] in s.regimen.flags:
        return _advice(s, None, "recommend", [Reason(id="gcsf_integral", text=numbers.texts["integral"])], [])
    return _advice(s, None, "not_routine", [Reason(id="not_routine", text=numbers.texts["not_routine"])], [])


def cautions(s: Situation) -> tuple[Reason, ...]:
    """Return the flags that do not forbid."""
    symptoms = {symptom.code for symptom in s.history.symptoms if symptom.at is None or symptom.at <= s.now}
    present = {
        "condition": set(s.history.patient.conditions),
        "symptom": symptoms,
        "regimen_flag": set(s.regimen.flags) if s.regimen else set(),
    }
    return tuple(Reason(id=c.code, text=c.text) for c in s.book.products.cautions if c.code in present[c.kind])
