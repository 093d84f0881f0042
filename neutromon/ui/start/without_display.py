"""The main job where there is no display: import the laboratory's files, print the worklist, write pictures and a trend PDF."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from neutromon.models.errors import ExitStatus, UserError
from neutromon.models.worklist import ListName
from neutromon.storage.files import practice_store_path
from neutromon.ui.start.display import unreachable_display

if TYPE_CHECKING:
    from neutromon.services.session import Session

Say = Callable[[str], object]


def show_main_job(
    practice: bool, store: Path | None, clock: Callable[[], datetime], folder: Path | None, lists: Callable[[Session], list[str]], say: Say
) -> int:
    """Do the main job on the practice clinic and return 0; raise UserError where the clinic's own store was asked for."""
    if folder is None:
        say(_why(unreachable_display(os.environ, sys.platform)))
    if not practice:
        raise UserError(
            "The window of your own clinic needs a display.",
            "Use the command line: `neutromon worklist`, `neutromon import`, `neutromon report`; or `neutromon --practice` to see it work.",
        )
    place = _folder(folder)
    say(f"This shows the practice clinic's day instead; everything goes into {place}")
    from neutromon.services.evaluations import refresh_alerts
    from neutromon.services.practice.store import open_practice

    session = open_practice(store or practice_store_path(), clock=clock)
    try:
        refresh_alerts(session)
        _import(session, place, say)
        for line in lists(session):
            say(line)
        _pictures(session, place, say)
        _report(session, place, say)
    finally:
        from neutromon.services.store_admin import close_session

        close_session(session)
    return int(ExitStatus.DONE)


def _why(unreachable: str) -> str:
    if unreachable:
        return f"The display {unreachable} does not answer, so no window can be opened."
    return "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be opened."


def _folder(folder: Path | None) -> Path:
    place = folder or Path(tempfile.gettempdir()) / f"neutromon-practice-{os.getuid() if hasattr(os, 'getuid') else 'day'}"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {place} cannot be made: {error.strerror}.", "Name another with --tour FOLDER.") from None
    return place


def _import(session: Session, place: Path, say: Say) -> None:
    from neutromon.services.importing import import_files
    from neutromon.services.practice.lab_files import write_lab_files

    say("")
    say("1. The laboratory's files are imported.")
    report = import_files(session, write_lab_files(place / "laboratory", session.clock()))
    for file in report.files:
        told: dict[str, int] = {}
        for own in file.sets:
            reason = f" ({own.reason[0]})" if own.reason else ""
            told[own.outcome + reason] = told.get(own.outcome + reason, 0) + 1
        say(f"   {Path(file.path).name}: " + ", ".join(f"{number} {what}" for what, number in told.items()))
    say("")
    say("2. The worklist with its alerts.")


def _pictures(session: Session, place: Path, say: Say) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from neutromon.ui.start.tour import take_pictures

    say("")
    say("3. Pictures of the main screens.")
    for path in take_pictures(session, place / "pictures"):
        say(f"   {path}")


def _report(session: Session, place: Path, say: Say) -> None:
    from neutromon.report.deliver import trend_report
    from neutromon.services.worklists import worklist

    rows = worklist(session, ListName.ALERTS, limit=1) or worklist(session, ListName.ALL, limit=1)
    say("")
    say("4. A trend report.")
    say(f"   {trend_report(session, rows[0].patient_id, place / 'trend.pdf')}")
    sys.stdout.flush()
