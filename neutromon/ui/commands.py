"""Commands: one table of everything that can be done by key, menu and palette."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from neutromon.ui.text import tr


class Group(StrEnum):
    """Where a command stands in the menus and on the shortcut sheet."""

    LISTS = "lists"
    PATIENT = "patient"
    CHART = "chart"
    CLINIC = "clinic"
    WINDOW = "window"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing to do; `run` is None for keys that a screen handles by itself and the sheet only tells."""

    id: str
    group: Group
    title: str
    keys: tuple[str, ...] = ()
    run: Callable[[], object] | None = None
    needs_patient: bool = False
    administrator: bool = False


def group_title(group: Group) -> str:
    """Return the heading of a group."""
    titles = {
        Group.LISTS: tr("Lists"),
        Group.PATIENT: tr("Patient"),
        Group.CHART: tr("Chart and fields"),
        Group.CLINIC: tr("Clinic"),
        Group.WINDOW: tr("Window"),
    }
    return titles[group]


def told_commands() -> tuple[Command, ...]:
    """Return the keys that screens handle by themselves, for the shortcut sheet."""
    told = (
        ("chart_scale", tr("Logarithmic or linear scale"), ("L",)),
        ("chart_cycle", tr("Previous or next cycle"), ("[", "]")),
        ("chart_point", tr("Step through the counts"), ("←", "→")),
        ("chart_open", tr("Open the record of a count"), ("Enter",)),
        ("date_words", tr("Dates: today, yesterday, in three days"), ("t", "t-1", "+3")),
        ("save", tr("Save a form"), ("Ctrl+Enter",)),
        ("back", tr("Back out"), ("Esc",)),
    )
    return tuple(Command(id=name, group=Group.CHART, title=title, keys=keys) for name, title, keys in told)


def matching(commands: Sequence[Command], text: str) -> list[Command]:
    """Return the commands that can be run and whose title holds every word, those that begin with it first."""
    words = text.casefold().split()
    found = [c for c in commands if c.run is not None and all(word in c.title.casefold() for word in words)]
    return sorted(found, key=lambda c: (not c.title.casefold().startswith(text.casefold()), c.title))
