"""Import files and folders: raw bytes first, then every set, many files in one unit; a file that fails never takes another with it."""

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path

from neutromon.interop.parse import parse, troubled
from neutromon.interop.table_mapping import guess_mapping, parse_mapped, table_rows
from neutromon.interop.wire import LARGEST, one_line
from neutromon.models.errors import UserError
from neutromon.models.imports import Disposition, FileReport, ImportOptions, ImportReport, ParsedFile, RawSet, SetReport
from neutromon.services.evaluations import refresh_alerts
from neutromon.services.importing.charts import take_chart
from neutromon.services.importing.codes import code_table
from neutromon.services.importing.plan import Importer
from neutromon.services.importing.profiles import profile_for
from neutromon.services.importing.sources import Sources
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing

AT_ONCE = 200
Reason = tuple[str, str]
TOO_LARGE: Reason = ("MALFORMED", f"The file is larger than {LARGEST // 1024 // 1024} MB.")
LINK: Reason = ("MALFORMED", "This is a link that leads out of the folder; it was not followed.")
NO_FILE: Reason = ("MALFORMED", "This is no ordinary file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to import; `refused` says why it is not to be read."""

    path: Path
    refused: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A name with its bytes, or with the reason why there are none; `problem` is laid over what it says."""

    name: str
    data: bytes = b""
    unread: Reason | None = None
    problem: Reason | None = None


def import_files(
    s: Session,
    paths: Iterable[Path],
    options: ImportOptions | None = None,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
    at_once: int = AT_ONCE,
    slim: bool = False,
) -> ImportReport:
    """Import files and the files of folders, in order of name; raise UserError for a path that is not there or cannot be read.

    Files are committed in groups; `progress` tells only of what is committed, `cancelled` is asked before each group. A `slim` report
    keeps outcomes and what waits but not every row, so that a load of any length needs the same memory.
    """
    found = _expand(paths)
    reports: list[FileReport] = []
    bulk = len(found) > at_once
    intake = Intake(s, options or ImportOptions(), bulk=bulk)
    with s.store.small_cache() if bulk else nullcontext():
        for start in range(0, len(found), at_once):
            if cancelled():
                break
            done = intake.take([_read(item) for item in found[start : start + at_once]])
            reports += [_slim(report) for report in done] if slim else done
            progress(min(start + at_once, len(found)), len(found))
        refresh_alerts(s)
    if len(reports) == 1 and len(found) == 1 and found[0].refused is None:
        _needs_readable(found[0].path)
    return ImportReport(files=tuple(reports), stopped=len(reports) < len(found), found=len(found), patient_ids=_patients(reports))


def import_bytes(s: Session, name: str, data: bytes, options: ImportOptions | None = None) -> FileReport:
    """Import one message that did not come from a file: pasted, or received."""
    return Intake(s, options or ImportOptions()).take([Arrived(name=name, data=data)])[0]


def import_parsed(
    s: Session, name: str, data: bytes, parsed: ParsedFile, options: ImportOptions, patient_id: str | None = None
) -> FileReport:
    """Store sets that a person looked at; `patient_id` is her word on whose they are."""
    with writing(s) as write:
        importer = Importer(write, code_table(s), options)
        source = Sources(write, [data]).keep(name, data, parsed.format)
        sets = tuple(importer.take(own, index, source, patient_id) for index, own in enumerate(parsed.sets))
    return FileReport(path=one_line(name), format=parsed.format, sets=sets)


class Intake:
    """Takes in what arrives, group by group; it knows the clinic's codes.

    In a bulk load a patient who is known is evaluated once at its end: she is marked as due, so that a load that was killed is made up
    for by whoever looks next.
    """

    def __init__(self, session: Session, options: ImportOptions, *, bulk: bool = False) -> None:
        self._bulk = bulk
        self._session = session
        self._options = options
        self._table = code_table(session)

    def take(self, group: Sequence[Arrived]) -> list[FileReport]:
        """Import a group in one unit; where that fails, each alone, so that one bad file stops nothing."""
        try:
            with writing(self._session) as write:
                write.bulk = self._bulk
                importer = Importer(write, self._table, self._options)
                sources = Sources(write, [arrived.data for arrived in group if arrived.unread is None])
                return [_take(write, importer, sources, arrived, self._options) for arrived in group]
        except UserError:
            raise
        except Exception:
            if len(group) == 1:
                return [_failed(self._session, group[0])]
            return [report for arrived in group for report in self.take([arrived])]


def _failed(s: Session, arrived: Arrived) -> FileReport:
    """Keep the bytes of a file on which the program itself failed; a person is told."""
    reason = ("MALFORMED", "The file could not be taken in; its bytes are kept. Please report this to the maker.")
    with writing(s) as write:
        Sources(write, [arrived.data]).keep(arrived.name, arrived.data, "unknown")
    return _unread(arrived.name, reason)


def _patients(reports: Sequence[FileReport]) -> frozenset[str]:
    return frozenset(own.patient_id for report in reports for own in report.sets if own.patient_id)


def _expand(paths: Iterable[Path]) -> list[Found]:
    found: list[Found] = []
    for path in paths:
        try:
            if path.is_dir():
                found += _inside(path)
            elif path.exists():
                found.append(Found(path=path, refused=None if path.is_file() else NO_FILE))
            else:
                raise UserError(f"There is no file or folder {one_line(str(path))}.", "Check the path.")
        except OSError as error:
            raise UserError(f"{one_line(str(path))} cannot be read: {error.strerror}.", "Check the path and your rights to it.") from None
    return found


def _inside(folder: Path) -> list[Found]:
    """Return the files below a folder in order of name; links are followed only to places inside it."""
    root = folder.resolve()
    found = []
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError as error:
            if here is folder:
                raise
            found.append(Found(path=here, refused=("MALFORMED", f"The folder cannot be read: {error.strerror}.")))
            continue
        waiting += [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        found += [own for entry in entries if not entry.is_dir(follow_symlinks=False) for own in _entry(entry, root)]
    return sorted(found, key=lambda item: item.path)


def _entry(entry: os.DirEntry[str], root: Path) -> list[Found]:
    """Return a file as it is to be read; a link to what is in the folder anyway is nothing of its own."""
    path = Path(entry.path)
    if entry.name.startswith("."):
        return []
    if entry.is_symlink():
        inside = path.resolve().is_relative_to(root) and path.exists()
        return [] if inside else [Found(path=path, refused=LINK)]
    return [Found(path=path, refused=None if entry.is_file(follow_symlinks=False) else NO_FILE)]


def _slim(report: FileReport) -> FileReport:
    """Return a report without the rows that went in."""
    return FileReport(path=report.path, format=report.format, sets=tuple(_slim_set(own) for own in report.sets))


def _slim_set(own: SetReport) -> SetReport:
    return SetReport(
        index=own.index,
        raw=_bare(own.raw.sender),
        outcome=own.outcome,
        reason=own.reason,
        marks=own.marks,
        results=tuple(row for row in own.results if row.disposition is Disposition.HELD),
        patient=own.patient,
        patient_id=own.patient_id,
    )


@lru_cache(maxsize=256)
def _bare(sender: str) -> RawSet:
    """Return a set of which only the sender is told; the sets of one sender share it."""
    return RawSet(results=(), sender=sender)


def _needs_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise UserError(f"{one_line(str(path))} cannot be read: {error.strerror}.", "Check your rights to the file.") from None


def _read(item: Found) -> Arrived:
    name = one_line(str(item.path))
    if item.refused is not None:
        return Arrived(name=name, unread=item.refused)
    try:
        size = item.path.stat()
        if not stat.S_ISREG(size.st_mode):
            return Arrived(name=name, unread=NO_FILE)
        if size.st_size > LARGEST:
            return Arrived(name=name, unread=TOO_LARGE)
        return Arrived(name=name, data=read_whole(item.path, size.st_size))
    except OSError as error:
        return Arrived(name=name, unread=("MALFORMED", f"The file cannot be read: {error.strerror}."))


def read_whole(path: Path, size: int) -> bytes:
    """Return the bytes of a file of a size that was asked for before: one call of the system where nothing changed since."""
    with path.open("rb", buffering=0) as file:
        data: bytes = file.read(size + 1) or b""
    return data if len(data) == size else path.read_bytes()


def _unread(name: str, problem: Reason) -> FileReport:
    raw = RawSet(results=(), problem=problem)
    own = SetReport(index=0, raw=raw, outcome="quarantined", reason=problem, marks=(), results=(), patient=None)
    return FileReport(path=name, format="unknown", sets=(own,))


def _take(write: Write, importer: Importer, sources: Sources, arrived: Arrived, options: ImportOptions) -> FileReport:
    if arrived.unread is not None:
        return _unread(arrived.name, arrived.unread)
    site = write.now.tzinfo
    assert site is not None
    parsed = (_by_profile(write.session, arrived.data, site, options.format) if importer.has_profiles else None) or parse(
        arrived.data, site, options.format
    )
    if arrived.problem is not None:
        parsed = troubled(parsed, arrived.problem)
    source = sources.keep(arrived.name, arrived.data, parsed.format)
    sets = [importer.take(own, index, source) for index, own in enumerate(parsed.sets)]
    for history in parsed.charts:
        sets += take_chart(write, importer, history, len(sets), source, options)
    return FileReport(path=arrived.name, format=parsed.format, sets=tuple(sets))


def _by_profile(s: Session, data: bytes, site: tzinfo, form: str) -> ParsedFile | None:
    """Return a table as the clinic's profile for its header reads it; None for anything else."""
    if form not in {"auto", "csv", "xlsx"}:
        return None
    try:
        rows = table_rows(data)
        mapping = profile_for(s, guess_mapping(rows).header)
        return parse_mapped(rows, mapping, site) if mapping is not None else None
    except UserError:
        return None
