"""Every screen and state looks as it did when it was looked at; scripts/reference_pictures.py renews the pictures after a wanted change."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication

from tests.ui.pictures.comparing import KEPT, MOST_TILES, halved, kept_picture, share_of_other_tiles
from tests.ui.pictures.scenes import Scene, paint, scenes

SCENES = scenes()


@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_that_a_screen_looks_as_it_was_approved(qapp: QApplication, tmp_path: Path, scene: Scene) -> None:
    drawn = halved(paint(qapp, scene))
    share = share_of_other_tiles(drawn, kept_picture(scene.name))
    if share > MOST_TILES:
        drawn.save(str(tmp_path / f"{scene.name}.png"))
    assert share <= MOST_TILES, f"{share:.1%} of the picture is another; the new one is {tmp_path / scene.name}.png"


def test_that_every_kept_picture_has_its_scene() -> None:
    assert {path.stem for path in KEPT.glob("*.png")} == {scene.name for scene in SCENES}


def test_that_a_missing_card_or_another_size_is_seen() -> None:
    one = kept_picture(SCENES[0].name)
    other = one.copy()
    painter = QPainter(other)
    painter.fillRect(20, 20, other.width() // 5, other.height() // 5, QColor("magenta"))
    painter.end()
    assert share_of_other_tiles(one, one) == 0.0
    assert share_of_other_tiles(one, other) > MOST_TILES
    assert share_of_other_tiles(one, one.copy(0, 0, 100, 100)) == 1.0
