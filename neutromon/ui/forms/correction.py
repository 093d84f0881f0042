"""One value of a stored count replaced or added: what the rules doubt then, in it and in the other values, and how it is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from neutromon.models.changes import Outcome
from neutromon.models.errors import UserError
from neutromon.models.evaluation import CountEvaluation, Problem, Severity
from neutromon.models.history import CountSample, PatientHistory
from neutromon.models.quantity import Reported
from neutromon.ui.forms.checks import judge_sample, with_value
from neutromon.ui.forms.count_row import CONFIRM
from neutromon.ui.forms.words import undone_by, value_name
from neutromon.ui.port import ClinicPort
from neutromon.ui.saved import Saved
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr


class DoubtError(UserError):
    """The rules doubt a value, and a person may vouch for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A person vouches for the new value, and for those that it puts in doubt, where `value.confirmed` is set."""

    clinic: ClinicPort
    history: PatientHistory
    sample: CountSample
    name: str
    value: Reported

    def problems(self) -> list[Problem]:
        """Return what the rules say of the new value, and what would then be in doubt elsewhere and is not so today."""
        changed = with_value(self.sample, self.name, self.value)
        for field in self.disputed() if self.value.confirmed else ():
            changed = with_value(changed, field, replace(changed.values[field], confirmed=True))
        judged, today = self._judge(changed), self._today()
        problems = judged.problems if judged else ()
        others = [_of_another(p) for p in problems if p.field != self.name and (p.code, p.field) not in today]
        return [*(p for p in problems if p.field == self.name), *(p for p in others if p is not None)]

    def disputed(self) -> tuple[str, ...]:
        """Return the other values that the correction puts in doubt and that a person may vouch for."""
        changed = with_value(self.sample, self.name, self.value)
        judged, today = self._judge(changed), self._today()
        new = [p for p in judged.problems if (p.code, p.field) not in today] if judged else []
        blocked = (p.field for p in new if p.severity is Severity.BLOCK and p.suggestion and p.field != self.name)
        return tuple(dict.fromkeys(field for field in blocked if field and field in changed.values))

    def store(self, reason: str) -> Saved:
        """Store it, with every value that was vouched for along with it, and return the undo of all."""
        refuse_doubts(self.problems())
        also = self.disputed() if self.value.confirmed else ()
        changes = self.clinic.correct_count(self.sample.id, self.name, self.value, reason).changes
        for field in also:
            changes |= self.clinic.confirm_value(self.sample.id, field, reason).changes
        name = value_name(self.name)
        title = tr("{value} corrected.", value=name) if self.name in self.sample.values else tr("{name} saved.", name=name)
        return Saved(title=title, changes=changes, undo=self._all_back(also))

    def _judge(self, sample: CountSample) -> CountEvaluation | None:
        return judge_sample(self.clinic, self.history, sample)

    def _today(self) -> set[tuple[str, str | None]]:
        judged = self._judge(self.sample)
        return {(p.code, p.field) for p in judged.problems} if judged else set()

    def _all_back(self, also: tuple[str, ...]) -> Callable[[], Outcome[None]] | None:
        own, others = value_back(self.clinic, self.sample, self.name), [value_back(self.clinic, self.sample, field) for field in also]
        if own is None:
            return None

        def undo() -> Outcome[None]:
            for other in others:
                if other is not None:
                    other()
            return own()

        return undo


def refuse_doubts(problems: Iterable[Problem]) -> None:
    """Raise DoubtError where a person has to correct or vouch first, UserError where the value cannot be."""
    blocked = [problem for problem in problems if problem.severity is Severity.BLOCK]
    impossible = next((problem for problem in blocked if problem.suggestion is None), None)
    if impossible is not None:
        raise UserError(spoken(impossible.text), tr("Correct it."))
    if blocked:
        raise DoubtError(spoken(blocked[0].text), tr("Correct it, or say that you have checked it."))


def _of_another(problem: Problem) -> Problem | None:
    """Return a new doubt about another value as it is said here: it can be vouched for, its unit stays; None where it says little."""
    if problem.severity is not Severity.BLOCK:
        return None
    vouched = problem.suggestion is not None and problem.field is not None
    return replace(problem, suggestion=CONFIRM) if vouched else replace(problem, severity=Severity.WARN)


def value_back(clinic: ClinicPort, sample: CountSample, name: str) -> Callable[[], Outcome[None]] | None:
    """Return the undo of a changed value: it becomes again what it was; None where there was none."""
    before, reason = sample.values.get(name), undone_by(clinic.user)
    if before is None:
        return None
    return lambda: clinic.correct_count(sample.id, name, before, reason)
