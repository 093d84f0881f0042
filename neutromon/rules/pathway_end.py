"""What a febrile-neutropenia pathway lacks when it ends: what nobody wrote down was not done as far as the record knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AtEnd:
    """What is written down at the end: the first antibiotic, red flags looked for, steps done (each of how many), the risk score."""

    antibiotic: bool
    flags: tuple[int, int]
    steps: tuple[int, int]
    scored: bool

    @property
    def needs_reason(self) -> bool:
        """Return whether the clock may stop only with a reason: no antibiotic has a time, or a red flag was not looked for."""
        return not self.antibiotic or self.flags[0] < self.flags[1]

    def missing(self) -> tuple[str, ...]:
        """Return what is missing, as it is stored with the end: a name, and for a part "left/all"."""
        parts = (("red flags", *self.flags), ("assessment steps", *self.steps))
        left = [f"{name}: {whole - done}/{whole}" for name, done, whole in parts if done < whole]
        return (*(() if self.antibiotic else ("first antibiotic",)), *left, *(() if self.scored else ("risk score",)))
