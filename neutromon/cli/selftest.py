"""Prove an installed or frozen build in a temporary folder: each check returns "" or what is wrong in one line."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

MORNING = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DroidSansFallbackFull.ttf", "Inter-Regular.otf", "Inter-SemiBold.otf")
WINDOW_SECONDS = 120


def checks() -> Mapping[str, Callable[[], str]]:
    """Return every check by its name, in the order in which they tell most."""
    found = {
        "resources": resources,
        "fonts": fonts,
        "store": store,
        "chart and PDF": chart_and_pdf,
        "forecast": forecast,
        "window": window,
    }
    return {name: told(check) for name, check in found.items()}


def told(check: Callable[[], str]) -> Callable[[], str]:
    """Return a check that tells an exception as its one line, so that the next check still runs."""

    def run() -> str:
        try:
            return check()
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:200]}"

    return run


def resources() -> str:
    """Read every rule file."""
    from neutromon.services.rule_book import load_book

    return "" if load_book().regimens else "no regimen was found"


def fonts() -> str:
    """Look for the shipped fonts."""
    from neutromon.storage.files import resource_path

    missing = [name for name in FONTS if not resource_path(f"fonts/{name}").is_file()]
    return f"missing: {', '.join(missing)}" if missing else ""


def store() -> str:
    """Make the practice clinic in an encrypted store, back it up and check it."""
    from neutromon.services.backups import back_up
    from neutromon.services.practice.store import open_practice
    from neutromon.services.store_admin import check_store, close_session

    with tempfile.TemporaryDirectory(prefix="neutromon-selftest-") as folder:
        session = open_practice(Path(folder) / "practice.neutromon", clock=lambda: MORNING)
        try:
            back_up(session)
            broken = [check.name for check in check_store(session).checks if not check.ok]
        finally:
            close_session(session)
    return f"failed: {', '.join(broken)}" if broken else ""


def chart_and_pdf() -> str:
    """Write the trend report of the first practice patient, chart included."""
    from neutromon.models.worklist import ListName
    from neutromon.report.deliver import trend_report
    from neutromon.services.practice.store import open_practice
    from neutromon.services.store_admin import close_session
    from neutromon.services.worklists import worklist

    with tempfile.TemporaryDirectory(prefix="neutromon-selftest-") as folder:
        session = open_practice(Path(folder) / "practice.neutromon", clock=lambda: MORNING)
        try:
            row = worklist(session, ListName.ALL, limit=1)[0]
            written = trend_report(session, row.patient_id, Path(folder) / "trend.pdf").read_bytes()
        finally:
            close_session(session)
    return "" if written.startswith(b"%PDF-") and b"/StructTreeRoot" in written else "the report is no tagged PDF"


def forecast() -> str:
    """Estimate the worked example of the contract."""
    from neutromon.forecast.reference_case import fit_case

    case = {
        "format": "neutromon-case/1",
        "id": "selftest",
        "model": "friberg-kpd",
        "typical": {"circ0": 4.8, "mtt_h": 86.0, "gamma": 0.165, "lk": 3.14, "t_e_h": 6.0},
        "between_subject_variance": {"circ0": 0.16, "mtt_h": 0.0289, "gamma": 0.0225, "lk": 0.3025, "t_e_h": 0.16},
        "residual": {"type": "lognormal", "sd": 0.35},
        "doses": [{"time_h": 0, "amount": 1.0, "duration_h": 0}],
        "observations": [{"time_h": 0, "value": 4.05}, {"time_h": 192, "value": 1.12}],
        "grid_h": [0, 264],
    }
    objective = float(fit_case(case)["objective"])
    return "" if abs(objective - 0.863064) < 0.001 else f"objective {objective:.6f} instead of 0.863064"


def window() -> str:
    """Open the practice clinic in a window without a screen and take its pictures, in a process of its own."""
    own = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "neutromon"]
    with tempfile.TemporaryDirectory(prefix="neutromon-selftest-") as folder:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
        command = [*own, "--practice", "--tour", str(Path(folder) / "tour")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=WINDOW_SECONDS)
        pictures = list((Path(folder) / "tour").rglob("*.png"))
    if done.returncode or not pictures:
        return f"status {done.returncode}, {len(pictures)} pictures: {' '.join(done.stderr.split())[-160:]}"
    return ""
