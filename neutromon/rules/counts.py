"""Each sample as the rules read it: problems, ANC, grades, place in the course."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from neutromon.models.evaluation import Anc, CountEvaluation, Grades, Problem, Severity
from neutromon.models.history import CountSample, Course, PatientHistory
from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules.anc import UNKNOWN, anc_of
from neutromon.rules.book import RuleBook
from neutromon.rules.fields import Fields
from neutromon.rules.grades import Grader, grader, grades_by
from neutromon.rules.problems import WITHDRAWN, blocked_fields, in_order, sample_problems
from neutromon.rules.schedule import Places
from neutromon.rules.units import count_quantity, hemoglobin_quantity

WHITE = frozenset({"wbc", "neutrophils", "granulocytes"})
CORRECTED = frozenset({"corrected", "amended"})
PRELIMINARY = frozenset({"preliminary", "registered"})
SHOWN = ("wbc", "platelets", "lymphocytes", "monocytes", "hemoglobin")
LIMIT_OF = {"neutrophils": "anc", "wbc": "wbc", "platelets": "platelets", "hemoglobin": "hemoglobin", "lymphocytes": "lymphocytes"}


@dataclass(slots=True, kw_only=True)
class SampleMemory:
    """What samples said by themselves, kept by who asks again; it holds for one course, one set of limits and one rule book."""

    course: Course | None = None
    limits: Mapping[str, Quantity] = field(default_factory=dict)
    book: RuleBook | None = None
    known: dict[int, tuple[CountSample, CountEvaluation]] = field(default_factory=dict)

    def fit(self, course: Course | None, limits: Mapping[str, Quantity], book: RuleBook) -> None:
        """Forget everything where course, limits or rules are others."""
        if self.book is not book or self.course != course or self.limits != limits:
            self.known = {}
            self.book, self.course, self.limits = book, course, limits

    def recall(self, sample: CountSample, now: datetime) -> CountEvaluation | None:
        """Return what this very sample said; one of the future is read anew, since only its time changes what it says."""
        found = self.known.get(id(sample))
        return found[1] if found is not None and found[0] is sample and _has_come(sample, now) else None

    def keep(self, samples: Sequence[CountSample], said: Sequence[CountEvaluation], now: datetime) -> None:
        """Remember these samples and no others."""
        self.known = {id(sample): (sample, one) for sample, one in zip(samples, said, strict=True) if _has_come(sample, now)}


def _has_come(sample: CountSample, now: datetime) -> bool:
    return sample.collected_at is None or sample.collected_at <= now


def evaluate_counts(
    history: PatientHistory, now: datetime, book: RuleBook, memory: SampleMemory | None = None
) -> tuple[CountEvaluation, ...]:
    """Return one evaluation for each sample, in the order of the history; `memory` spares reading a sample twice."""
    limits = lower_limits(history, book)
    memory = memory or SampleMemory()
    memory.fit(history.course, limits, book)
    graders = {version: grader(rules, limits) for version, rules in book.grades.items()}
    cycles = Places.of_course(history.course)
    alone = [memory.recall(sample, now) or _alone(sample, cycles, graders, now, book) for sample in history.counts]
    memory.keep(history.counts, alone, now)
    return tuple(_together(alone, history, now, book))


def without_blanks(history: PatientHistory) -> PatientHistory:
    """Return the history without values of empty text: an empty field was not reported."""
    if all(value.value.strip() for sample in history.counts for value in sample.values.values()):
        return history
    counts = tuple(replace(s, values={name: value for name, value in s.values.items() if value.value.strip()}) for s in history.counts)
    return replace(history, counts=counts)


def lower_limits(history: PatientHistory, book: RuleBook) -> dict[str, Quantity]:
    """Return the patient's lower limits of normal by quantity, as far as they can be read."""
    found = {}
    for quantity, name in LIMIT_OF.items():
        value = history.patient.lower_limits.get(name)
        if value is None:
            continue
        read = hemoglobin_quantity(value) if quantity == "hemoglobin" else count_quantity(value, book.numbers["plausibility"])
        if read is not None and read.comparator is Comparator.EQ:
            found[quantity] = read
    return found


def _alone(sample: CountSample, cycles: Places, graders: Mapping[str, Grader], now: datetime, book: RuleBook) -> CountEvaluation:
    plausibility, read = book.numbers["plausibility"], book.reader.read
    fields = {name: read(name, value) for name, value in sample.values.items()}
    is_future = not _has_come(sample, now)
    problems = sample_problems(sample, fields, plausibility, is_future=is_future)
    blocked = blocked_fields(problems)
    withdrawn = is_withdrawn(sample)
    unusable = withdrawn or is_future
    anc = UNKNOWN if unusable else anc_of(sample, fields, blocked, plausibility)
    values = {} if unusable else _values(fields, blocked)
    where = cycles.of(sample.collected_at.date()) if sample.collected_at else None
    return CountEvaluation(
        sample_id=sample.id,
        collected_at=sample.collected_at,
        cycle=where.cycle.number if where else None,
        cycle_day=where.day if where else None,
        anc=anc,
        problems=() if withdrawn else in_order(problems),
        grades=_grades(anc, values, graders),
        profound=book.profound.judge(anc.quantity),
        values=values,
    )


def is_withdrawn(sample: CountSample) -> bool:
    """Return whether the laboratory or a person took the sample back."""
    return (sample.status or "").strip().casefold() in WITHDRAWN


