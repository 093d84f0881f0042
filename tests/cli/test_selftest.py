"""The self-test: what it finds wrong is one line, and pictures of the window count wherever the tour puts them."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from neutromon.cli import selftest


def toured(monkeypatch: pytest.MonkeyPatch, status: int, *names: str) -> None:
    """Let the tour write files of these names and end with a status."""

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        place = Path(command[command.index("--tour") + 1]) / "pictures"
        place.mkdir(parents=True)
        for name in names:
            (place / name).touch()
        return subprocess.CompletedProcess(command, status, "", "no  display")

    monkeypatch.setattr(subprocess, "run", run)


def test_that_a_tour_with_pictures_proves_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    toured(monkeypatch, 0, "1-tomorrow.png")
    assert selftest.window() == ""


@pytest.mark.parametrize(("status", "names"), [(0, ["trend.pdf"]), (1, ["1-tomorrow.png"])])
def test_that_a_tour_without_pictures_or_with_a_failure_is_told(monkeypatch: pytest.MonkeyPatch, status: int, names: list[str]) -> None:
    toured(monkeypatch, status, *names)
    assert selftest.window().startswith(f"status {status}, ")
    assert selftest.window().endswith("no display") and "\n" not in selftest.window()


def test_that_the_forecast_and_the_resources_are_proved() -> None:
    assert (selftest.resources(), selftest.fonts(), selftest.forecast()) == ("", "", "")


def test_that_an_exception_becomes_the_line_of_its_check() -> None:
    def broken() -> str:
        raise ValueError("torn")

    assert selftest.told(broken)() == "ValueError: torn"
