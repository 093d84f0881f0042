"""The banner of the patient page: who she is, by two identifiers, what she is allergic to, where she is in her treatment."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from neutromon.ui.patient.facts import PatientFacts, allergy_text, gcsf_text, identity_text, name_text, treatment_text
from neutromon.ui.text import tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.labels import ElidedLabel
from neutromon.ui.widgets.layout import column, frame, row


class PatientBanner(QWidget):
    """Two lines that stay in sight on every tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("patient_banner")
        outer = column(self)
        bar = frame("bar")
        outer.addWidget(bar)
        lines = column(bar, spacing=SPACE.hair)
        lines.setContentsMargins(SPACE.large, SPACE.small, SPACE.large, SPACE.small)
        first, second = row(spacing=SPACE.large), row(spacing=SPACE.large)
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
            label.setObjectName(name)
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        for label, line in ((self.name, first), (self.identity, first), (self.treatment, second)):
            line.addWidget(label, 0)
        first.addStretch(1)
        second.addStretch(1)
        first.addWidget(self.allergies)
        second.addWidget(self.gcsf)
        lines.addLayout(first)
        lines.addLayout(second)

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
        """Give the ends of each line the room they need up to their share, and the middle what is left; what is cut is in the tooltip."""
        whole = self.width() - 2 * SPACE.large
        name, allergies = self._give(self.name, whole * 0.4), self._give(self.allergies, whole * 0.26)
        self._give(self.identity, whole - name - allergies - 3 * SPACE.large)
        gcsf = self._give(self.gcsf, whole * 0.32)
        self._give(self.treatment, whole - gcsf - 2 * SPACE.large)

    @staticmethod
    def _give(label: ElidedLabel, most: float) -> int:
        """Set the width of a text to what it needs, at most to `most`, and return it."""
        label.ensurePolished()
        needed = label.fontMetrics().horizontalAdvance(label.whole_text()) + 6
        width = max(min(needed, round(most)), 1)
        label.setFixedWidth(width)
        return width

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
        labels = (self.name, self.identity, self.allergies, self.treatment, self.gcsf)
        return "\n".join(label.whole_text() for label in labels)
