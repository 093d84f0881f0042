"""What the findings look at, and how a finding is put into words: five slots, one line each (product 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from neutromon.models.alerts import NO_OWNER
from neutromon.models.evaluation import Basis, CountEvaluation, Evaluation, Finding, Tier
from neutromon.models.formatting import age_text, anc_text, grade_text
from neutromon.models.history import PatientHistory
from neutromon.models.protocol import Protocol
from neutromon.rules.book import RuleBook
from neutromon.rules.book_parts import Numbers, Regimen
from neutromon.rules.febrile import Reading, within_weeks
from neutromon.rules.last_known import last_with
from neutromon.rules.logic import Bound

WORDS = {Tier.EMERGENCY: "EMERGENCY", Tier.URGENT: "URGENT", Tier.ADVISORY: "ADVISORY", Tier.DATA: "DATA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """History, its evaluation so far, and the rule data; `known` are the counts with an ANC up to `now`, in order of time."""

    history: PatientHistory
    evaluation: Evaluation
    latest: CountEvaluation | None
    known: tuple[CountEvaluation, ...]
    readings: tuple[Reading, ...]
    book: RuleBook
    protocol: Protocol

    @property
    def now(self) -> datetime:
        """Return the moment of the evaluation."""
        return self.evaluation.now

    @property
    def numbers(self) -> Numbers:
        """Return the numbers of the findings file."""
        return self.book.numbers["findings"]

    @property
    def regimen(self) -> Regimen | None:
        """Return the regimen of the running course."""
        return self.book.regimen(self.history.course.regimen if self.history.course else None)

    @property
    def fresh(self) -> bool:
        """Return whether the latest count is younger than its validity: no low-value alert rests on an older one."""
        when = self.latest.collected_at if self.latest else None
        return when is not None and self.now - when <= self.validity

    @property
    def standing(self) -> CountEvaluation | None:
        """Return the count whose ANC is in force: the latest, or the last one with an ANC while it is valid."""
        if self.latest is None or self.latest.anc.quantity is not None:
            return self.latest
        last = last_with(self.known, "anc", self.now)
        return last if last is not None and last.collected_at and self.now - last.collected_at <= self.validity else None

    @property
    def validity(self) -> timedelta:
        """Return how long a count is in force by the site's protocol."""
        return timedelta(hours=self.protocol.count_validity_hours)

    @property
    def in_treatment(self) -> bool:
        """Return whether the last chemotherapy began within the weeks in which a fever is taken as at risk."""
        weeks = self.book.numbers["expected_fall"].wholes["suspected_weeks"]
        return within_weeks(self.history, self.now, weeks)

    def symptoms_of(self, span: timedelta) -> tuple[str, ...]:
        """Return the codes of the symptoms noted in the time before `now`; one without a time counts."""
        since = self.now - span
        return tuple(dict.fromkeys(s.code for s in self.history.symptoms if s.at is None or since <= s.at <= self.now))

    @property
    def episode_flag(self) -> str:
        """Return the mechanisms recorded for the present episode as one word list."""
        return ",".join(sorted(name for name, value in self.history.episode.flags.items() if value))

    def bound(self, name: str) -> Bound:
        """Return a bound of the findings file."""
        return self.numbers.bounds[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The slots of a finding but the last, which its tier gives; empty ones are left out."""

    what: str
    why: str = ""
    compare: str = ""
    consider: str = ""


def finding(
    facts: Facts,
    rule: str,
    words: Words,
    *,
    key: str,
    source: str,
    family: str,
    count: CountEvaluation | None = None,
    tier: int | None = None,
    mechanism: str = "",
    inputs: Sequence[str] = (),
    missing: Sequence[str] = (),
    note: str = "",
) -> Finding:
    """Return a finding with its tier from the rule data (or the site's protocol), its words and its basis."""
    tiers = facts.numbers.tables["tier"]
    decided = Tier(facts.protocol.tiers.get(rule, tier if tier is not None else tiers[rule]))
    lines = _lines(facts, words, decided)
    quantity = count.anc.quantity if count else None
    return Finding(
        rule=rule,
        tier=decided,
        key=key,
        text=" ".join(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines),
        basis=_basis(facts, source, tuple(inputs) or _inputs(count), tuple(missing)),
        lines=lines,
        family=family,
        cycle=facts.evaluation.cycle,
        sample_ids=_sample_ids(facts, count),
        value=quantity.value if quantity else None,
        mechanism=mechanism,
        observed_at=count.collected_at if count else None,
        note=note,
    )


def _sample_ids(facts: Facts, count: CountEvaluation | None) -> tuple[str, ...]:
    """Return the count's sample, and the newest one beside it where that has no ANC, so that the alert says so."""
    newest = facts.latest if count is not None and _is_behind(facts, count) else None
    return tuple(one.sample_id for one in (count, newest) if one is not None and one.sample_id)


def _is_behind(facts: Facts, count: CountEvaluation) -> bool:
    """Return whether the count is in force only because the newest sample has no ANC."""
    return count is facts.standing and count is not facts.latest


def _lines(facts: Facts, words: Words, tier: Tier) -> tuple[str, ...]:
    """Return the slots that are filled: what, why, compare, consider, who; nobody owns a finding yet, so who says what it asks for."""
    first = f"{WORDS[tier]} – {words.what}"
    who = f"{NO_OWNER}; {facts.numbers.tables['who'][str(tier.value)]}"
    consider = f"{words.consider} (per local protocol {facts.protocol.version})" if words.consider else ""
    return tuple(line for line in (first, _sentence(words.why), _sentence(words.compare), consider, who) if line)


def _sentence(words: str) -> str:
    """Return words as a sentence begins; a name that is written small otherwise does not stand first."""
    return words[:1].upper() + words[1:]


def _basis(facts: Facts, source: str, inputs: tuple[str, ...], missing: tuple[str, ...]) -> Basis:
    head = facts.numbers.file
    return Basis(
        guideline=source,
        version=head.version,
        inputs=inputs,
        missing=missing,
        rule_file=head.name,
        needs_sign_off=head.needs_sign_off,
    )


def _inputs(count: CountEvaluation | None) -> tuple[str, ...]:
    if count is None or count.collected_at is None:
        return ()
    return (f"ANC {anc_text(count.anc)} collected {count.collected_at.isoformat(timespec='minutes')} ({count.anc.origin.value})",)


def count_words(facts: Facts, count: CountEvaluation) -> str:
    """Return "ANC 0.42 ×10⁹/L (G4 CTCAE 5.0) 3 h ago, C2 D9"."""
    grade = grade_text(count.grades.get(facts.protocol.ctcae, {}).get("neutrophils"))
    version = facts.protocol.ctcae.replace("ctcae-", "CTCAE ")
    age = age_text(facts.now - count.collected_at) if count.collected_at else "at an unknown time"
    return f"ANC {anc_text(count.anc)} ({grade} {version}) {age}{place_words(count)}{_newest_words(facts, count)}"


def _newest_words(facts: Facts, count: CountEvaluation) -> str:
    """Return "; the newest sample (25 Nov 17:38) has no ANC" where a newer sample leaves this count in force, else nothing."""
    when = facts.latest.collected_at if facts.latest is not None else None
    if when is None or not _is_behind(facts, count):
        return ""
    return f"; the newest sample ({when.astimezone(facts.now.tzinfo):%d %b %H:%M}) has no ANC"


def place_words(count: CountEvaluation) -> str:
    """Return ", C2 D9", or nothing."""
    return f", C{count.cycle} D{count.cycle_day}" if count.cycle is not None else ""


def earlier_nadirs(facts: Facts) -> list[tuple[int, Decimal, int]]:
    """Return (cycle, value, cycle day) of the nadirs before the running cycle."""
    current = facts.evaluation.cycle
    found = []
    for nadir in facts.evaluation.nadirs:
        if current is not None and nadir.cycle < current:
            found.append((nadir.cycle, Decimal(nadir.value.lstrip("<>=")), nadir.cycle_day))
    return found
