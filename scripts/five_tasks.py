"""The five tasks of a nurse's day from outside: by keyboard alone, then with the mouse, each result read from the accessibility tree."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from outside import Desk, Hand, desk, find, in_own_session, look, missing

SCREEN = ":97"
MAIN = "NeutroMon – practice clinic"
COUNTED = re.compile(r"\d+ patients?")
ROW, CELL, BUTTON, TAB = "list item", "table cell", "push button", "check box"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing the five tasks."""

    name: str
    tasks: tuple[tuple[str, Callable[[Desk], None]], ...]


def _print(number: str, at: Desk) -> None:
    """Write the trend of the opened patient under a name of our own and wait for the whole file."""
    name = f"trend-{number}.pdf"
    at.hand.wait_title("Write the report to")
    at.hand.press("ctrl+a")
    at.hand.type(name)
    at.hand.press("Return")
    at.hand.wait("the PDF", lambda: any(path.read_bytes().rstrip().endswith(b"%%EOF") for path in at.home.rglob(name)))


def _urgent_row(state: str) -> str:
    """Return the name of the first urgent alert of the inbox in this state, or nothing."""
    return next((seen.name for seen in look(ROW) if seen.name.startswith("Urgent") and state in seen.name), "")


def _answered(hand: Hand, row: str) -> None:
    who = row.split(" · ")[2]
    hand.wait(
        f"the answer to the urgent alert of {who}", lambda: any(who in seen.name and "Acknowledged" in seen.name for seen in look(ROW))
    )


def _values(hand: Hand, anc: str) -> None:
    for value, enters in (("2,3", 1), (anc, 3), ("120", 1), ("11,2", 0)):
        hand.type(value)
        hand.press(*["Return"] * enters)


def _anc_shows(hand: Hand, anc: str) -> None:
    hand.wait_title(MAIN)
    hand.wait(f"ANC {anc} as the newest", lambda: find("What matters now") is not None and any(seen.name == anc for seen in look("label")))


def _listed() -> int:
    """Return how many patients the list says it has; who is deferred leaves tomorrow's."""
    return next((int(seen.name.split()[0]) for seen in look("label") if COUNTED.fullmatch(seen.name)), 0)


def find_by_keys(at: Desk) -> None:
    """Ctrl+K, a number, Enter."""
    at.hand.press("ctrl+k")
    at.hand.type("1002")
    at.hand.press("Return")
    at.hand.wait_seen("PC-1002", "label")


def find_by_mouse(at: Desk) -> None:
    """A click into quick find, a number, a double click on what it found."""
    at.hand.click("Find a patient or a command", "text")
    at.hand.type("1009")
    at.hand.click("PC-1009", ROW)
    at.hand.wait("the patient", lambda: find("PC-1009", "label") is not None)


def decide_by_keys(at: Desk) -> None:
    """Tomorrow's list, second row: defer by 7 days with a reason."""
    at.hand.press("alt+1")
    at.hand.wait("tomorrow's list", lambda: _listed() > 0)
    before = _listed()
    at.hand.press("Down", "ctrl+d")
    at.hand.wait_title("Decide the treatment day")
    at.hand.type("d7")
    at.hand.press("Tab")
    at.hand.type("ANC too low")
    at.hand.press("ctrl+Return")
    at.hand.wait_title(MAIN)
    at.hand.wait("the deferred patient to leave the list", lambda: _listed() < before)


def decide_by_mouse(at: Desk) -> None:
    """Tomorrow's list, a patient without a decision: defer with a reason."""
    at.hand.click("Tomorrow", TAB)
    at.hand.wait_seen("PC-1003", CELL)
    before = _listed()
    at.hand.click("PC-1003", CELL)
    at.hand.click("Decide day 1", BUTTON)
    at.hand.wait_title("Decide the treatment day")
    at.hand.click("Decision: nothing chosen", across=0.35)
    at.hand.wait_seen("Decision: Defer")
    at.hand.click("7 d", BUTTON)
    at.hand.click("Reason", "text")
    at.hand.type("platelets too low")
    at.hand.click("Save the decision", BUTTON)
    at.hand.wait_title(MAIN)
    at.hand.wait("the deferred patient to leave the list", lambda: _listed() < before)


