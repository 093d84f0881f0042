"""The banner of the patient page: who she is, by two identifiers, what she is allergic to, where she is in her treatment."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.ui.patient.facts import PatientFacts, allergy_text, gcsf_text, identity_text, name_text, treatment_text
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import ElidedLabel
from neutromon.ui.widgets.layout import column, frame, row

SPARE = 6


class PatientBanner(QWidget):
    """Stays in sight on every tab: two lines where there is room, as many as large text and long names need where there is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("patient_banner")
        outer = column(self)
        bar = frame("bar")
        outer.addWidget(bar)
        lines = column(bar, spacing=SPACE.hair)
        lines.setContentsMargins(SPACE.large, SPACE.small, SPACE.large, SPACE.small)
        self.name = ElidedLabel(size=Size.TITLE, strong=True)
        self.identity = ElidedLabel()
        self.allergies = ElidedLabel(tone="hold", strong=True)
        self.treatment = ElidedLabel(strong=True)
        self.gcsf = ElidedLabel(tone="muted")
        for label, name in (
            (self.name, "banner_name"),
            (self.identity, "banner_identity"),
            (self.allergies, "banner_allergies"),
            (self.treatment, "banner_treatment"),
            (self.gcsf, "banner_gcsf"),
        ):
            label.setParent(bar)
            label.setObjectName(name)
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._rows = [row(spacing=SPACE.large) for _label in self._labels()]
        for line in self._rows:
            lines.addLayout(line)
        self._arranged: list[list[ElidedLabel]] = []

    def show_facts(self, facts: PatientFacts) -> None:
        """Show a patient."""
        self.name.set_text(name_text(facts))
        self.identity.set_text(identity_text(facts))
        recorded = bool(facts.history.patient.allergies)
        self.allergies.set_text(allergy_text(facts))
        self.allergies.set_tone("hold" if recorded else "muted")
        self.treatment.set_text(treatment_text(facts))
        self.gcsf.set_text(gcsf_text(facts))
        self._fit()

    def _fit(self) -> None:
        """Fill line after line: what has no room beside the others begins a line, what is longer than a line is wrapped, nothing is cut."""
        whole = max(self.width() - 2 * SPACE.large, 1)
        lines = [*self._filled((self.name, self.identity, self.allergies), whole), *self._filled((self.treatment, self.gcsf), whole)]
        for label in self._labels():
            needed = self._needed(label)
            label.setWordWrap(needed > whole)
            label.setFixedWidth(max(min(needed, whole), 1))
            label.set_text(label.whole_text())
            label.setMinimumHeight(label.heightForWidth(label.width()) if label.wordWrap() else 0)
        if lines != self._arranged:
            self._arrange(lines)

    def _filled(self, labels: Sequence[ElidedLabel], whole: int) -> list[list[ElidedLabel]]:
        lines: list[list[ElidedLabel]] = []
        left = 0
        for label in labels:
            needed = self._needed(label)
            if not lines or needed + SPACE.large > left:
                lines.append([])
                left = whole + SPACE.large
            lines[-1].append(label)
            left -= needed + SPACE.large
        return lines

    @staticmethod
    def _needed(label: ElidedLabel) -> int:
        """Return the width that a text needs on one line."""
        label.ensurePolished()
        return label.fontMetrics().horizontalAdvance(label.whole_text()) + SPARE

    def _arrange(self, lines: list[list[ElidedLabel]]) -> None:
        """Put the labels into their lines; allergies and growth factor stand at the end of a line that they share."""
        self._arranged = lines
        for line in self._rows:
            while line.count():
                line.takeAt(0)
        for line, labels in zip(self._rows, lines, strict=False):
            for label in labels:
                if label in {self.allergies, self.gcsf} and len(labels) > 1:
                    line.addStretch(1)
                line.addWidget(label, 0, Qt.AlignmentFlag.AlignVCenter)
            if len(labels) == 1 or labels[-1] is self.identity:
                line.addStretch(1)

    def _labels(self) -> tuple[ElidedLabel, ...]:
        return (self.name, self.identity, self.allergies, self.treatment, self.gcsf)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._fit()

    def clear(self) -> None:
        """Show nobody."""
        self.name.set_text(tr("No patient is open."))
        for label in (self.identity, self.allergies, self.treatment, self.gcsf):
            label.set_text("")
        self._fit()

    def texts(self) -> str:
        """Return everything the banner says."""
        return "\n".join(label.whole_text() for label in self._labels())
