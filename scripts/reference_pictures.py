"""Draw the reference pictures anew: scripts/reference_pictures.py [NAME ...]; look at each that changed before it is committed."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from neutromon.ui.application import build_application
from tests.ui.pictures.comparing import KEPT, MOST_TILES, halved, kept_picture, share_of_other_tiles
from tests.ui.pictures.scenes import paint, scenes


def main() -> int:
    """Write each picture that is new or differs by more than the tests bear."""
    application = build_application(())
    KEPT.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    for scene in scenes():
        if wanted and scene.name not in wanted:
            continue
        drawn, file = halved(paint(application, scene)), KEPT / f"{scene.name}.png"
        share = share_of_other_tiles(drawn, kept_picture(scene.name)) if file.exists() else 1.0
        if wanted or share > MOST_TILES:
            drawn.save(str(file))
            print(f"{scene.name}: written ({share:.1%} was another)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
