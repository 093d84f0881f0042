"""What a call's answers ask for, in a card: the level in words, what decided it, what was not asked."""

from PySide6.QtWidgets import QFrame, QWidget

from neutromon.models.evaluation import Tier
from neutromon.rules.triage import CallLevel, CallVerdict
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size, Theme
from neutromon.ui.widgets.badges import Chip
from neutromon.ui.widgets.labels import TextLabel, restyle
from neutromon.ui.widgets.layout import column, row

LOOKS = {CallLevel.ASSESS: (Tier.EMERGENCY, "error"), CallLevel.REVIEW: (Tier.URGENT, "warn"), CallLevel.NO_SIGN: (None, "card")}


class LevelChip(Chip):
    """The level in the colour of the tier it comes near to; glyph and word carry it, and nothing is green."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self._tier: Tier | None = None

    def show_level(self, level: CallLevel) -> None:
        """Show a level."""
        self._tier = LOOKS[level][0]
        glyph = self._theme.tier(self._tier).glyph if self._tier else "○"
        words = {CallLevel.ASSESS: tr("Red"), CallLevel.REVIEW: tr("Amber"), CallLevel.NO_SIGN: tr("No sign reported")}
        self.set_text(f"{glyph} {words[level]}")

    def _colours(self) -> tuple[str, str, str]:
        if self._tier is None:
            return super()._colours()
        style = self._theme.tier(self._tier)
        return style.fill, style.on_fill, style.fill


class VerdictCard(QFrame):
    """Level, reasons, gaps and cautions."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verdict")
        inside = column(self, spacing=SPACE.small)
        inside.setContentsMargins(SPACE.large, SPACE.medium, SPACE.large, SPACE.medium)
        line = row(spacing=SPACE.small)
        self._chip = LevelChip(theme)
        line.addWidget(self._chip)
        line.addStretch(1)
        inside.addLayout(line)
        self.level = TextLabel("", size=Size.TITLE, strong=True, wrap=True)
        self.level.setObjectName("verdict_level")
        self.reasons = TextLabel("", wrap=True)
        self.reasons.setObjectName("verdict_reasons")
        self.gaps = TextLabel("", tone="hold", wrap=True)
        self.gaps.setObjectName("verdict_gaps")
        self.cautions = TextLabel("", size=Size.CAPTION, wrap=True)
        self.cautions.setObjectName("verdict_cautions")
        for label in (self.level, self.reasons, self.gaps, self.cautions):
            inside.addWidget(label)

    def show_verdict(self, verdict: CallVerdict) -> None:
        """Show what the answers ask for."""
        self._chip.show_level(verdict.level)
        words = {
            CallLevel.ASSESS: tr("Face-to-face assessment now"),
            CallLevel.REVIEW: tr("Review within 24 h"),
            CallLevel.NO_SIGN: tr("No red or amber sign among the answers"),
        }
        self.level.setText(words[verdict.level])
        lines = [tr("Red: {signs}", signs=", ".join(map(told, verdict.red)))] if verdict.red else []
        lines += [tr("Amber: {signs}", signs=", ".join(map(told, verdict.amber)))] if verdict.amber else []
        self.reasons.setText("\n".join(lines))
        self.reasons.setVisible(bool(lines))
        self.gaps.setText(gaps_text(verdict))
        self.gaps.setVisible(bool(verdict.not_asked))
        self.cautions.setText("\n".join(f"• {told(caution)}" for caution in verdict.cautions))
        self.setProperty("role", LOOKS[verdict.level][1])
        restyle(self)


def gaps_text(verdict: CallVerdict) -> str:
    """Return what was not asked: by name where it is little, by number where it is much."""
    if len(verdict.not_asked) <= 4:
        return tr("Not asked: {signs}", signs=", ".join(map(told, verdict.not_asked)))
    shown = ", ".join(map(told, verdict.not_asked[:2]))
    return tr("{n} not asked: {signs} …", n=len(verdict.not_asked), signs=shown)
