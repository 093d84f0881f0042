"""The composition root of the window: reads the clock and the environment, opens the store, builds the window."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from neutromon.models.errors import ExitStatus, UserError
from neutromon.ui.start.display import no_display, unreachable_display


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The options of the window."""

    practice: bool = False
    store: Path | None = None
    now: datetime | None = None
    language: str = ""
    tour: Path | None = None


def run(words: Sequence[str]) -> int:
    """Open the window and return the exit status of the contract; a problem is one line, never a traceback."""
    options = read_words(words)
    try:
        if options.tour is not None or no_display(os.environ, sys.platform) or unreachable_display(os.environ, sys.platform):
            return run_without_display(options)
        return run_window(options, words)
    except UserError as error:
        sys.stderr.write(f"neutromon: {error}\n")
        return int(error.status)


def run_without_display(options: Words) -> int:
    """Say that there is no display and show the main job without one."""
    from neutromon.cli import use_utf8
    from neutromon.cli.output import say
    from neutromon.cli.reading import worklist_lines
    from neutromon.models.worklist import ListName
    from neutromon.services.session import Session
    from neutromon.services.worklists import worklist
    from neutromon.ui.start.without_display import show_main_job

    def lists(session: Session) -> list[str]:
        return [line for name in ListName for line in (*worklist_lines(name, worklist(session, name, limit=100_000)), "")]

    use_utf8()
    return show_main_job(options.practice, options.store, clock(options.now), options.tour, lists, say)


def read_words(words: Sequence[str]) -> Words:
    """Return the options of the window; wrong ones end with status 2."""
    parser = argparse.ArgumentParser(prog="neutromon", description="Open the window.")
    parser.add_argument("--practice", action="store_true", help="the practice clinic of synthetic patients")
    parser.add_argument("--store", type=Path, metavar="PATH", help="the store's file (default: this user's data folder)")
    parser.add_argument("--now", type=moment, metavar="TIME", help="fix the clock, for example 2026-03-12T09:00:00+00:00")
    parser.add_argument("--language", choices=("en", "de", "tr"), default="", help="the language of the window")
    parser.add_argument("--tour", type=Path, metavar="FOLDER", help="show the main job without a display, pictures into a folder")
    found = parser.parse_args(list(words))
    return Words(practice=found.practice, store=found.store, now=found.now, language=found.language, tour=found.tour)


def moment(text: str) -> datetime:
    """Return a time with its offset; argparse says what is wrong."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)
    return value


def clock(fixed: datetime | None) -> Callable[[], datetime]:
    """Return a clock that stands at `fixed`, or runs with this computer's local time."""
    return (lambda: fixed) if fixed is not None else (lambda: datetime.now(UTC).astimezone())


def run_window(options: Words, words: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Start Qt, open or make the store, show the window, and return when it is closed."""
    from neutromon.ui.start.pace import Pace

    pace = Pace()
    pace.begin()
    from neutromon.ui.application import build_application
    from neutromon.ui.start.starter import Starter, StartOptions

    application = build_application(words)
    starter = Starter(
        application,
        StartOptions(
            practice=options.practice,
            store=options.store,
            language=options.language,
            user=environment.get("NEUTROMON_USER", ""),
            passphrase=environment.get("NEUTROMON_PASSPHRASE", ""),
            words=tuple(words),
        ),
        clock(options.now),
        pace=pace,
    )
    if not starter.begin():
        pace.end()
        return int(ExitStatus.DONE)
    status = application.exec()
    starter.end()
    return status
