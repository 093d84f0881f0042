"""Prompts for antibacterial and antifungal prophylaxis, each guideline's word beside it (reference 4)."""

from collections.abc import Iterator

from neutromon.models.evaluation import Finding
from neutromon.models.history import Antibiotic
from neutromon.rules.book_parts import Numbers
from neutromon.rules.situation import Facts, Words, finding

FAMILY = "care"


def prophylaxis_findings(facts: Facts) -> Iterator[Finding]:
    """Give the prompts where long neutropenia is expected, once per cycle, and not where such a drug is already given."""
    numbers = facts.book.numbers["prophylaxis"]
    reason = _reason(facts, numbers)
    if reason is None or facts.evaluation.cycle is None:
        return
    given = {_kind(antibiotic, numbers) for antibiotic in facts.history.antibiotics if _is_running(facts, antibiotic)}
    for kind in ("antibacterial", "antifungal"):
        if kind in given:
            continue
        says = "; ".join(f"{row['id']}: {row[kind]}" for row in numbers.rows["guideline"] if kind in row)
        words = Words(what=numbers.texts[kind], why=reason, compare=f"Guidelines differ. {says}")
        key = f"{kind}:c{facts.evaluation.cycle}"
        yield finding(facts, f"prophylaxis.{kind}", words, key=key, source=numbers.file.version, family=FAMILY, inputs=(reason,))


def _reason(facts: Facts, numbers: Numbers) -> str | None:
    if facts.history.episode.flags.get(numbers.texts["expected_flag"]):
        return "more than 10 days of neutropenia expected"
    regimen = facts.regimen
    if regimen is not None and numbers.texts["regimen_flag"] in regimen.flags:
        return f"{regimen.id}: leukaemia induction"
    return None


def _is_running(facts: Facts, antibiotic: Antibiotic) -> bool:
    begun = antibiotic.given_at is None or antibiotic.given_at <= facts.now
    return antibiotic.purpose == "prophylaxis" and begun and (antibiotic.until is None or antibiotic.until >= facts.now)


def _kind(antibiotic: Antibiotic, numbers: Numbers) -> str:
    name = antibiotic.name.casefold()
    for kind, names in (("antifungal", numbers.lists["antifungal_names"]), ("other", numbers.lists["other_names"])):
        if any(known in name for known in names):
            return kind
    return "antibacterial"
