"""The import contracts hold, and a planted violation of each is caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).parent / "lint-imports"

PLANTED = {
    "a record that reads the store": ("models/planted.py", "import neutromon.storage\n", "The rooms of the house"),
    "a rule that asks a service": ("rules/planted.py", "import neutromon.services\n", "The rooms of the house"),
    "a service that draws a report": ("services/planted.py", "import neutromon.report\n", "The rooms of the house"),
    "storage that evaluates": ("storage/planted.py", "import neutromon.rules\n", "The rooms of the house"),
    "a command that opens the window": ("cli/planted.py", "import neutromon.ui\n", "The rooms of the house"),
    "a room that nobody planned": ("attic/__init__.py", "", "The rooms of the house"),
    "Qt in a service": ("services/planted.py", "import PySide6.QtCore\n", "Qt is known to the window"),
    "Qt in a report": ("report/planted.py", "import PySide6.QtGui\n", "Qt is known to the window"),
    "SQL in a service": ("services/planted.py", "import sqlite3\n", "SQL and the cipher"),
    "the cipher in the window": ("ui/planted.py", "import sqlcipher3\n", "SQL and the cipher"),
    "a rule that reads a file": ("rules/planted.py", "import pathlib\n", "do no I/O"),
    "a forecast that reads the clock": ("forecast/planted.py", "import time\n", "do no I/O"),
    "the chart library outside the charts": ("ui/planted.py", "import pyqtgraph\n", "pyqtgraph draws"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts over the package in a folder."""
    return subprocess.run([str(LINT), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which violations can be planted."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "neutromon", folder / "neutromon", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_that_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", PLANTED)
def test_that_a_planted_violation_is_caught(copy: Path, name: str) -> None:
    where, text, contract = PLANTED[name]
    planted = copy / "neutromon" / where
    made_folder = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(text, encoding="utf-8")
    try:
        done = lint(copy)
    finally:
        shutil.rmtree(planted.parent) if made_folder else planted.unlink()
    assert done.returncode != 0
    assert contract in done.stdout.split("Broken contracts")[-1] or contract in done.stdout


@pytest.mark.parametrize("line", ["datetime.now()", "date.today()", "QApplication.processEvents()", "QApplication.instance()"])
def test_that_a_banned_call_is_caught(tmp_path: Path, line: str) -> None:
    room = tmp_path / "neutromon" / "services"
    room.mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    imports = "from datetime import date, datetime\nfrom PySide6.QtWidgets import QApplication\n"
    (room / "planted.py").write_text(f'"""Planted."""\n\n{imports}\nx = {line}\n', encoding="utf-8")
    ruff = Path(sys.executable).parent / "ruff"
    command = [str(ruff), "check", "--no-cache", "--select", "TID251", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "TID251" in done.stdout
