"""The five tasks of a nurse's day, driven from outside by keyboard alone: a real window on a virtual screen, keystrokes and seconds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox"}
SCREEN = os.environ.get("FIVE_TASKS_DISPLAY", ":97")
MAIN, PATIENCE = "NeutroMon – practice clinic", 90.0
PAUSE = 0.05


@dataclass(slots=True)
class Hand:
    """Presses keys on the virtual screen and counts them; looks only at the titles of windows and at files."""

    environment: dict[str, str]
    keys: int = 0

    def run(self, *words: str) -> str:
        """Run xdotool and return what it says."""
        done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def press(self, *keys: str) -> None:
        """Press keys, each once; a key with its modifiers is one keystroke."""
        self.keys += len(keys)
        for key in keys:
            self.run("key", key)
            time.sleep(PAUSE)

    def type(self, text: str) -> None:
        """Type a text."""
        self.keys += len(text)
        self.run("type", "--delay", "25", text)
        time.sleep(PAUSE)

    def title(self) -> str:
        """Return the title of the window that has the keyboard."""
        return self.run("getactivewindow", "getwindowname")

    def wait(self, what: str, found: Callable[[], bool]) -> None:
        """Wait until something is so; say what was missing where it is not."""
        until = time.monotonic() + PATIENCE
        while not found():
            if time.monotonic() > until:
                raise SystemExit(f"Waited {PATIENCE:.0f} s in vain for: {what}. The keyboard was in: {self.title()}")
            time.sleep(0.05)

    def wait_title(self, title: str) -> None:
        """Wait until a window of this title has the keyboard."""
        self.wait(title, lambda: self.title() == title)


def find_patient(hand: Hand, _folder: Path) -> None:
    """Ctrl+K, a number, Enter."""
    hand.press("ctrl+k")
    hand.type("1002")
    hand.press("Return")


def decide_tomorrow(hand: Hand, _folder: Path) -> None:
    """Tomorrow's list, second row: defer by 7 days with a reason."""
    hand.press("alt+1", "Down", "ctrl+d")
    hand.wait_title("Decide the treatment day")
    hand.type("d7")
    hand.press("Tab")
    hand.type("ANC too low")
    hand.press("ctrl+Return")
    hand.wait_title(MAIN)


def enter_count(hand: Hand, _folder: Path) -> None:
    """Today, now: white cells, neutrophils, platelets, haemoglobin, with a decimal comma."""
    hand.press("ctrl+n")
    hand.wait_title("Enter count")
    hand.press("Return", "Return")
    for value, enters in (("2,3", 1), ("0,8", 3), ("120", 1), ("11,2", 0)):
        hand.type(value)
        hand.press(*["Return"] * enters)
    hand.press("ctrl+Return")
    hand.wait_title(MAIN)


def acknowledge(hand: Hand, _folder: Path) -> None:
    """The inbox, the worst alert, A and a digit."""
    hand.press("alt+7")
    hand.type("a1")


def print_trend(hand: Hand, folder: Path) -> None:
    """Find a patient, Ctrl+P, a file name, Enter."""
    hand.press("ctrl+k")
    hand.type("1009")
    hand.press("Return", "ctrl+p")
    hand.wait_title("Write the report to")
    hand.press("ctrl+a")
    hand.type("trend.pdf")
    hand.press("Return")
    hand.wait("the PDF", lambda: any(path.stat().st_size > 1000 for path in folder.rglob("trend.pdf")))


TASKS: tuple[tuple[str, Callable[[Hand, Path], None]], ...] = (
    ("find a patient", find_patient),
    ("decide on tomorrow's list", decide_tomorrow),
    ("enter a count", enter_count),
    ("acknowledge an urgent alert", acknowledge),
    ("print the trend", print_trend),
)


def main() -> int:
    """Start screen, window manager and program; do the five tasks; print keystrokes and seconds."""
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if missing:
        print(f"The five tasks need a virtual screen and a hand: apt-get install {' '.join(missing)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        documents = folder / "Documents"
        documents.mkdir()
        environment = {**os.environ, "DISPLAY": SCREEN, "HOME": place, "XDG_DATA_HOME": str(folder / "data"), "QT_QPA_PLATFORM": "xcb"}
        started: list[subprocess.Popen[bytes]] = []

        def start(*words: str) -> None:
            quiet = subprocess.DEVNULL
            started.append(subprocess.Popen(words, env=environment, cwd=HOUSE, stdout=quiet, stderr=quiet))

        try:
            start("Xvfb", SCREEN, "-screen", "0", "1366x768x24")
            hand = Hand(environment)
            hand.wait("the virtual screen", lambda: bool(hand.run("getmouselocation")))
            start("openbox")
            start(sys.executable, "-m", "neutromon", "--practice")
            hand.wait_title(MAIN)
            time.sleep(2)
            for name, task in TASKS:
                hand.keys, began = 0, time.monotonic()
                task(hand, folder)
                print(f"{name:28} {hand.keys:3} keystrokes {time.monotonic() - began:6.1f} s", flush=True)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(timeout=20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
