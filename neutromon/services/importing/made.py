"""Made-up laboratory messages in any number, for measuring and for crash tests: deterministic, obviously synthetic."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

COUNTS = ("5.2", "3.9", "2.4", "1.6", "0.9", "0.4", "0.2", "0.6", "1.3", "2.8")


def made_message(number: int, first: datetime, patients: int) -> str:
    """Return message `number` of a stream over `patients` people: one blood count with a differential."""
    who, turn = number % patients, number // patients
    taken = first + timedelta(days=3 * turn, minutes=who)
    anc = COUNTS[(turn + who) % len(COUNTS)]
    wbc = f"{float(anc) + 1.4:.1f}"
    when = taken.strftime("%Y%m%d%H%M%S%z")
    rows = (
        ("6690-2^WBC^LN", wbc, "10*9/L", "4.0-10.0"),
        ("751-8^ANC^LN", anc, "10*9/L", "1.8-7.5"),
        ("770-8^NEUT%^LN", f"{100 * float(anc) / float(wbc):.1f}", "%", "40-75"),
        ("777-3^PLT^LN", str(90 + (who * 7 + turn * 13) % 200), "10*9/L", "150-400"),
        ("718-7^HGB^LN", str(90 + (who + turn) % 50), "g/L", "120-160"),
        ("787-2^MCV^LN", "91", "fL", "80-100"),
    )
    lines = [
        f"MSH|^~\\&|MADEUP|LAB|NM|DAYUNIT|{when}||ORU^R01|MSG{number:07d}|P|2.5",
        f"PID|1||MADE-{who:05d}^^^TEST^MR||Example{who}^Testa||19{60 + who % 30}0131|F",
        f"OBR|1||F{number:07d}|58410-2^CBC panel^LN|||{when}",
    ]
    lines += [f"OBX|{n}|NM|{code}||{value}|{unit}|{span}||||F" for n, (code, value, unit, span) in enumerate(rows, start=1)]
    return "\r".join(lines) + "\r"


def made_messages(count: int, first: datetime, patients: int) -> Iterator[tuple[str, bytes]]:
    """Give (name, bytes) of each message."""
    for number in range(count):
        yield f"m{number:07d}.hl7", made_message(number, first, patients).encode()


def made_folder(folder: Path, count: int, first: datetime, patients: int) -> None:
    """Write messages into a folder, one file each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made_messages(count, first, patients):
        (folder / name).write_bytes(data)