def _values(fields: Fields, blocked: frozenset[str]) -> dict[str, Quantity]:
    found = {}
    for name in SHOWN:
        reading = fields.get(name)
        if reading is not None and reading.quantity is not None and name not in blocked:
            found[name] = reading.quantity
    return found


def _grades(anc: Anc, values: Mapping[str, Quantity], graders: Mapping[str, Grader]) -> dict[str, Grades]:
    quantities: dict[str, Quantity | None] = {**values, "neutrophils": anc.quantity}
    return {version: grades_by(own, quantities) for version, own in graders.items()}


def _together(alone: Sequence[CountEvaluation], history: PatientHistory, now: datetime, book: RuleBook) -> list[CountEvaluation]:
    """Return the counts with the problems that show only beside the others: duplicates and rapid changes."""
    extra: dict[int, list[Problem]] = {}
    span = timedelta(hours=book.numbers["plausibility"].wholes["rapid_change_hours"])
    for index in _duplicates(history.counts):
        twice = Problem(code="duplicate", field=None, severity=Severity.WARN, text="The same specimen stands here twice.")
        extra.setdefault(index, []).append(twice)
    timed = sorted((i for i, c in enumerate(alone) if c.collected_at is not None), key=lambda i: alone[i].collected_at or now)
    for position, index in enumerate(timed):
        earlier = [alone[i] for i in _within(alone, timed, position, span)]
        text = _rapid(earlier, alone[index], history, book) if earlier else None
        if text is not None:
            rapid = Problem(code="rapid_change", field="neutrophils", severity=Severity.WARN, text=text)
            extra.setdefault(index, []).append(rapid)
    return [replace(c, problems=in_order([*c.problems, *extra[i]])) if i in extra else c for i, c in enumerate(alone)]


def _within(alone: Sequence[CountEvaluation], timed: Sequence[int], position: int, span: timedelta) -> Iterator[int]:
    """Give the counts of the hours before one, newest first."""
    when = alone[timed[position]].collected_at
    for earlier in range(position - 1, -1, -1):
        before = alone[timed[earlier]].collected_at
        if when is None or before is None or when - before > span:
            return
        yield timed[earlier]


def _duplicates(samples: Sequence[CountSample]) -> list[int]:
    """Return which samples repeat an earlier one: the same accession, or the same values at the same minute."""
    times = Counter(sample.collected_at for sample in samples)
    seen: set[object] = set()
    found = []
    for index, sample in enumerate(samples):
        if not (sample.accession or times[sample.collected_at] > 1) or is_withdrawn(sample):
            continue
        keys: list[object] = [("accession", sample.accession)] if sample.accession else []
        if sample.collected_at is not None and not sample.day_precision and times[sample.collected_at] > 1:
            values = sorted((name, value.value, value.unit or "") for name, value in sample.values.items())
            keys.append((sample.collected_at, tuple(values)))
        if any(key in seen for key in keys):
            found.append(index)
        seen.update(keys)
    return found


def _rapid(earlier: Sequence[CountEvaluation], count: CountEvaluation, history: PatientHistory, book: RuleBook) -> str | None:
    """Return the words for a change of more than the fold against a count of the hours before, unless a growth factor explains it."""
    numbers = book.numbers["plausibility"]
    span = timedelta(hours=numbers.wholes["rapid_change_hours"])
    for before in earlier:
        assert count.collected_at is not None and before.collected_at is not None
        if count.anc.quantity is None or before.anc.quantity is None:
            continue
        if not _changed(before.anc.quantity, count.anc.quantity, numbers.decimals["rapid_change_fold"]):
            continue
        start = before.collected_at - span
        if not any(g.given_at is not None and not g.planned and start <= g.given_at <= count.collected_at for g in history.growth_factors):
            return f"The ANC changed more than tenfold within 24 h: {before.anc.quantity.text} to {count.anc.quantity.text} ×10⁹/L."
    return None


def _changed(before: Quantity, after: Quantity, fold: Decimal) -> bool:
    low, high = sorted((before, after), key=lambda q: q.value)
    certain = low.comparator in (Comparator.EQ, Comparator.LT, Comparator.LE) and high.comparator in (
        Comparator.EQ,
        Comparator.GT,
        Comparator.GE,
    )
    return certain and high.value > low.value * fold and high.value > 0


def latest_count(counts: Sequence[CountEvaluation], samples: Sequence[CountSample], now: datetime) -> CountEvaluation | None:
    """Return the latest count at or before `now` that speaks of white cells, else the latest of any; withdrawn ones do not count."""
    past = [
        (count, sample)
        for count, sample in zip(counts, samples, strict=True)
        if count.collected_at is not None and count.collected_at <= now and not is_withdrawn(sample)
    ]
    pool = [pair for pair in past if not WHITE.isdisjoint(pair[1].values)] or past
    newest = max((count.collected_at for count, _ in pool if count.collected_at is not None), default=None)
    chosen = max((pair for pair in pool if pair[0].collected_at == newest), key=_newer, default=None)
    return chosen[0] if chosen else None


def _newer(pair: tuple[CountEvaluation, CountSample]) -> tuple[datetime, int, bool, Decimal, str]:
    """Return a sort key: the time, then a correction before a final and a preliminary result, then the lower ANC."""
    count, sample = pair
    assert count.collected_at is not None
    status = (sample.status or "").strip().casefold()
    rank = 2 if status in CORRECTED else 0 if status in PRELIMINARY else 1
    quantity = count.anc.quantity
    return count.collected_at, rank, quantity is not None, -quantity.value if quantity else Decimal(0), sample.id
