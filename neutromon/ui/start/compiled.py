"""Keep the small functions that dataclasses write for themselves compiled beside the program, as Python keeps its modules."""

import dataclasses
import hashlib
import marshal
import os
import sys
from contextlib import suppress
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType
from typing import Any

SEAL = 32


class Compiled:
    """Begun before the program's records are made, ended when the window is there: what was new by then is kept for the next start.

    A dataclass writes six functions as text and has Python compile each; for the records on the way to the first list that is a
    tenth of the start. The text is the key, so what is kept can never be of another record; the file lies where Python's own
    compiled modules lie, with the same rights, and is passed over where it is missing, damaged or of another Python.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(cache_from_source(__file__)).with_suffix(".functions")
        self._known: dict[str, CodeType] = {}
        self._new = False

    def begin(self) -> None:
        """Read what is kept and use it from now on."""
        self._known = read_functions(self.path)
        setattr(dataclasses, "exec", self._run)  # noqa: B010 - shadows the built-in one in that module only

    def _run(self, text: str, names: dict[str, Any], made: dict[str, Any]) -> None:
        code = self._known.get(text)
        if code is None:
            code = self._known[text] = compile(text, "<string>", "exec", dont_inherit=True)
            self._new = True
        exec(code, names, made)  # noqa: S102 - what dataclasses itself would have run

    def end(self) -> None:
        """Give the built-in function back, and keep what was new."""
        if vars(dataclasses).get("exec") == self._run:
            delattr(dataclasses, "exec")
        if self._new and not sys.dont_write_bytecode:
            self._new = False
            keep_functions(self.path, self._known)


def read_functions(path: Path) -> dict[str, CodeType]:
    """Return what is kept; nothing where it is missing, damaged, or of another Python."""
    try:
        kept = path.read_bytes()
    except OSError:
        return {}
    head, body = kept[: SEAL + len(MAGIC_NUMBER)], kept[SEAL + len(MAGIC_NUMBER) :]
    if head != MAGIC_NUMBER + hashlib.sha256(body).digest():
        return {}
    known: dict[str, CodeType] = marshal.loads(body)  # noqa: S302 - read as Python reads its own compiled modules
    return known


def keep_functions(path: Path, known: dict[str, CodeType]) -> None:
    """Replace the file as a whole; a folder that cannot be written keeps none."""
    body = marshal.dumps(known)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(MAGIC_NUMBER + hashlib.sha256(body).digest() + body)
        os.replace(beside, path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
