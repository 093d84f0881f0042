"""The watched drop folder: whole files only, each claimed by a rename, stored, then moved to done or error with a note."""

import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from neutromon.interop.wire import one_line
from neutromon.models.errors import UserError
from neutromon.models.imports import FileReport, ImportOptions
from neutromon.services.importing.complete import is_complete
from neutromon.services.importing.files import LINK, NO_FILE, Arrived, Intake, Reason, read_whole
from neutromon.services.session import Session

EVERY_S = 2.0
PATIENCE_S = 600.0
LARGEST = 20 * 1024 * 1024
AT_ONCE = 200
PROCESSING, DONE, ERROR = "processing", "done", "error"
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".lock")
TOO_LARGE: Reason = ("MALFORMED", f"The file is larger than {LARGEST // 1024 // 1024} MB; import it by hand.")
CUT: Reason = ("TRUNCATED", "The file ends in the middle and did not grow for ten minutes.")


@dataclass(slots=True)
class Seen:
    """What was seen of a file at the last look; `since` is when it became so, `first` when it was first there."""

    size: int
    changed: int
    since: float
    first: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A file that this program has taken: its path in `processing` and the name under which it came."""

    path: Path
    name: str
    problem: Reason | None = None


class DropFolder:
    """One drop folder; `look` takes in what is whole and returns what became of it."""

    def __init__(
        self,
        session: Session,
        folder: Path,
        options: ImportOptions,
        *,
        seconds: Callable[[], float] = time.monotonic,
        every_s: float = EVERY_S,
    ) -> None:
        self._session = session
        self._folder = folder
        self._intake = Intake(session, options)
        self._seconds = seconds
        self._every_s = every_s
        self._seen: dict[str, Seen] = {}
        self._make_places()

    def _make_places(self) -> None:
        try:
            for name in (PROCESSING, DONE, ERROR):
                (self._folder / name).mkdir(exist_ok=True)
        except OSError as error:
            raise UserError(f"{self._folder} cannot be used: {error.strerror}.", "Check your rights to the folder.") from None

    def look(self, cancelled: Callable[[], bool] = lambda: False) -> list[FileReport]:
        """Take in what a stopped run left behind and every file that is whole; files still being written wait."""
        claimed = self._left_behind() + self._ready()
        reports: list[FileReport] = []
        for start in range(0, len(claimed), AT_ONCE):
            if cancelled():
                break
            reports += self._import(claimed[start : start + AT_ONCE])
        return reports

    def _left_behind(self) -> list[Claimed]:
        place = self._folder / PROCESSING
        paths = sorted(path for path in place.iterdir() if path.is_file() and not path.is_symlink())
        return [Claimed(path=path, name=path.name.partition("__")[2] or path.name) for path in paths]

    def _ready(self) -> list[Claimed]:
        now = self._seconds()
        claimed: list[Claimed] = []
        there: set[str] = set()
        for entry in self._entries():
            there.add(entry.name)
            ready, problem = self._judge(entry, now)
            if ready and (own := self._claim(entry.name, problem)) is not None:
                claimed.append(own)
                self._seen.pop(entry.name, None)
        self._seen = {name: seen for name, seen in self._seen.items() if name in there}
        return claimed

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._folder) as found:
                entries = [entry for entry in found if not _unfinished(entry.name)]
        except OSError as error:
            raise UserError(f"{self._folder} cannot be read: {error.strerror}.", "Check the folder and the network.") from None
        return sorted(
            (entry for entry in entries if entry.is_symlink() or not entry.is_dir(follow_symlinks=False)), key=lambda entry: entry.name
        )

    def _judge(self, entry: os.DirEntry[str], now: float) -> tuple[bool, Reason | None]:
        """Return whether a file is to be taken now, and what is wrong with it."""
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError:
            return False, None
        if stat.S_ISLNK(state.st_mode):
            return True, LINK
        if not stat.S_ISREG(state.st_mode):
            return True, NO_FILE
        seen = self._seen.get(entry.name)
        if seen is None or (seen.size, seen.changed) != (state.st_size, state.st_mtime_ns):
            self._seen[entry.name] = Seen(state.st_size, state.st_mtime_ns, now, seen.first if seen else now)
            return False, None
        if now - seen.since < self._every_s:
            return False, None
        if state.st_size > LARGEST:
            return True, TOO_LARGE
        return self._whole(Path(entry.path), now - seen.since)

    def _whole(self, path: Path, quiet_s: float) -> tuple[bool, Reason | None]:
        try:
            with path.open("r+b") as file:
                data = file.read()
        except OSError:
            return False, None
        if is_complete(data):
            return True, None
        return (True, CUT) if quiet_s >= PATIENCE_S else (False, None)

    def _claim(self, name: str, problem: Reason | None) -> Claimed | None:
        """Take a file by renaming it; whoever loses the race passes it over."""
        target = self._folder / PROCESSING / f"{self._session.ids()}__{name}"
        try:
            os.rename(self._folder / name, target)
        except OSError:
            return None
        return Claimed(path=target, name=name, problem=problem)

    def _import(self, claimed: Sequence[Claimed]) -> list[FileReport]:
        reports = self._intake.take([_arrived(own) for own in claimed])
        for own, report in zip(claimed, reports, strict=True):
            self._file(own, report)
        return reports

    def _file(self, own: Claimed, report: FileReport) -> None:
        """Move a file to where a person finds it; it is stored already, so a failure here only means that it is seen again."""
        bad = [made.reason for made in report.sets if made.reason and made.outcome == "quarantined" and not made.results]
        month = self._session.clock().strftime("%Y-%m")
        place = self._folder / ERROR if bad else self._folder / DONE / month
        try:
            place.mkdir(parents=True, exist_ok=True)
            target = place / own.name
            if target.exists() or target.is_symlink():
                target = place / own.path.name
            os.replace(own.path, target)
            if bad:
                target.with_name(f"{target.name}.reason.txt").write_text(f"{bad[0][0]}: {bad[0][1]}\n", encoding="utf-8")
        except OSError:
            return


def _unfinished(name: str) -> bool:
    return name.startswith((".", "~")) or name.casefold().endswith(UNFINISHED)


def _arrived(own: Claimed) -> Arrived:
    name = one_line(own.name)
    try:
        state = own.path.lstat()
        if stat.S_ISLNK(state.st_mode):
            return Arrived(name=name, unread=LINK)
        if not stat.S_ISREG(state.st_mode):
            return Arrived(name=name, unread=NO_FILE)
        if own.problem == TOO_LARGE or state.st_size > LARGEST:
            return Arrived(name=name, unread=TOO_LARGE)
        return Arrived(name=name, data=read_whole(own.path, state.st_size), problem=own.problem)
    except OSError as error:
        return Arrived(name=name, unread=("MALFORMED", f"The file cannot be read: {error.strerror}."))


def summary(report: FileReport) -> str:
    """Return a file's name and what became of its sets, without a word about a patient."""
    outcomes: dict[str, int] = {}
    for own in report.sets:
        outcomes[own.outcome] = outcomes.get(own.outcome, 0) + 1
    return f"{report.path}: {', '.join(f'{count} {name}' for name, count in outcomes.items())}"


def watch_folder(
    session: Session,
    folder: Path,
    options: ImportOptions,
    report: Callable[[str], object],
    *,
    stop: Callable[[], bool] = lambda: False,
    wait: Callable[[float], object] = time.sleep,
    seconds: Callable[[], float] = time.monotonic,
) -> None:
    """Look into a folder every two seconds until stopped; Ctrl+C between two looks loses nothing."""
    drop = DropFolder(session, folder, options, seconds=seconds)
    try:
        while not stop():
            for done in drop.look(stop):
                report(summary(done))
            wait(EVERY_S)
    except KeyboardInterrupt:
        report("Stopped.")
