"""Compare a picture with the kept one at half its size, tile by tile: a pixel of smoothing is no difference, a moved word is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

KEPT = Path(__file__).parent / "kept"
TILE = 16
MOST_GRADES, MOST_TILES = 14.0, 0.01


def halved(image: QImage) -> QImage:
    """Return a picture at half its size, as it is kept."""
    half = image.scaled(image.width() // 2, image.height() // 2, mode=Qt.TransformationMode.SmoothTransformation)
    return half.convertToFormat(QImage.Format.Format_RGB888)


def _pixels(image: QImage) -> npt.NDArray[np.float64]:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.float64)


def share_of_other_tiles(one: QImage, other: QImage) -> float:
    """Return which share of the tiles differs by more than MOST_GRADES grades of 255 in the mean; 1 where the sizes differ."""
    if one.size() != other.size():
        return 1.0
    apart = np.abs(_pixels(one) - _pixels(other)).max(axis=2)
    high, wide = (side // TILE * TILE for side in apart.shape)
    tiles = apart[:high, :wide].reshape(high // TILE, TILE, wide // TILE, TILE).mean(axis=(1, 3))
    return float((tiles > MOST_GRADES).mean())


def kept_picture(name: str) -> QImage:
    """Return a kept picture."""
    return QImage(str(KEPT / f"{name}.png")).convertToFormat(QImage.Format.Format_RGB888)
