"""A window used from outside: a virtual screen, a hand on keyboard and mouse, and what a screen reader is told.

Scripts that use this run with the system's Python (python3-gi and gir1.2-atspi-2.0 belong to it); the program runs in its own environment.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parents[1]
PROGRAM = HOUSE / ".venv" / "bin" / "python"
NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox", "dbus-run-session": "dbus-bin"}
PATIENCE, PAUSE, GLANCE = 120.0, 0.05, 0.1
MOST_CHILDREN = 300


def missing() -> str:
    """Say what has to be installed before a window can be used from outside; empty where all is there."""
    packages = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    try:
        _atspi()
    except (ImportError, ValueError):
        packages += ["python3-gi", "gir1.2-atspi-2.0", "at-spi2-core"]
    return f"A window used from outside needs: apt-get install {' '.join(packages)}" if packages else ""


def in_own_session() -> None:
    """Begin again within a message bus of our own, where there is none, so that the accessibility tree has one."""
    if not os.environ.get("OUTSIDE_SESSION"):
        os.environ["OUTSIDE_SESSION"] = "1"
        os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])


def _atspi() -> Any:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi

    return Atspi


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing of the accessibility tree: its role, name and place."""

    role: str
    name: str
    node: Any

    def point(self, across: float = 0.5) -> tuple[int, int]:
        """Return the place on the screen at half its height and this share of its width."""
        box = self.node.get_extents(_atspi().CoordType.SCREEN)
        return box.x + int(box.width * across), box.y + box.height // 2


def look(role: str = "") -> Iterator[Seen]:
    """Go through everything that shows, of one role where it is named."""
    atspi = _atspi()
    desk = atspi.get_desktop(0)
    for index in range(desk.get_child_count()):
        yield from _walk(desk.get_child_at_index(index), role, atspi, top=True)


def _walk(node: Any, role: str, atspi: Any, *, top: bool) -> Iterator[Seen]:
    try:
        if node is None or not (top or node.get_state_set().contains(atspi.StateType.SHOWING)):
            return
        own, name = node.get_role_name(), node.get_name() or ""
        children = min(node.get_child_count(), MOST_CHILDREN)
    except Exception:  # noqa: BLE001 - a node that went away while it was looked at is no longer there
        return
    if not role or own == role:
        yield Seen(own, name, node)
    for index in range(children):
        try:
            child = node.get_child_at_index(index)
        except Exception:  # noqa: BLE001 - as above
            continue
        yield from _walk(child, role, atspi, top=own == "application")


def find(words: str, role: str = "") -> Seen | None:
    """Return the first thing that shows whose name has these words."""
    return next((seen for seen in look(role) if words in seen.name), None)


@dataclass(slots=True)
class Hand:
    """Presses keys and clicks on the virtual screen, and counts both."""

    environment: dict[str, str]
    keys: int = 0
    clicks: int = 0

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

    def click(self, words: str, role: str = "", *, across: float = 0.5) -> None:
        """Click on the thing of this name, once it shows, at this share of its width."""
        self.wait_seen(words, role)
        seen = find(words, role)
        if seen is None:
            raise SystemExit(f"{words} went away before it was clicked.")
        self.clicks += 1
        x, y = seen.point(across)
        self.run("mousemove", str(x), str(y), "click", "1")
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
            time.sleep(GLANCE)

    def wait_title(self, title: str) -> None:
        """Wait until a window of this title has the keyboard."""
        self.wait(title, lambda: self.title() == title)

    def wait_seen(self, words: str, role: str = "") -> None:
        """Wait until the accessibility tree shows these words."""
        self.wait(f"{role} {words}", lambda: find(words, role) is not None)


@dataclass(slots=True)
class Desk:
    """A virtual screen with a window manager and a home folder; starts programs on it and kills them."""

    home: Path
    environment: dict[str, str]
    hand: Hand
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a program on this screen."""
        quiet = subprocess.DEVNULL
        self.running.append(subprocess.Popen(words, env=self.environment, cwd=HOUSE, stdout=quiet, stderr=quiet, start_new_session=True))
        return self.running[-1]

    def program(self, *words: str) -> subprocess.Popen[bytes]:
        """Start NeutroMon's window."""
        return self.start(str(PROGRAM), "-m", "neutromon", *words)

    def picture(self, file: Path) -> None:
        """Write what the screen shows as a picture, where ImageMagick is there."""
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(file)], env=self.environment, check=False)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a program as a power cut would: no signal that it could answer."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        self.running.remove(process)


@contextmanager
def desk(screen: str, size: str = "1366x768") -> Iterator[Desk]:
    """Give a screen of this size, and take everything away at the end."""
    _atspi().get_desktop(0)  # wakes the registry; a window that starts before it is never seen
    with tempfile.TemporaryDirectory(prefix="neutromon-outside-") as place:
        home = Path(place)
        (home / "Documents").mkdir()
        environment = {
            **os.environ,
            "DISPLAY": screen,
            "HOME": place,
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        made = Desk(home, environment, Hand(environment))
        try:
            made.start("Xvfb", screen, "-screen", "0", f"{size}x24")
            made.hand.wait("the virtual screen", lambda: bool(made.hand.run("getmouselocation")))
            made.start("openbox")
            yield made
        finally:
            for process in reversed(list(made.running)):
                process.terminate()
                process.wait(timeout=20)
