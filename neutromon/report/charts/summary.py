"""What a screen reader says of the trend: counts, today, the latest count, the nadir, the day-1 check, the outlook."""

from collections.abc import Iterator, Sequence

from neutromon.models.evaluation import Evaluation
from neutromon.models.formatting import age_text
from neutromon.models.history import PatientHistory
from neutromon.report.charts.markers import nadir_word
from neutromon.report.charts.points import PlacedCount
from neutromon.report.charts.words import anc_words, grade_words
from neutromon.report.words import number_text


def summary_of(history: PatientHistory, evaluation: Evaluation, placed: Sequence[PlacedCount], grading: str, outlook: str) -> Iterator[str]:
    """Give the sentences that a screen reader speaks for the chart."""
    valued = [(p, p.quantity) for p in placed if p.quantity is not None]
    cycles = len({p.count.cycle for p, _ in valued if p.count.cycle is not None})
    yield f"Trend of the absolute neutrophil count: {_many(len(valued), 'count')} in {_many(cycles, 'cycle')}."
    if evaluation.cycle is not None:
        yield f"Today is cycle {evaluation.cycle} day {evaluation.cycle_day}."
    if valued:
        last, quantity = valued[-1]
        grade = f"{grade_words(last.count, grading)} {grading.replace('ctcae-', 'CTCAE ')}"
        yield f"Latest: {anc_words(quantity)}, {grade}, {age_text(evaluation.now - last.point.at)}."
    else:
        yield "No count with a known value."
    yield from _missing(history, placed)
    for nadir in evaluation.nadirs[-1:]:
        word = nadir_word(nadir)
        yield f"{word[0].upper()}{word[1:]} of cycle {nadir.cycle}: {number_text(nadir.value)} on day {nadir.cycle_day}."
    if evaluation.day1 is not None:
        yield evaluation.day1.text
    if outlook:
        yield outlook if outlook.endswith(".") else f"{outlook}."


def _missing(history: PatientHistory, placed: Sequence[PlacedCount]) -> Iterator[str]:
    unknown = sum(1 for p in placed if p.quantity is None)
    timeless = sum(1 for sample in history.counts if sample.collected_at is None)
    if unknown:
        yield f"{_many(unknown, 'count')} without a usable value at the foot of the chart."
    if timeless:
        yield f"{_many(timeless, 'count')} without a collection time not drawn."


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
