"""Evaluate a history at one moment: everything that the rules say, from one pass over the facts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation, Evaluation, Score
from neutromon.models.history import PatientHistory
from neutromon.models.protocol import Protocol
from neutromon.rules.book import RuleBook
from neutromon.rules.counts import SampleMemory, evaluate_counts, latest_count, lower_limits, without_blanks
from neutromon.rules.day_one import day_one
from neutromon.rules.febrile import all_statuses, expected_fall, in_nadir_window, read_temperatures, recent
from neutromon.rules.findings import findings_of
from neutromon.rules.gcsf import all_advice, situation
from neutromon.rules.late_results import with_late_results
from neutromon.rules.problems import in_order
from neutromon.rules.schedule import place
from neutromon.rules.schemas import COUNT
from neutromon.rules.scores import cisne, mascc, with_warnings
from neutromon.rules.situation import Facts
from neutromon.rules.timing import running_course, timings
from neutromon.rules.trend import gradable, nadirs


def evaluate(
    history: PatientHistory, book: RuleBook, now: datetime, protocol: Protocol | None = None, *, samples: SampleMemory | None = None
) -> Evaluation:
    """Return the evaluation of a history at `now` (with offset) under the site's protocol; nothing is read but the arguments.

    `samples` spares those who ask again for the same patient the reading of each sample; the result is the same.
    """
    site = protocol or Protocol()
    history = without_blanks(history)
    counts = evaluate_counts(history, now, book, samples)
    latest, known = latest_count(counts, history.counts, now), gradable(counts, now)
    readings, problems = read_temperatures(history.temperatures, book.numbers["plausibility"], now)
    fresh = recent(readings, now, book)
    fall = expected_fall(history, latest, counts, book)
    febrile = all_statuses(history, fresh, latest, fall, now, book)
    advice = all_advice(situation(history, latest, counts, febrile, now, book))
    where = place(history.course, now.date())
    evaluation = Evaluation(
        now=now,
        rule_sets=book.used,
        counts=counts,
        febrile_neutropenia=febrile,
        gcsf=advice,
        gcsf_timing=timings(history, book),
        gcsf_course=running_course(history, known, now, book),
        day1=day_one(history, latest, fresh, now, book, timedelta(hours=site.count_validity_hours), counts),
        scores=_scores(history, latest, book),
        nadirs=nadirs(history, known, now, book),
        findings=(),
        problems=in_order(problems),
        protocol_version=site.version,
        cycle=where.cycle.number if where else None,
        cycle_day=where.day if where else None,
        in_nadir_window=in_nadir_window(history, now, book),
        neutrophil_bounds=neutrophil_bounds(book),
        profound_below=book.profound.value,
        lower_limits=lower_limits(history, book),
    )
    facts = Facts(history=history, evaluation=evaluation, latest=latest, known=known, readings=tuple(fresh), book=book, protocol=site)
    return with_late_results(facts, findings_of(facts), lambda past, moment: evaluate(past, book, moment, site))


def neutrophil_bounds(book: RuleBook) -> dict[str, tuple[tuple[int, Decimal | None], ...]]:
    """Return the upper bounds of the neutrophil grades by rule set, worst first; the bands of a chart."""
    scales = {version: rules.scales.get(("neutrophils", COUNT)) for version, rules in book.grades.items()}
    return {version: scale.bounds for version, scale in scales.items() if scale is not None}


def _scores(history: PatientHistory, latest: CountEvaluation | None, book: RuleBook) -> Mapping[str, Score]:
    found: dict[str, Score] = {}
    if history.episode.mascc is not None:
        found["mascc"] = mascc(history.episode.mascc, book)
    if history.episode.cisne is not None:
        found["cisne"] = cisne(history.episode.cisne, book)
    return with_warnings(found, latest.profound if latest else None)
