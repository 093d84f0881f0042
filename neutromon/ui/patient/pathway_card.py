"""The card of a running febrile-neutropenia pathway: its clock, which goes on while the page is open, and the way to it."""

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from neutromon.rules.clock import AntibioticClock, antibiotic_clock
from neutromon.ui.alert_strip import clock_text
from neutromon.ui.care.clock_face import clock_words
from neutromon.ui.pathway_clock import antibiotic_minutes
from neutromon.ui.patient.cards import Card
from neutromon.ui.patient.facts import PatientFacts
from neutromon.ui.port import ClinicPort
from neutromon.ui.text import tr
from neutromon.ui.theme import Size
from neutromon.ui.widgets.buttons import button

TICK_MS = 15_000


class PathwayCard(Card):
    """Hidden while no pathway runs; over the time box it says so in words."""

    form_requested = Signal(str, str)

    def __init__(self, clinic: ClinicPort, parent: QWidget | None = None) -> None:
        super().__init__(tr("Febrile-neutropenia pathway runs"), "card_pathway", parent)
        self._clinic = clinic
        self._facts: PatientFacts | None = None
        self.number = self.add_line(size=Size.SUBTITLE, strong=True)
        self.words = self.add_line()
        opened = button(tr("Open the pathway"), lambda: self.form_requested.emit("pathway", ""), name="card_pathway_open")
        opened.setProperty("kind", "flat")
        self.inside.addWidget(opened, 0, Qt.AlignmentFlag.AlignLeading)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)
        self.hide()

    def show_facts(self, facts: PatientFacts) -> None:
        """Show the clock, or nothing where no pathway runs."""
        self._facts = facts if facts.clock is not None else None
        self.setVisible(facts.clock is not None)
        if facts.clock is None:
            self.clear()
            return
        self._show(facts.clock, facts.now)
        self._timer.start()

    def tick(self) -> None:
        """Let the clock go on."""
        facts = self._facts
        if facts is None or facts.clock is None:
            return
        now = self._clinic.now()
        minutes, clock = antibiotic_minutes(self._clinic), facts.clock
        self._show(antibiotic_clock(clock.time_zero, facts.history.antibiotics, now, minutes, clock.given_before), now)

    def _show(self, clock: AntibioticClock, now: datetime) -> None:
        self.put(self.number, clock_text(clock.elapsed), "hold" if clock.is_over else "")
        self.put(self.words, clock_words(clock, now, antibiotic_minutes(self._clinic)), "hold" if clock.is_over else "")

    def clear(self) -> None:
        """Show no pathway and stop the clock."""
        self._timer.stop()
        self._facts = None
        self.hide()
        super().clear()
