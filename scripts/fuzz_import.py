"""Mutation fuzzer for everything that reads: no crash, no hang, nothing that the message does not say, every row accounted for.

usage: fuzz_import.py [--messages N] [--seed N] [--store-every N] [FOLDER...]     (default folder: tests/interop/samples)
"""

import argparse
import collections
import dataclasses
import random
import re
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from neutromon.interop import wire  # noqa: E402
from neutromon.interop.analytes import load_codes  # noqa: E402
from neutromon.interop.hl7_reader import read  # noqa: E402
from neutromon.interop.parse import LONGEST, parse  # noqa: E402
from neutromon.interop.understand import JSON, understand  # noqa: E402
from neutromon.interop.units import COUNT, HEMOGLOBIN, PERCENT, factor  # noqa: E402
from neutromon.models.imports import ImportOptions  # noqa: E402

LIMIT_S = 10
PIECE = 40_000
TOLD_EVERY = 5_000
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLASS_OF_UNIT = {"10*9/L": COUNT, "g/L": HEMOGLOBIN, "%": PERCENT}
SEPARATORS = [
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"\r",
    b"\n",
    b"\x0b",
    b"\x1c\r",
    b"\x02",
    b"\x03",
    b"\x00",
    b",",
    b";",
    b"\t",
    b'"',
    b"{",
    b"}",
    b"[",
]
WORDS = [
    b"MSH|^~\\&|",
    b"PID|1||X||A^B||19600101",
    b"OBX|1|NM|6690-2^WBC^LN||",
    b"1e308",
    b"-1",
    b"999999999999999999999",
    b"<",
    b"null",
    b"\xff\xfe",
    b"\xe2\x80",
]


class Failure(Exception):
    """An invariant does not hold."""


def main() -> int:
    options = arguments()
    folders = options.folders or [ROOT / "tests" / "interop" / "samples"]
    seeds = [
        path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"manifest.json", "README.md"}
    ]
    if not seeds:
        print("fuzz_import: no sample there", file=sys.stderr)
        return 2
    chance = random.Random(options.seed)
    table = load_codes((ROOT / "resources" / "interop" / "analytes.toml").read_text(encoding="utf-8"))
    signal.signal(signal.SIGPROF, too_long)
    seen: collections.Counter[str] = collections.Counter()
    slowest, started = 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        store = Stores(Path(folder), options.store_every)
        for number in range(options.messages):
            data = mutated(seeds, chance)
            begun = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, LIMIT_S)
            try:
                seen.update(check(data, table))
                store.offer(number, data)
            except BaseException as error:
                return failed(number, options.seed, data, error)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            slowest = max(slowest, time.process_time() - begun)
            if (number + 1) % TOLD_EVERY == 0:
                print(f"{number + 1} messages, none failed", flush=True)
        store.close()
    took = time.perf_counter() - started
    rate = options.messages / took
    print(f"{options.messages} messages in {took:.0f} s ({rate:.0f}/s), slowest {slowest * 1000:.0f} ms of work, none failed")
    print(", ".join(f"{count} {name}" for name, count in sorted(seen.items())) + f", {store.stored} imported into a store")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutation fuzzer for the import.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store-every", type=int, default=50, help="import every Nth message into a store as well")
    return parser.parse_args()


def too_long(number: int, frame: object) -> None:
    raise Failure(f"no answer within {LIMIT_S} s of work")


def failed(number: int, seed: int, data: bytes, error: BaseException) -> int:
    place = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{number}.bin"
    place.write_bytes(data)
    print(f"message {number} of seed {seed}: {type(error).__name__}: {error}; kept as {place}", file=sys.stderr)
    return 1


def mutated(seeds: list[bytes], chance: random.Random) -> bytes:
    """Return a sample with one to eight changes."""
    data = piece(chance.choice(seeds), chance)
    for _ in range(chance.randint(1, 8)):
        data = chance.choice(CHANGES)(data, seeds, chance)
    return data[:PIECE]


def piece(data: bytes, chance: random.Random) -> bytes:
    """Return a whole small sample, or a run of lines of a large one."""
    if len(data) <= PIECE:
        return data
    start = data.find(b"MSH", chance.randrange(len(data)))
    return data[max(start, 0) :][:PIECE]


