"""Import files and folders: raw bytes first, then every set, many files in one unit."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from neutromon.interop.parse import parse
from neutromon.interop.wire import LARGEST
from neutromon.models.errors import UserError
from neutromon.models.imports import FileReport, ImportOptions, ImportReport, ParsedFile, RawSet, SetReport
from neutromon.services.importing.codes import code_table
from neutromon.services.importing.plan import HELD, Importer, held_index
from neutromon.services.session import Session
from neutromon.services.writing import Write, writing

AT_ONCE = 100
UNREADABLE = ("MALFORMED", "The file cannot be read: {}.")


def import_files(
    s: Session,
    paths: Iterable[Path],
    options: ImportOptions | None = None,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Import files and the files of folders, in order of name; raise UserError for a path that is not there."""
    files = _expand(paths)
    reports: list[FileReport] = []
    table, held = code_table(s), held_index(s.store.facts_of_kind(HELD))
    for start in range(0, len(files), AT_ONCE):
        if cancelled():
            return ImportReport(files=tuple(reports), stopped=True)
        with writing(s) as write:
            importer = Importer(write, table, options or ImportOptions(), held)
            for path in files[start : start + AT_ONCE]:
                reports.append(_file(write, importer, path, options or ImportOptions()))
        progress(min(start + AT_ONCE, len(files)), len(files))
    return ImportReport(files=tuple(reports), patient_ids=_patients(reports))


def import_bytes(s: Session, name: str, data: bytes, options: ImportOptions | None = None) -> FileReport:
    """Import one message that did not come from a file: pasted, or received."""
    chosen = options or ImportOptions()
    with writing(s) as write:
        importer = Importer(write, code_table(s), chosen, held_index(s.store.facts_of_kind(HELD)))
        return _data(write, importer, name, data, chosen)


def _patients(reports: Sequence[FileReport]) -> frozenset[str]:
    return frozenset(own.patient_id for report in reports for own in report.sets if own.patient_id)


def _expand(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(item for item in path.rglob("*") if item.is_file() and not item.is_symlink() and not item.name.startswith("."))
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise UserError(f"There is no file or folder {path}.", "Check the path.")
    return found


def _file(write: Write, importer: Importer, path: Path, options: ImportOptions) -> FileReport:
    try:
        if path.stat().st_size > LARGEST:
            problem = ("MALFORMED", f"The file is larger than {LARGEST // 1024 // 1024} MB.")
            return _unread(path, problem)
        data = path.read_bytes()
    except OSError as error:
        return _unread(path, ("MALFORMED", f"The file cannot be read: {error.strerror}."))
    return _data(write, importer, str(path), data, options)


def _unread(path: Path, problem: tuple[str, str]) -> FileReport:
    raw = RawSet(results=(), problem=problem)
    own = SetReport(index=0, raw=raw, outcome="quarantined", reason=problem, marks=(), results=(), patient=None)
    return FileReport(path=str(path), format="unknown", sets=(own,))


def _data(write: Write, importer: Importer, name: str, data: bytes, options: ImportOptions) -> FileReport:
    site = write.now.tzinfo
    assert site is not None
    parsed: ParsedFile = parse(data, site, options.format)
    source = _keep(write, name, data, parsed.format)
    sets = tuple(importer.take(own, index, source) for index, own in enumerate(parsed.sets))
    return FileReport(path=name, format=parsed.format, sets=sets)


def _keep(write: Write, name: str, data: bytes, form: str) -> str:
    """Store the original bytes once and return the id under which they lie."""
    digest = hashlib.sha256(data).hexdigest()
    known = write.session.store.rows("SELECT id FROM message WHERE digest = ? LIMIT 1", (digest,))
    if known:
        write.audit("message seen again", "", known[0][0])
        return str(known[0][0])
    message = write.session.ids()
    summary: Mapping[str, str] = {"format": form}
    write.unit.add_message(
        message, digest, write.now.isoformat(), write.session.user, Path(name).name[:200], form, data, json.dumps(summary)
    )
    write.audit("message imported", "", message)
    return message
