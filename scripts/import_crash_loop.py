"""Kills an import with SIGKILL at random moments, runs it again, and counts: every result there once, nothing acknowledged lost.

usage: import_crash_loop.py [--messages N] [--times N] [--seed N] [--at-once N]
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WORDS = ("crash", "only for crash tests, nothing secret")


def main() -> int:
    if sys.argv[1:2] == ["--child"]:
        return child(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    parser = argparse.ArgumentParser(description="Kills an import at random moments and counts what is there after another run.")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=100)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="neutromon-kill-") as name:
        return crash(Path(name), options, chance)


def crash(folder: Path, options: argparse.Namespace, chance: random.Random) -> int:
    from neutromon.services.importing.made import made_folder
    from neutromon.services.store_admin import create_store

    made_folder(folder / "in", options.messages, NOW - timedelta(days=40), max(1, options.messages // 10))
    create_store(folder / "empty" / "store", *WORDS, now=NOW)
    whole = run(folder, "whole", options.at_once, None)[1]
    for number in range(options.times):
        acknowledged, _ = run(folder, "store", options.at_once, chance.uniform(0, whole))
        before = stored(folder / "store" / "store")
        if len(before) < acknowledged:
            print(f"run {number}: {acknowledged} acknowledged, {len(before)} there", file=sys.stderr)
            return 1
        run(folder, "store", options.at_once, None)
        after = stored(folder / "store" / "store", whole=True)
        if len(after) != options.messages or max(after.values()) != 1:
            print(f"run {number}: {len(after)} of {options.messages} there, {max(after.values())} times", file=sys.stderr)
            return 1
        print(f"run {number}: killed with {len(before)} there ({acknowledged} acknowledged), complete after another run", flush=True)
        shutil.rmtree(folder / "store")
    print(f"{options.times} kills in an import of {options.messages} messages: every result there once, nothing acknowledged lost")
    return 0


def run(folder: Path, name: str, at_once: int, kill_after_s: float | None) -> tuple[int, float]:
    """Run the import and return how many files it acknowledged and how long it took from its first file on; kill it where asked."""
    if not (folder / name).exists():
        shutil.copytree(folder / "empty", folder / name)
    words = [sys.executable, str(Path(__file__)), "--child", str(folder / "in"), str(folder / name / "store"), str(at_once)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = process.stdout.readline()
    started = time.perf_counter()
    if kill_after_s is not None:
        try:
            process.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            process.kill()
    said = [ready.strip(), *process.communicate()[0].split()]
    if kill_after_s is None and process.returncode:
        raise SystemExit(f"the import ended with {process.returncode}")
    return int(said[-1] or 0), time.perf_counter() - started


def child(inside: Path, store: Path, at_once: int) -> int:
    """Import a folder and print how many files are committed, after each commit."""
    from neutromon.models.imports import ImportOptions
    from neutromon.services.importing import import_files
    from neutromon.services.store_admin import close_session, open_session

    session = open_session(store, *WORDS, clock=lambda: NOW)
    options = ImportOptions(create_patients=True)
    print(0, flush=True)
    import_files(session, [inside], options, progress=lambda done, total: print(done, flush=True), at_once=at_once)
    close_session(session)
    return 0


def stored(store: Path, whole: bool = False) -> Counter[str]:
    """Return how often each specimen is in the store; after a whole run, look whether every patient is evaluated too."""
    from neutromon.services.histories import chains
    from neutromon.services.store_admin import close_session, open_session

    session = open_session(store, *WORDS, clock=lambda: NOW)
    try:
        if not session.store.trail().verified:
            raise SystemExit("the audit chain does not hold")
        if whole and session.store.rows("SELECT 1 FROM worklist WHERE body LIKE '%not evaluated yet%' LIMIT 1"):
            raise SystemExit("a patient is not evaluated")
        return Counter(str(chain.latest.body.get("accession")) for chain in chains(session.store.facts_of_kind("sample")))
    finally:
        close_session(session)


if __name__ == "__main__":
    sys.exit(main())
