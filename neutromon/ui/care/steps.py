"""What to do now in the pathway, worst first: considered, never ordered, where a drug is meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neutromon.rules.clock import AntibioticClock
from neutromon.ui.text import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """One line: what it is, whether it is done, whether it cannot wait."""

    text: str
    done: bool = False
    urgent: bool = False


def what_now(clock: AntibioticClock | None, flags: Mapping[str, bool | None], missing: Sequence[str], is_scored: bool) -> list[Now]:
    """Return what is to be thought of: red flags, the antibiotic's time box, the assessment, the score."""
    lines = []
    if any(flags.values()):
        lines.append(Now(text=tr("A red flag is present: call the medical team now, whatever the count is."), urgent=True))
    unknown = sum(1 for value in flags.values() if value is None)
    if unknown:
        lines.append(Now(text=tr("Look for the red flags: {n} not yet looked for.", n=unknown)))
    else:
        lines.append(Now(text=tr("All red flags looked for."), done=True))
    lines.append(_antibiotic(clock))
    if missing:
        lines.append(Now(text=tr("Assessment still missing: {steps}.", steps=", ".join(missing))))
    else:
        lines.append(Now(text=tr("Assessment set complete."), done=True))
    scored = tr("Risk score has its items.") if is_scored else tr("Risk score (MASCC): items not yet recorded, due within 24 h.")
    lines.append(Now(text=scored, done=is_scored))
    return sorted(lines, key=lambda line: (line.done, not line.urgent))


def _antibiotic(clock: AntibioticClock | None) -> Now:
    if clock is not None and clock.stopped_by is not None:
        return Now(text=tr("First antibiotic written down."), done=True)
    if clock is not None and clock.is_over:
        return Now(text=tr("The time box is over: ring, and ask about the first antibiotic. Write down when it is given."), urgent=True)
    return Now(text=tr("Consider the first antibiotic per local protocol; do not wait for the count. Write down when it is given."))
