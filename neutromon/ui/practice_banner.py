"""The banner that makes the practice clinic visibly different: on every screen, locked or not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from neutromon.ui.text import isolated, tr
from neutromon.ui.theme import SPACE
from neutromon.ui.widgets.labels import ElidedLabel, TextLabel
from neutromon.ui.widgets.layout import column, frame, row

EDGE = 4


class PracticeFrame(QWidget):
    """Holds the whole window's content; in the practice clinic a coloured edge and a banner go around it."""

    def __init__(self, content: QWidget, *, practice: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner: QWidget | None = None
        outer = column(self)
        if not practice:
            outer.addWidget(content)
            return
        edge = frame("practice_edge", name="practice_edge")
        outer.addWidget(edge)
        inner = column(edge, spacing=0)
        inner.setContentsMargins(EDGE, 0, EDGE, EDGE)
        self.banner = _banner()
        inner.addWidget(self.banner)
        inner.addWidget(content, 1)


def window_title(*, practice: bool) -> str:
    """Return what stands over the window."""
    return tr("NeutroMon – practice clinic") if practice else "NeutroMon"


def published_words() -> str:
    """Return who opens the practice clinic with which passphrase: it is published, so that nobody is locked out."""
    from neutromon.services.practice.store import PASSPHRASE, USER

    return tr("Practice clinic: {user} signs in with the passphrase “{passphrase}”.", user=isolated(USER), passphrase=isolated(PASSPHRASE))


def _banner() -> QWidget:
    made = frame("practice", name="practice_banner")
    line = row(made)
    line.setContentsMargins(SPACE.medium, SPACE.tight, SPACE.medium, SPACE.tight)
    text = TextLabel(tr("Practice clinic – synthetic patients"), strong=True)
    line.addWidget(text, 0, Qt.AlignmentFlag.AlignVCenter)
    about = ElidedLabel(tr("Try everything: nothing here is real, and the clinic is made anew each day."))
    about.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(about, 1)
    return made
