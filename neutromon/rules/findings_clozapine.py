"""The clozapine monitoring programme: a scheme of its own, judged only for charts marked with it (reference 12)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from neutromon.models.evaluation import CountEvaluation, Finding
from neutromon.rules.situation import Facts, Words, count_words, finding

PROGRAMME = "clozapine"
FAMILY = "clozapine"


def clozapine_findings(facts: Facts) -> Iterator[Finding]:
    """Give the band that the latest ANC lies in, and a count that is due by band or by the time on the drug."""
    if facts.history.monitoring != PROGRAMME:
        return
    latest = facts.latest if facts.latest is not None and facts.latest.anc.quantity is not None else None
    band = _band(facts, latest) if latest is not None else None
    if band is not None and latest is not None and facts.fresh:
        yield _action(facts, latest, band)
    yield from _due(facts, latest, band)


def _population(facts: Facts) -> str:
    return "duffy_null" if facts.history.patient.duffy_null else "general"


def _band(facts: Facts, latest: CountEvaluation) -> dict[str, Any] | None:
    """Return the worst band that the value may lie in."""
    rows = [row for row in facts.book.numbers["clozapine"].rows["band"] if row["population"] == _population(facts)]
    met = [row for row in rows if row["below"].judge(latest.anc.quantity) is not False]
    return dict(min(met, key=lambda row: row["below"].value)) if met else None


def _action(facts: Facts, latest: CountEvaluation, band: dict[str, Any]) -> Finding:
    words = Words(
        what=count_words(facts, latest),
        why=f"Clozapine scheme ({_population(facts)}): {band['label']}",
        compare=_start_words(facts, latest),
        consider=band["text"],
    )
    key = f"clozapine:{band['label']}"
    return finding(facts, "clozapine.action", words, key=key, source=_source(facts), family=FAMILY, count=latest, tier=band["tier"])


def _start_words(facts: Facts, latest: CountEvaluation) -> str:
    """Return that the count does not allow a start, where the drug has not been begun."""
    bounds = facts.book.numbers["clozapine"].bounds
    bound = bounds["start_duffy_null" if facts.history.patient.duffy_null else "start"]
    begun = any(d.name.casefold() == PROGRAMME and d.start is not None and d.start <= facts.now.date() for d in facts.history.drugs)
    return "" if begun or bound.judge(latest.anc.quantity) is True else f"Not to be started: the scheme asks for ANC {bound.text} ×10⁹/L"


def _due(facts: Facts, latest: CountEvaluation | None, band: dict[str, Any] | None) -> Iterator[Finding]:
    every = band["every_days"] if band is not None else _frequency(facts)["every_days"]
    last = latest.collected_at if latest is not None else None
    if last is not None and facts.now - last <= timedelta(days=every):
        return
    why = band["text"] if band is not None else f"Clozapine scheme: {_frequency(facts)['text']}"
    words = Words(what="clozapine: a count is due", why=why, consider="Consider asking for a count")
    yield finding(
        facts, "clozapine.count_due", words, key="clozapine:due", source=_source(facts), family=FAMILY, missing=("current count",)
    )


def _frequency(facts: Facts) -> dict[str, Any]:
    """Return the row of the time on the drug; an unknown start counts as new."""
    starts = [drug.start for drug in facts.history.drugs if drug.name.casefold() == PROGRAMME and drug.start is not None]
    days = (facts.now.date() - max(starts)).days if starts else 0
    rows = facts.book.numbers["clozapine"].rows["frequency"]
    return dict(next(row for row in rows if "until_days" not in row or days <= row["until_days"]))


def _source(facts: Facts) -> str:
    return f"US prescribing information {facts.book.numbers['clozapine'].file.version}"
