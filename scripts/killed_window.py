"""A patient's way through the window, killed with SIGKILL at every step: what the window had acknowledged is there at the next start.

One store, one patient: sign in, import a laboratory's folder, see the alert in the list, open the patient, add a count by keyboard,
acknowledge the alert, print the trend. After each step, and at random moments within the saving ones, the program is killed, the store is
checked from a shell, and the window starts again.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from outside import HOUSE, PROGRAM, Desk, desk, find, in_own_session, look, missing

SCREEN, MAIN, NUMBER = ":96", "NeutroMon", "KW-1"
USER, PASSPHRASE = "nurse", "synthetic made up words"
MESSAGE = """MSH|^~\\&|LAB|HOSP|NEUTROMON|CLINIC|{sent}||ORU^R01|KW{index}|P|2.5.1
PID|1||KW-{index}^^^CLINIC^MR||Sample^Kilian{index}||19600131|M
OBR|1|||58410-2^CBC^LN|||{taken}
OBX|1|NM|6690-2^Leukocytes^LN||0.9|10*9/L|4.0-10.0|L|||F
OBX|2|NM|751-8^Neutrophils^LN||0.3|10*9/L|1.8-7.5|L|||F
OBX|3|NM|777-3^Platelets^LN||88|10*9/L|150-400|L|||F
"""


@dataclass(slots=True)
class Clinic:
    """The store under test and what its window has acknowledged so far."""

    at: Desk
    process: subprocess.Popen[bytes] | None = None
    acknowledged: list[str] = field(default_factory=list)
    counts: set[str] = field(default_factory=set)

    def shell(self, *words: str) -> str:
        """Run a command of the program on the store; a status above 1 ends the proof."""
        environment = {**self.at.environment, "NEUTROMON_USER": USER, "NEUTROMON_PASSPHRASE": PASSPHRASE}
        done = subprocess.run(
            [str(PROGRAM), "-m", "neutromon", *words], env=environment, cwd=HOUSE, capture_output=True, text=True, check=False
        )
        if done.returncode > 1:
            raise SystemExit(f"neutromon {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def sign_in(self) -> None:
        """Start the window and open the store."""
        hand = self.at.hand
        self.process = self.at.program()
        hand.wait_title(MAIN)
        hand.wait_seen("Sign in", "label")
        hand.type(USER)
        hand.press("Tab")
        hand.type(PASSPHRASE)
        hand.press("Return")
        hand.wait_seen("All patients", "check box")
        while hand.title() != MAIN:  # the first steps greet an empty clinic
            hand.press("Escape")

    def kill(self) -> None:
        """Cut the power of the window, then check the store and everything acknowledged from a shell."""
        if self.process is not None:
            self.at.kill(self.process)
        self.shell("store", "check")
        self.shell("audit")
        if self.counts:
            stored = {
                count["neutrophils"]["value"] for count in json.loads(self.shell("chart", NUMBER))["counts"] if "neutrophils" in count
            }
            if lost := self.counts - stored:
                raise SystemExit(f"LOST after a kill: neutrophils {sorted(lost)}")


def import_folder(clinic: Clinic) -> None:
    """Import a folder on the import page, creating its patients."""
    hand = clinic.at.hand
    hand.click("Import", "check box")
    hand.click("Create unknown patients", "check box", across=0.02)
    hand.click("Choose a folder", "push button")
    hand.wait("the folder dialog", lambda: hand.title() not in ("", MAIN))
    hand.press("ctrl+a")
    hand.type(str(clinic.at.home / "lab"))
    hand.press("Return")
    hand.wait("the outcome", lambda: find(NUMBER, "table cell") is not None)
    clinic.counts.add("0.3")


def see_alert(clinic: Clinic) -> None:
    """The list of open alerts names the patient without the chart being opened."""
    clinic.at.hand.click("Open alerts", "check box")
    clinic.at.hand.wait_seen(NUMBER, "table cell")


def open_patient(clinic: Clinic) -> None:
    """Quick find."""
    clinic.at.hand.press("ctrl+k")
    clinic.at.hand.type(NUMBER)
    clinic.at.hand.press("Return")
    clinic.at.hand.wait_seen(NUMBER, "label")


def add_count(clinic: Clinic, value: str = "0.2") -> None:
    """Enter a count by keyboard alone; it is acknowledged when the patient's page shows it."""
    hand = clinic.at.hand
    begin_count(clinic, value)
    hand.press("ctrl+Return")
    hand.wait_title(MAIN)
    hand.wait_seen(value, "label")
    clinic.counts.add(value)