def place(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def flip(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    return data[: place(data, chance)]


def lose(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    start = place(data, chance)
    return data[:start] + data[start + chance.randint(1, 40) :]


def put(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    start = place(data, chance)
    return data[:start] + chance.choice([*SEPARATORS, *WORDS]) + data[start:]


def shuffle_lines(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    lines = re.split(rb"(?<=[\r\n])", data)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"".join(lines)


def repeat_line(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    lines = re.split(rb"(?<=[\r\n])", data)
    start = chance.randrange(len(lines))
    return b"".join([*lines[:start], lines[start], lines[start], *lines[start + 1 :]])


def splice(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    other = piece(chance.choice(seeds), chance)
    return data[: place(data, chance)] + other[place(other, chance) :]


def change_number(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+(?:\.\d+)?", data[:PIECE]))
    if not found:
        return data
    match = chance.choice(found)
    new = chance.choice([b"0", b"-1", b"1,234", b"0.1.2", b"1" * 50, b"9" * 12, b".5", b"5.", b"1e5", b"NaN", b"\xc2\xb2"])
    return data[: match.start()] + new + data[match.end() :]


def line_ends(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    return re.sub(rb"\r\n|\r|\n", chance.choice([b"\r", b"\n", b"\r\n", b"\n\n"]).replace(b"\\", b""), data)


def encode(data: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    return data.decode("latin-1").encode(chance.choice(["utf-8", "utf-16", "utf-8-sig", "utf-7"]), "replace")


CHANGES = (flip, flip, cut, lose, put, put, shuffle_lines, repeat_line, splice, change_number, change_number, line_ends, encode)


def check(data: bytes, table: object) -> list[str]:
    """Parse and understand one message; raise Failure where an invariant does not hold."""
    parsed = parse(data, UTC)
    if not parsed.sets and not parsed.charts:
        raise Failure("the file is not accounted for")
    said = squeezed(wire.decode(data)[0])
    for own in parsed.sets:
        rows = understand(own, table, accept_names=True)
        if len(rows) != len(own.results):
            raise Failure("a row is not accounted for")
        for row in rows:
            check_row(row, said)
        for identifier in own.identifiers:
            if squeezed(identifier.value[:LONGEST]) not in said:
                raise Failure(f"the number {identifier.value!r} is not in the message")
    if parsed.format == "hl7":
        check_all_rows(data, parsed)
    return [parsed.format, *(("set with problem" if own.problem else "set") for own in parsed.sets)]


def squeezed(text: str) -> str:
    """Return a text without blanks, escapes and signs that readers may settle."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text)
    plain = wire.printable(
        re.sub(r"\\S\\", "^", plain).replace("\\T\\", "&").replace("\\F\\", "|").replace("\\R\\", "~").replace("\\E\\", "\\")
    )
    return re.sub(r"[\s\\^~/\"]|\ufeff", "", plain)


def check_row(row: object, said: str) -> None:
    """Every number must stand in the message, and follow from what stands there."""
    value, raw, sent = row.value, row.raw.value, row.raw.unit
    if value is None:
        return
    if raw is None:
        raise Failure("a value without a source")
    raw = raw.strip().split("\n")[0]
    if not sent and (measured := re.fullmatch(r"([<>=≤≥ ]*[\d.,]+)\s+(\S.*?)", raw)):
        raw, sent = measured.groups()
    literal = raw.lstrip("<>=≤≥ ") if row.raw.value_type == JSON else re.sub(r"[^0-9.,]", "", raw)
    if squeezed(literal) not in said:
        raise Failure(f"{raw!r} is not in the message")
    wanted = CLASS_OF_UNIT.get(row.unit or "")
    sign = "%" if wanted == PERCENT and not sent and raw.rstrip().endswith("%") else None
    times = factor(sent or sign, wanted) if wanted else None
    if times is None:
        raise Failure(f"{value} {row.unit} has no unit in the message")
    expected = Decimal(literal if row.raw.value_type == JSON else re.sub(r"[^0-9.]", "", raw.replace(",", "."))) * times
    if Decimal(value.lstrip("<>=")) != expected:
        raise Failure(f"{value} is not {raw} {sent}")


def check_all_rows(data: bytes, parsed: object) -> None:
    """Every OBX that the reader sees under a patient's message must be a row; repeated neighbours may be one."""
    wanted = collections.Counter()
    for message in read(wire.decode(data)[0]):
        wanted.update(segment.text(1) for segment in message.segments[1:] if segment.name == "OBX")
    rows = sum(len(own.results) for own in parsed.sets)
    if rows > sum(wanted.values()):
        raise Failure("more rows than the message has")
    if wanted and not rows:
        raise Failure("no row of the message was read")


class Stores:
    """A store into which some of the messages are imported twice; the second time nothing may be new."""

    def __init__(self, folder: Path, every: int) -> None:
        from neutromon.services.store_admin import create_store, open_session

        self.stored, self._every = 0, every
        self._words = ("fuzz", "only for fuzzing, nothing secret")
        create_store(folder / "store", *self._words, now=NOW)
        self._session = open_session(folder / "store", *self._words, clock=lambda: NOW)

    def offer(self, number: int, data: bytes) -> None:
        if not self._every or number % self._every:
            return
        from neutromon.services.importing import import_bytes

        options = ImportOptions(create_patients=True, accept_names=True, accept_test=True)
        first, again = (import_bytes(self._session, "fuzz", data, options) for _ in range(2))
        self.stored += 1
        if any(own.reason and "report this" in own.reason[1] for own in first.sets):
            raise Failure("the program itself failed on this message")
        new = [row for own in again.sets for row in own.results if row.disposition.value in {"stored", "corrected", "voided"}]
        if new:
            raise Failure(f"a second import stored {len(new)} results, first {dataclasses.asdict(new[0])}")

    def close(self) -> None:
        from neutromon.services.store_admin import close_session

        close_session(self._session)


if __name__ == "__main__":
    sys.exit(main())
