"""What happens when the program has a bug: ids and places into a log, one dialog for each fault, restart first."""

import faulthandler
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

LARGEST_LOG = 200_000


class CrashDesk:
    """Installed as the program's excepthook; never writes an exception's text, which may hold what a nurse typed."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], show: Callable[[str], object]) -> None:
        self._folder, self._clock, self._show = folder, clock, show
        self._shown: set[str] = set()
        self._fault_file: IO[str] | None = None

    @property
    def log_path(self) -> Path:
        """Return where faults are written."""
        return self._folder / "neutromon.log"

    @property
    def fault_path(self) -> Path:
        """Return where a crash of the interpreter itself is written."""
        return self._folder / "crash.txt"

    def install(self) -> None:
        """Take the hook, and have a hard crash write its place to a file."""
        sys.excepthook = self.handle
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._fault_file = open(self.fault_path, "a", encoding="utf-8")  # noqa: SIM115  (open for the program's life)
            faulthandler.enable(self._fault_file)
        except OSError:
            self._fault_file = None  # a folder that cannot be written must not keep the nurse from her work

    def end(self) -> None:
        """Give the hook back and close the file."""
        sys.excepthook = sys.__excepthook__
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def last_crash(self) -> str:
        """Return what the last hard crash wrote, and clear it; empty where there was none."""
        try:
            text = self.fault_path.read_text(encoding="utf-8", errors="replace")
            if text:
                self.fault_path.write_text("", encoding="utf-8")
        except OSError:
            return ""
        return text

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log a fault and show it once for each place in the program."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        place = place_of(kind, trace)
        self._log(place)
        group = place.splitlines()[-1]
        if group not in self._shown:
            self._shown.add(group)
            self._show(place)

    def _log(self, place: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self.log_path.exists() and self.log_path.stat().st_size > LARGEST_LOG:
                self.log_path.replace(self.log_path.with_suffix(".old"))
            with self.log_path.open("a", encoding="utf-8") as log:
                log.write(f"{self._clock().isoformat()}\n{place}\n")
        except OSError:
            sys.stderr.write(f"{place}\n")


def place_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Return the kind of a fault and the places it went through: file, line, function; no text, no values."""
    frames = traceback.extract_tb(trace)
    lines = [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    last = f"{kind.__name__} at {_short(frames[-1].filename)}:{frames[-1].lineno}" if frames else kind.__name__
    return "\n".join([*lines, last])


def _short(filename: str) -> str:
    parts = Path(filename).parts
    return "/".join(parts[parts.index("neutromon") :]) if "neutromon" in parts else parts[-1]
