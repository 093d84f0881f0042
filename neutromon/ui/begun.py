"""Which form a draft belongs to: its kind says the form and what it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from neutromon.ui.commands import Command
from neutromon.ui.text import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A form that was begun and not saved, by name, with its subject and its title."""

    form: str
    subject: str
    title: str


def begun_forms(kinds: Iterable[str], commands: Sequence[Command], today: date) -> list[Begun]:
    """Return the forms of drafts; one whose form cannot be opened by name, or that was about a day gone by, is passed over."""
    titles = {command.id.removeprefix("form_"): command.title for command in commands if command.id.startswith("form_")}
    titles |= {"record": tr("Count"), "flow_sheet": tr("Flow sheet")}
    found = []
    for kind in kinds:
        form, *about = kind.split(":")
        if form in titles and not (form == "decision" and about[0] < today.isoformat()):
            found.append(Begun(form=form, subject=_subject(form, about), title=titles[form]))
    return found


def _subject(form: str, about: list[str]) -> str:
    """Return what the form is about: the last part of the kind; a decision and a course find theirs by themselves."""
    return about[-1] if about and form not in {"decision", "course"} else ""
