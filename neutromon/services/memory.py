"""What a session has read of its last patients: a fact never changes, so neither does what it says by itself."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from neutromon.models.history import PatientHistory
from neutromon.rules.counts import SampleMemory

PATIENTS = 24
Mark = tuple[int, str]
"""How many facts a patient has, and the id of the last: another write makes another mark."""


@dataclass(slots=True, kw_only=True)
class PatientMemory:
    """One patient: her history at a mark, her decoded records by revision, and what her samples said."""

    mark: Mark | None = None
    history: PatientHistory | None = None
    records: dict[tuple[str, int], Any] = field(default_factory=dict)
    samples: SampleMemory = field(default_factory=SampleMemory)


class Memory:
    """Holds the patients that were read last; it belongs to one session and is used on its thread."""

    def __init__(self) -> None:
        self._patients: OrderedDict[str, PatientMemory] = OrderedDict()
        self._held: tuple[object, dict[str, bool]] = ("", {})

    def of(self, patient: str) -> PatientMemory:
        """Return what is remembered of a patient, empty at first; the patient read longest ago is forgotten."""
        known = self._patients.setdefault(patient, PatientMemory())
        self._patients.move_to_end(patient)
        while len(self._patients) > PATIENTS:
            self._patients.popitem(last=False)
        return known

    def critical(self, mark: object) -> dict[str, bool]:
        """Return which waiting sets were found critical or not while the clinic's code rules stood at a mark."""
        if self._held[0] != mark:
            self._held = mark, {}
        return self._held[1]

    def history(self, patient: str, mark: Mark | None, read: Callable[[PatientMemory], PatientHistory]) -> PatientHistory:
        """Return the history at a mark: the remembered one, or what `read` makes."""
        known = self.of(patient)
        if known.history is None or known.mark != mark:
            known.history = read(known)
            known.mark = mark
        return known.history
