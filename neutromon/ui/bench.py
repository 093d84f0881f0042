"""Measure the window: start to the first painted worklist, long lists, and how long the event loop stands still during work."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 3
LONGEST_S = 150
"""A child that takes longer is ended, and its figures are missing with a reason: the suite always returns."""
CHILD = "import sys; from neutromon.ui.bench_child import run; run(sys.argv[1], sys.argv[2])"
BARE = """
import json, os, resource, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

def end():
    used = {"cpu_s": time.process_time(), "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps(used), flush=True)
    os._exit(0)

class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, end)

application = QApplication([])
window = Window()
window.resize(1366, 768)
window.show()
application.exec()
"""
"""A window without anything in it, to the same moment: the event loop is back from its first paint."""
STALLS = {
    "import": "longest stall of the event loop during a bulk import",
    "report": "the same during a batch report",
    "forecast": "the same while 60 patients are forecast",
}
START_RATIO, CHART_S, RSS_MB, KEY_MS, STALL_MS = 1.6, 1.2, 150.0, 60.0, 50.0
"""Goals of the reference on the window, sections 2 and 4."""


def measurements() -> list[dict[str, Any]]:
    """Return every figure of the window room; each is measured in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="neutromon-bench-") as folder:
        return [row for part in (_starts, _lists, _stalls) for row in _told(part, Path(folder))]


def _told(part: Callable[[Path], list[dict[str, Any]]], folder: Path) -> list[dict[str, Any]]:
    """Return the figures of one part, or why there are none."""
    try:
        return part(folder)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return [{"name": f"window: {part.__name__.strip('_')} could not be measured", "error": str(error)}]


def _starts(folder: Path) -> list[dict[str, Any]]:
    store = str(folder / "practice.neutromon")
    _child("build", store)
    bare = _median([_run([sys.executable, "-c", BARE]) for _ in range(ROUNDS)])
    first = _median([_child("start", store) for _ in range(ROUNDS)])
    chart = _median([_child("chart", store) for _ in range(ROUNDS)])
    goal = f"{START_RATIO} times"
    return [
        _row("start to the first painted worklist", first["cpu_s"], "s CPU", bare["cpu_s"], goal),
        _row("start to the first painted worklist", first["wall_s"], "s wall", bare["wall_s"], "0.5 on a quiet machine"),
        _row("resident memory at the first painted worklist", first["rss_mb"], "MB", bare["rss_mb"], f"{RSS_MB:.0f}"),
        _row("start to a usable chart", chart["cpu_s"], "s CPU", bare["cpu_s"], f"{CHART_S}"),
        _row("resident memory with a chart", chart["rss_mb"], "MB", bare["rss_mb"], f"{RSS_MB:.0f}"),
    ]


def _lists(folder: Path) -> list[dict[str, Any]]:
    rows = []
    small = _child("list:77", str(folder / "small.neutromon"))
    for size in (10_000, 100_000):
        found = _child(f"list:{size}", str(folder / f"{size}.neutromon"))
        for name in ("open", "filter key", "sort"):
            rows.append(_row(f"worklist of {size:,}: {name}", found[name], "ms CPU", small[name], f"{KEY_MS:.0f}"))
    return rows


def _stalls(folder: Path) -> list[dict[str, Any]]:
    rows = []
    for name, what in STALLS.items():
        found = _child(f"stall:{name}", str(folder / f"{name}.neutromon"))
        rows.append(_row(what, found["busy_ms"], "ms wall", found["idle_ms"], f"{STALL_MS:.0f}"))
        rows.append(_row(f"{what}, without other programs", found["busy_own_ms"], "ms CPU", found["idle_own_ms"], f"{STALL_MS:.0f}"))
    return rows


def _row(name: str, value: float, unit: str, baseline: float, goal: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": value / baseline if baseline else None, "goal": goal}


def _child(what: str, store: str) -> dict[str, float]:
    return _run([sys.executable, "-c", CHILD, what, store])


def _run(command: list[str]) -> dict[str, float]:
    """Run a child and return its figures; the wall time from its start to its line of figures is added."""
    from time import perf_counter

    begun = perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment(), timeout=LONGEST_S)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"status {done.returncode}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return {"wall_s": perf_counter() - begun, **figures}


def _environment() -> dict[str, str]:
    """Return the environment of a child: no display, and compiled modules kept as an installed program keeps them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "neutromon-bench-compiled"), **kept, "QT_QPA_PLATFORM": "offscreen"}


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: sorted(one[name] for one in rounds)[len(rounds) // 2] for name in rounds[0]}
