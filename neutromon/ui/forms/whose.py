"""The question before a set of values is saved that may be another patient's: what does not fit, and a box for who compared the slip."""

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from neutromon.models.errors import UserError
from neutromon.ui.count_unit import shown_counts
from neutromon.ui.spoken import spoken
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column


class AnotherPatientError(UserError):
    """The values look like another patient's and nobody has compared the slip."""


class WhoseSample(QFrame):
    """Hidden while the values fit the patient; other signs withdraw what was ticked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whose_sample")
        self.setProperty("role", "warn")
        inside = column(self, spacing=SPACE.tight)
        inside.setContentsMargins(SPACE.medium, SPACE.small, SPACE.medium, SPACE.small)
        self.text = TextLabel("", wrap=True)
        self.compared = QCheckBox(tr("I have compared name, number and birth date on the slip: it is this patient's"))
        self.compared.setObjectName("whose_compared")
        inside.addWidget(self.text)
        inside.addWidget(self.compared)
        self._signs: tuple[str, ...] = ()
        self.hide()

    def show_signs(self, signs: Sequence[str]) -> None:
        """Show what does not fit; nothing where everything does."""
        if tuple(signs) != self._signs:
            self._signs = tuple(signs)
            self.compared.setChecked(False)
        self.text.setText(whose_question(signs) if signs else "")
        self.setVisible(bool(signs))

    def refuse_unchecked(self) -> None:
        """Raise where the values look like another patient's and the box is not ticked."""
        if self._signs and not self.compared.isChecked():
            self.compared.setFocus()
            raise AnotherPatientError(
                tr("Is this sample this patient's?"), tr("Compare the slip with the patient above, then tick the box.")
            )


def whose_question(signs: Sequence[str]) -> str:
    """Return the question with everything that does not fit."""
    shown = "; ".join(shown_counts(spoken(sign)) for sign in signs)
    return tr("Is this sample this patient's? Too large a change for one person's blood: {signs}.", signs=shown)
