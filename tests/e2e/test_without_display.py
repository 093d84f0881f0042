"""Where there is no display: the program says so and does its main job without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NOW = "2026-03-12T09:00:00+00:00"


def start(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the program in a process of its own, without a display unless one is named."""
    without = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "NEUTROMON_USER", "NEUTROMON_PASSPHRASE"}
    kept = {name: value for name, value in os.environ.items() if name not in without}
    environment = {**kept, "XDG_DATA_HOME": str(folder / "data"), "TMPDIR": str(folder), **environment}
    command = [sys.executable, "-m", "neutromon", "--now", NOW, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Start the practice clinic without a display once."""
    folder = tmp_path_factory.mktemp("day")
    return start(folder, "--practice", "--tour", str(folder / "shown")), folder


def test_that_practice_without_a_display_imports_lists_draws_and_prints(day: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, folder = day
    assert done.returncode == 0, done.stderr
    told = done.stdout
    assert "laboratory.hl7" in told and "stored" in told and "quarantined (UNKNOWN_PATIENT)" in told
    assert "Tomorrow (" in told and "[tier 1] EMERGENCY" in told
    pictures = sorted((folder / "shown" / "pictures").glob("*.png"))
    assert len(pictures) >= 8 and all(path.stat().st_size > 10_000 for path in pictures)
    assert (folder / "shown" / "trend.pdf").read_bytes().startswith(b"%PDF")


def test_that_everything_lies_in_the_folder_that_is_named(day: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, folder = day
    assert str(folder / "shown") in done.stdout


def test_that_the_clinics_own_store_without_a_display_is_one_sentence_with_what_to_do(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 2
    assert "There is no display here" in done.stdout
    assert "needs a display" in done.stderr and "neutromon worklist" in done.stderr
    assert "Traceback" not in done.stderr


def test_that_a_display_that_does_not_answer_is_one_sentence_with_what_to_do(tmp_path: Path) -> None:
    done = start(tmp_path, DISPLAY=":59731")
    assert done.returncode == 2
    assert "The display :59731 does not answer" in done.stdout
    assert "needs a display" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("--now", "yesterday"), ("--language", "xx"), ("--nonsense",)])
def test_that_wrong_words_end_with_status_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = start(tmp_path, *words, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_that_a_store_that_cannot_be_opened_ends_with_status_3_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "clinic.neutromon").write_bytes(b"")
    secrets = {"NEUTROMON_USER": "Testa", "NEUTROMON_PASSPHRASE": "a synthetic passphrase"}
    done = start(tmp_path, "--store", str(tmp_path / "clinic.neutromon"), QT_QPA_PLATFORM="offscreen", **secrets)
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1
    assert "empty or no store" in done.stderr
