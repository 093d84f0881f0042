"""The binding is imported without its error messages, and tells a mistake in the same words as ever; in processes of their own."""

import os
import subprocess
import sys

import pytest

PLAINLY = "import PySide6.QtCore"
QUICKLY = "from neutromon.ui.start.binding import import_binding; import_binding()"
MISTAKES = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("one", wordWrap=True)

def told(act):
    try:
        act()
    except Exception as error:
        print(type(error).__name__, error)

told(lambda: label.setText(3))
told(lambda: QLabel(alignmen=3))
told(lambda: label.setNoText)
told(lambda: label.setMargin())
print(QLabel.setText.__doc__)
from PySide6.support.signature import mapping
from PySide6.support.signature.lib import enum_sig, pyi_generator
print(mapping.namespace is vars(mapping), mapping.ellipsis)
print(enum_sig.ExactEnumerator.__name__, pyi_generator.generate_pyi.__name__, hasattr(mapping, "none_of_this"))
"""
UNREAD = """
import sys
names = ("argparse", "logging", "gettext")
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
QLabel("one", wordWrap=True).grab()
print([name for name in names if name in sys.modules])
"""


def told(code: str) -> str:
    """Return what a program of its own writes."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_that_a_mistake_is_told_in_the_same_words() -> None:
    assert told(f"{QUICKLY}\n{MISTAKES}") == told(f"{PLAINLY}\n{MISTAKES}")


@pytest.mark.parametrize(("way", "found"), [(PLAINLY, "['argparse', 'logging', 'gettext']"), (QUICKLY, "[]")])
def test_that_what_only_a_mistake_needs_is_not_read_for_a_window(way: str, found: str) -> None:
    assert told(f"{way}\n{UNREAD}").strip() == found


def test_that_compiling_is_given_back_after_the_import() -> None:
    assert told(f"plain = compile\n{QUICKLY}\nprint(compile is plain)").strip() == "True"


def test_that_a_second_import_changes_nothing() -> None:
    assert told(f"{QUICKLY}\nimport_binding()\nfrom PySide6.QtCore import QObject\nprint(QObject().objectName() == '')").strip() == "True"
