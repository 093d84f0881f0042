"""Change the words of widgets that stay alive when the language changes; pages and forms are built anew instead."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QMenu, QWidget

from neutromon.ui.text import as_read, translated, without_direction
from neutromon.ui.widgets.labels import ElidedLabel


def relabel(roots: Iterable[QWidget], english: Mapping[str, str]) -> None:
    """Say every fixed word below the roots in the language in force; `english` gives the English of what stands there now.

    Only for the shell, which shows no patient's text: a word that is in no catalogue stays.
    """
    for root in roots:
        for widget in (root, *root.findChildren(QWidget)):
            _relabel_widget(widget, english)
        for action in (*root.actions(), *root.findChildren(QAction)):
            _change(action.text, action.setText, english)


def _relabel_widget(widget: QWidget, english: Mapping[str, str]) -> None:
    _change(widget.accessibleName, widget.setAccessibleName, english)
    _change(widget.toolTip, widget.setToolTip, english)
    if isinstance(widget, ElidedLabel):
        _change(widget.whole_text, widget.set_text, english)
    elif isinstance(widget, QLabel | QAbstractButton):
        _change(widget.text, widget.setText, english)
    elif isinstance(widget, QLineEdit):
        _change(widget.placeholderText, widget.setPlaceholderText, english)
    elif isinstance(widget, QMenu):
        _change(widget.title, widget.setTitle, english)


def _change(read: Callable[[], str], write: Callable[[str], None], english: Mapping[str, str]) -> None:
    before = read()
    bare = without_direction(before)
    after = as_read(translated(english.get(bare, bare)))
    if after != before:
        write(after)
