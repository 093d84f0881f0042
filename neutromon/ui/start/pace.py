"""How the interpreter shares its time: nothing but the window until the first paint, and no worker keeps it waiting."""

import builtins
import gc
import sys
from typing import Any

from neutromon.ui.start.compiled import Compiled

HAND_OVER_S = 0.0005
"""A worker hands over to the window after this long. With Python's own 5 ms a repaint beside an import waits that long for each call."""


class Pace:
    """Begun before Qt is imported, settled after the first paint, given back at the end."""

    def __init__(self) -> None:
        self._before = sys.getswitchinterval()
        self._import: Any = None
        self._compiled = Compiled()

    def begin(self) -> None:
        """Collect nothing until the first paint, import plainly, and hand over quickly; once is enough."""
        if self._import is not None:
            return
        sys.setswitchinterval(HAND_OVER_S)
        gc.disable()
        self._compiled.begin()
        self._import_plainly()

    def _import_plainly(self) -> None:
        """Take the binding's wrapper off the import statement: it reads the source of each module for a switch that we never use.

        The wrapper serves `from __feature__ import snake_case`; it cost a quarter of the time to the first paint.
        """
        from neutromon.ui.start.binding import import_binding

        import_binding()  # puts the wrapper on
        wrapped = self._import = builtins.__import__
        builtins.__import__ = getattr(builtins, "__orig_import__", wrapped)

    def settle(self) -> None:
        """Collect again, but never walk what the program itself is made of: a whole walk stops every thread for a tenth of a second."""
        gc.enable()
        gc.freeze()
        self._compiled.end()

    def end(self) -> None:
        """Give everything back as it was."""
        gc.enable()
        gc.unfreeze()
        self._compiled.end()
        sys.setswitchinterval(self._before)
        if self._import is not None:
            builtins.__import__, self._import = self._import, None
