"""Figures of the import: messages a second to stored, evaluated results, beside what a reading library needs to parse them."""

import gc
import importlib
import json
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from neutromon.models.imports import ImportOptions
from neutromon.services.importing.files import import_files
from neutromon.services.importing.made import made_folder, made_messages
from neutromon.services.importing.watch import DropFolder
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, create_store, open_session

COUNT = 2000
WATCHED = 1000
PER_PATIENT = 10
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FIRST = NOW - timedelta(days=3 * PER_PATIENT + 2)
WORDS = ("bench", "only for measuring, nothing secret")
CREATE = ImportOptions(create_patients=True)
STATUS = Path("/proc/self/status")
Figure = dict[str, Any]


def measurements(count: int = COUNT, watched: int = WATCHED) -> list[Figure]:
    """Return import rate, memory and the watched folder, each beside its baseline in the same run."""
    with tempfile.TemporaryDirectory(prefix="neutromon-bench-") as name:
        folder = Path(name)
        patients = max(1, count // PER_PATIENT)
        made_folder(folder / "in", count, FIRST, patients)
        parse_s = _library_s(count, patients)
        with _store(folder / "load") as session:
            loaded = _load(session, folder / "in", count, parse_s)
        with _store(folder / "watch") as session:
            dropped = _watched(session, folder / "drop", watched)
    return [*loaded, dropped]


@contextmanager
def _store(path: Path) -> Iterator[Session]:
    create_store(path, *WORDS, now=NOW)
    session = open_session(path, *WORDS, clock=lambda: NOW)
    try:
        yield session
    finally:
        close_session(session)


def _cpu(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def _library_s(count: int, patients: int) -> float | None:
    """Return the CPU time in which the `hl7` library parses the messages, and nothing more; None where it is not installed."""
    try:
        library = importlib.import_module("hl7")
    except ImportError:
        return None
    texts = [data.decode() for _, data in made_messages(count, FIRST, patients)]
    return _cpu(lambda: deque((library.parse(text) for text in texts), maxlen=0))


def _load(session: Session, folder: Path, count: int, parse_s: float | None) -> list[Figure]:
    sizes: list[int] = []
    begun = time.perf_counter()
    took = _cpu(lambda: import_files(session, [folder], CREATE, progress=lambda done, total: sizes.append(_resident_kb()), slim=True))
    wall = time.perf_counter() - begun
    quarters = [sizes[max(0, len(sizes) * part // 4 - 1)] / 1024 for part in (1, 2, 3, 4)]
    rate: Figure = {
        "name": f"{count} HL7 files to stored, evaluated results",
        "value": count / took,
        "unit": "messages/s",
        "baseline": count / parse_s if parse_s else None,
        "ratio": parse_s / took if parse_s else None,
        "goal": "10,000 in 15 s; beside: parsing alone with the hl7 library",
    }
    memory: Figure = {
        "name": f"memory at 25, 50, 75 and 100 % of the load: {', '.join(f'{size:.0f}' for size in quarters)} MB",
        "value": quarters[3],
        "unit": "MB",
        "baseline": quarters[0],
        "ratio": quarters[3] / quarters[0],
        "goal": "flat: at most 1.2 of a quarter",
    }
    clock: Figure = {
        "name": f"{count} HL7 files to stored, evaluated results, by the clock",
        "value": wall,
        "unit": "s",
        "baseline": took,
        "ratio": wall / took,
        "goal": "10,000 in 15 s; beside: CPU time of the same load",
    }
    return [rate, clock, memory]


def _resident_kb() -> int:
    """Return the resident size now, in kB, or the largest so far where only that is told; 1 where the platform tells neither."""
    try:
        return int(STATUS.read_text(encoding="ascii").split("VmRSS:")[1].split()[0])
    except (OSError, IndexError, ValueError):
        return _peak_kb()


def _peak_kb() -> int:
    try:
        own = importlib.import_module("resource")
    except ImportError:
        return 1
    return int(own.getrusage(own.RUSAGE_SELF).ru_maxrss)


def _watched(session: Session, folder: Path, files: int) -> Figure:
    """Return how long a watched folder takes for files that arrive at once, beside the same files seen again."""
    made_folder(folder, files, FIRST, files)
    ticks = [0.0]
    drop = DropFolder(session, folder, CREATE, seconds=lambda: ticks[0])

    def look_twice() -> None:
        drop.look()
        ticks[0] += 3
        drop.look()

    took = _cpu(look_twice)
    again = _cpu(lambda: import_files(session, [folder / "done"], CREATE))
    return {
        "name": f"watched folder: {files} files at once, without the two seconds of waiting",
        "value": took,
        "unit": "s CPU",
        "baseline": again,
        "ratio": took / again,
        "goal": "all in one look; beside: the same files seen again",
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measurements(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT), indent=1) + "\n")
