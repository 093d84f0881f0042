"""A list of choices that are stored as codes and shown as words."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QComboBox, QWidget

T = TypeVar("T")


class Choice(QComboBox, Generic[T]):
    """A combo box of (code, words); the first is chosen to begin with."""

    def __init__(self, choices: Sequence[tuple[T, str]], *, name: str, accessible: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes: list[T] = []
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        for code, words in choices:
            self._codes.append(code)
            self.addItem(words)

    def code(self) -> T:
        """Return the chosen code."""
        return self._codes[self.currentIndex()]

    def set_code(self, code: T, words: str = "") -> None:
        """Choose a code; one that is not offered is added with its words, so that nothing is changed in silence."""
        if code not in self._codes:
            self._codes.append(code)
            self.addItem(words or str(code))
        self.setCurrentIndex(self._codes.index(code))
