"""How the interpreter shares its time: no garbage is sought before the first paint, and no worker keeps the window waiting."""

import gc
import sys

HAND_OVER_S = 0.0005
"""A worker hands over to the window after this long. With Python's own 5 ms a repaint beside an import waits that long for each call."""


class Pace:
    """Set at the start, settled after the first paint, given back at the end."""

    def __init__(self) -> None:
        self._before = sys.getswitchinterval()

    def begin(self) -> None:
        """Collect nothing until the first paint, and hand over quickly."""
        sys.setswitchinterval(HAND_OVER_S)
        gc.disable()

    def settle(self) -> None:
        """Collect again, but never walk what the program itself is made of: a whole walk stops every thread for a tenth of a second."""
        gc.enable()
        gc.freeze()

    def end(self) -> None:
        """Give everything back as it was."""
        gc.enable()
        gc.unfreeze()
        sys.setswitchinterval(self._before)
