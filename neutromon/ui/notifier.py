"""Tell views what changed, by ids only; each view reads again what it shows."""

from PySide6.QtCore import QObject, Signal

from neutromon.models.changes import Changes


class ChangeNotifier(QObject):
    """One typed signal per kind of change; views connect to it and never to each other."""

    patients_changed = Signal(frozenset)
    alerts_changed = Signal(frozenset)
    holding_changed = Signal()
    protocol_changed = Signal()
    settings_changed = Signal()
    changed = Signal(Changes)

    def announce(self, changes: Changes) -> None:
        """Emit what a committed write touched; nothing where it touched nothing."""
        if changes.patient_ids:
            self.patients_changed.emit(changes.patient_ids)
        if changes.alert_ids:
            self.alerts_changed.emit(changes.alert_ids)
        if changes.holding:
            self.holding_changed.emit()
        if changes.protocol:
            self.protocol_changed.emit()
        if changes.settings:
            self.settings_changed.emit()
        if changes != Changes():
            self.changed.emit(changes)