def count_by_keys(at: Desk) -> None:
    """Today, now: white cells, neutrophils, platelets, haemoglobin, with a decimal comma."""
    find_by_keys(at)
    at.hand.keys = 0
    at.hand.press("ctrl+n")
    at.hand.wait_title("Enter count")
    at.hand.press("Return", "Return")
    _values(at.hand, "0,7")
    at.hand.press("ctrl+Return")
    _anc_shows(at.hand, "0.7")


def count_by_mouse(at: Desk) -> None:
    """The button on the patient's page, each field clicked, and Save."""
    at.hand.click("Enter CBC", BUTTON)
    at.hand.wait_title("Enter count")
    for field, value in (("White cells (WBC)", "2,3"), ("Neutrophils (ANC)", "0,6"), ("Platelets", "121"), ("Haemoglobin", "11,3")):
        at.hand.click(field, "text")
        at.hand.type(value)
    at.hand.click("Save count", BUTTON)
    _anc_shows(at.hand, "0.6")


def acknowledge_by_keys(at: Desk) -> None:
    """The inbox, down to the first urgent alert that nobody has answered, A and a digit."""
    at.hand.press("alt+7")
    at.hand.wait("an urgent alert", lambda: bool(_urgent_row("Not yet seen")))
    wanted = _urgent_row("Not yet seen")
    rows = [seen.name for seen in look(ROW) if " · " in seen.name and seen.name.split(" · ")[0] in ("Emergency", "Urgent")]
    at.hand.keys = 1
    at.hand.press(*["Down"] * rows.index(wanted))
    at.hand.type("a1")
    _answered(at.hand, wanted)


def acknowledge_by_mouse(at: Desk) -> None:
    """The inbox, a click on the alert, a click on what was done."""
    at.hand.click("Alert inbox", TAB)
    at.hand.wait("an urgent alert", lambda: bool(_urgent_row("Not yet seen")))
    wanted = _urgent_row("Not yet seen")
    at.hand.click(wanted, ROW)
    at.hand.click("Called patient", BUTTON)
    _answered(at.hand, wanted)


def print_by_keys(at: Desk) -> None:
    """Find a patient, Ctrl+P, a file name, Enter."""
    at.hand.press("ctrl+k")
    at.hand.type("1009")
    at.hand.press("Return")
    at.hand.wait_seen("PC-1009", "label")
    at.hand.press("ctrl+p")
    _print("keys", at)


def print_by_mouse(at: Desk) -> None:
    """Find a patient, the PDF button, a file name."""
    find_by_mouse(at)
    at.hand.click("PDF", BUTTON)
    _print("mouse", at)


WAYS = (
    Way(
        "keyboard alone",
        (
            ("find a patient", find_by_keys),
            ("decide on tomorrow's list", decide_by_keys),
            ("enter a count", count_by_keys),
            ("acknowledge an urgent alert", acknowledge_by_keys),
            ("print the trend", print_by_keys),
        ),
    ),
    Way(
        "mouse and keyboard",
        (
            ("find a patient", find_by_mouse),
            ("enter a count", count_by_mouse),
            ("print the trend", print_by_mouse),
            ("decide on tomorrow's list", decide_by_mouse),
            ("acknowledge an urgent alert", acknowledge_by_mouse),
        ),
    ),
)


def main() -> int:
    """Do the five tasks in each way; print keystrokes, clicks, and seconds in which the script's own looking is counted."""
    lacking = missing()
    if lacking:
        print(lacking, file=sys.stderr)
        return 2
    in_own_session()
    with desk(SCREEN) as at:
        at.program("--practice")
        at.hand.wait_title(MAIN)
        at.hand.wait_seen("PC-1003", CELL)
        for way in WAYS:
            print(way.name)
            for name, task in way.tasks:
                at.hand.keys = at.hand.clicks = 0
                began = time.monotonic()
                task(at)
                spent = time.monotonic() - began
                print(f"  {name:28} {at.hand.keys:3} keystrokes {at.hand.clicks:2} clicks {spent:6.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