def begin_count(clinic: Clinic, value: str) -> None:
    """Open the form and type, without saving."""
    hand = clinic.at.hand
    open_patient(clinic)
    hand.press("ctrl+n")
    hand.wait_title("Enter count")
    hand.press("ctrl+a")
    hand.press("Return", "Return")
    hand.type("0,8")
    hand.press("Return")
    hand.type(value)


def acknowledge(clinic: Clinic) -> None:
    """The inbox, A and a digit."""
    hand = clinic.at.hand
    hand.press("alt+7")
    hand.wait_seen(NUMBER, "list item")
    hand.type("a1")
    hand.wait("the acknowledgement", _acknowledged)
    clinic.acknowledged.append(NUMBER)


def _acknowledged() -> bool:
    return any("Acknowledged" in seen.name for seen in look("list item"))


def print_trend(clinic: Clinic) -> None:
    """Ctrl+P and a name; the file is whole when the window says so."""
    hand = clinic.at.hand
    open_patient(clinic)
    hand.press("ctrl+p")
    hand.wait_title("Write the report to")
    hand.press("ctrl+a")
    hand.type("trend.pdf")
    hand.press("Return")
    hand.wait("the PDF", lambda: _whole_pdf(clinic.at.home))


def _whole_pdf(home: Path) -> bool:
    return any(path.read_bytes().rstrip().endswith(b"%%EOF") for path in home.rglob("trend.pdf"))


STEPS: tuple[tuple[str, Callable[[Clinic], None]], ...] = (
    ("import a folder", import_folder),
    ("see the alert in the list", see_alert),
    ("open the patient", open_patient),
    ("add a count by keyboard", add_count),
    ("acknowledge the alert", acknowledge),
    ("print the trend", print_trend),
)


def lay_out(clinic: Clinic) -> None:
    """Make the store and the laboratory's folder: one patient in danger among a hundred messages."""
    clinic.shell("store", "create")
    folder = clinic.at.home / "lab"
    folder.mkdir()
    taken = datetime.now().astimezone() - timedelta(hours=1)
    for index in range(1, 101):
        text = MESSAGE.format(index=index, sent=f"{taken:%Y%m%d%H%M}", taken=f"{taken - timedelta(minutes=index):%Y%m%d%H%M}")
        (folder / f"{index:03}.hl7").write_text(text.replace("\n", "\r"), encoding="ascii")


def killed_while_saving(clinic: Clinic, chance: random.Random, number: int) -> str:
    """Press save and kill at a random moment; the count is then wholly there or not at all, and the draft or the count is found again."""
    value = f"0.{10 + number}"
    clinic.sign_in()
    begin_count(clinic, value)
    clinic.at.hand.press("ctrl+Return")
    time.sleep(chance.uniform(0, 0.4))
    clinic.kill()
    for count in json.loads(clinic.shell("chart", NUMBER))["counts"]:
        if count.get("neutrophils", {}).get("value") == value:
            if count.get("wbc", {}).get("value") not in ("0.8", "0,8"):
                raise SystemExit(f"TORN: {count}")
            clinic.counts.add(value)
            return "stored whole"
    return "not stored"


def main() -> int:
    """Return 0 where nothing that was acknowledged is lost."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=6, help="kills at random moments while a count is saved")
    words.add_argument("--seed", type=int, default=1)
    chosen = words.parse_args()
    lacking = missing()
    if lacking:
        print(lacking, file=sys.stderr)
        return 2
    in_own_session()
    with desk(SCREEN) as at:
        at.environment = {name: value for name, value in at.environment.items() if not name.startswith("NEUTROMON_")}
        clinic = Clinic(at)
        lay_out(clinic)
        for name, step in STEPS:
            clinic.sign_in()
            step(clinic)
            clinic.kill()
            print(f"{name:28} killed; store sound, audit chain whole, {len(clinic.counts)} acknowledged counts there", flush=True)
        clinic.sign_in()
        at.hand.press("alt+7")
        at.hand.wait("the acknowledgement after the kills", _acknowledged)
        clinic.kill()
        print("acknowledgement              still there; the printed file is", "whole" if _whole_pdf(at.home) else "missing", flush=True)
        chance = random.Random(chosen.seed)
        for number in range(chosen.kills):
            print(f"killed while saving {number + 1:3}: {killed_while_saving(clinic, chance, number)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
