"""The numbers around the pages: beside each list and desk, in the strip, at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from neutromon.models.standing import Tier
from neutromon.models.worklist import ListName
from neutromon.ui.alert_strip import answered_counts, worst_line

if TYPE_CHECKING:
    from neutromon.ui.main_window import MainWindow
    from neutromon.ui.window_tools import WindowTools


class Numbers:
    """Reads them again; before the first paint only what needs no rules."""

    def __init__(self, window: MainWindow, tools: WindowTools) -> None:
        self._window, self._tools, self._clinic = window, tools, tools.clinic
        self.painted = False

    def read(self) -> None:
        """Show every number as it is now."""
        window, counts, tiers, now = self._window, self._clinic.list_counts(), self._clinic.tier_counts(), self._clinic.now()
        window.rail.set_numbers(counts)
        window.rail.set_desk_number("inbox", sum(tiers.values()))
        window.status.show_patients(counts.get(ListName.ALL, 0))
        urgent = bool(tiers.get(Tier.EMERGENCY) or tiers.get(Tier.URGENT))
        if self.painted:  # alerts, holding bay and backups bring the rules with them: the list is painted before
            window.status.show_backup(self._tools.desk.last_backup() if self._tools.desk else None, now)
            waiting = self._clinic.held_count()
            window.rail.set_desk_number("holding", waiting or None)
            window.watch.look(waiting)
        rows = self._clinic.open_alerts() if urgent and self.painted else []
        window.strip.show_alerts(tiers, *worst_line(rows, now, self._pathway_line), answered_counts(rows))

    def _pathway_line(self, patient_id: str) -> str:
        from neutromon.ui.pathway_clock import pathway_line  # after the first paint

        return pathway_line(self._clinic, patient_id, self._clinic.now())
