"""Kill a writer again and again and count what was lost: scripts/crash_loop.py [--kills N] [--seed N]."""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from neutromon.storage import keys
from tests.e2e.killing import kill_again_and_again
from tests.stores import make_store


def main() -> int:
    """Return 0 where nothing acknowledged was lost and nothing was torn."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    chosen = words.parse_args()
    keys.PARAMETERS.update({"m": 64, "t": 1, "p": 1})
    lost = torn = kills = acknowledged = 0
    with tempfile.TemporaryDirectory(prefix="neutromon-crash-") as folder:
        for after in kill_again_and_again(make_store(Path(folder)), chosen.kills, chosen.seed):
            kills += 1
            acknowledged = after.acknowledged
            lost += after.stored < after.acknowledged
            torn += not (after.sound and after.whole)
    print(f"{kills} kills, {acknowledged} acknowledged rounds, {lost} lost, {torn} torn or unsound")
    return 1 if lost or torn or kills != chosen.kills else 0


if __name__ == "__main__":
    sys.exit(main())
