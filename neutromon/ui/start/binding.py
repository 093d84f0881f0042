"""Import Qt's binding without what it keeps for its error messages: those sources are compiled when something first asks for them."""

import builtins
from collections.abc import Callable
from typing import Any

FOLDER = "shibokensupport/signature/"
LATER = frozenset(
    f"{FOLDER}{name}.py" for name in ("errorhandler", "layout", "mapping", "parser", "lib/enum_sig", "lib/pyi_generator", "lib/tool")
)
"""What words a wrong argument, a signature and a stub file. The binding holds them as text and compiles all of it at every start:
with the expressions that they compile in turn, two fifths of what a bare window costs."""
STUB = f"__getattr__ = __import__({__name__!r}, fromlist=['read_later']).read_later(globals(), __name__)"
CALLED_BY_NAME = "update_mapping"
"""The binding's core looks this up among the names of the mapping, where no `__getattr__` is asked."""
_unread: dict[str, Any] = {}


def import_binding() -> None:
    """Import QtCore with those sources left unread; where the binding names them otherwise, all is read as it always was."""
    plain = builtins.compile

    def later(source: Any, filename: Any, mode: str, *rest: Any, **named: Any) -> Any:
        if filename not in LATER:
            return plain(source, filename, mode, *rest, **named)
        _unread[module_name(filename)] = source
        return plain(STUB, filename, mode)

    builtins.compile = later
    try:
        import PySide6.QtCore  # noqa: F401
    finally:
        builtins.compile = plain


def module_name(filename: str) -> str:
    """Return the name of the module in a file of the binding."""
    return filename.removesuffix(".py").replace("/", ".")


def read_later(namespace: dict[str, Any], name: str) -> Callable[[str], Any]:
    """Return a module's `__getattr__`, which reads the module when it is first asked for a name of its own."""

    def read(wanted: str) -> Any:
        if not wanted.startswith("__") and name in _unread:  # the import system asks every module for names in underscores
            del namespace["__getattr__"]
            code = compile(_unread.pop(name), f"{name.replace('.', '/')}.py", "exec", dont_inherit=True)
            exec(code, namespace)  # noqa: S102 - the binding's own source, which it would have run itself
        if wanted not in namespace:
            raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
        return namespace[wanted]

    if name == module_name(f"{FOLDER}mapping.py"):
        namespace[CALLED_BY_NAME] = lambda: read(CALLED_BY_NAME)()
    return read
