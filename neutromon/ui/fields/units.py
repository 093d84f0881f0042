"""Units as they are offered and shown, and the chip that names and changes the unit of a field."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from neutromon.models.formatting import COUNT_UNIT
from neutromon.ui.text import ENDS, LEFT_TO_RIGHT, tr
from neutromon.ui.widgets.labels import as_tooltip

CELLS = ("10*9/L", "/uL")
HEMOGLOBIN = ("g/dL", "g/L", "mmol/L")
UNITS_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("wbc", "neutrophils", "lymphocytes", "monocytes", "granulocytes", "platelets", "anc"), CELLS),
    "hemoglobin": HEMOGLOBIN,
    "mcv": ("fL",),
}
_SHOWN = {"10*9/L": COUNT_UNIT, "/uL": "/µL", "Cel": "°C", "[degF]": "°F"}


def units_of(field: str) -> tuple[str, ...]:
    """Return the units that a field of a count may have, the usual one first."""
    return ("%",) if field.endswith("_percent") else UNITS_OF.get(field, ("",))


def unit_words(unit: str | None) -> str:
    """Return a unit as people read it; a missing one is said."""
    return _SHOWN.get(unit, unit) if unit else tr("no unit")


class UnitChip(QPushButton):
    """Shows the unit of a field; a click, Space or Ctrl+U in the field takes the next one. Only choices can be reached by Tab."""

    unit_changed = Signal(str)

    def __init__(self, units: Sequence[str], about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units, self._about = tuple(units), about
        self._unit = self._units[0]
        self.setProperty("kind", "flat")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if len(self._units) > 1 else Qt.FocusPolicy.NoFocus)
        self.setEnabled(len(self._units) > 1)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        if len(self._units) > 1:
            self.setToolTip(as_tooltip(tr("Change the unit (Ctrl+U)")))
        self.clicked.connect(lambda _checked=False: self.next_unit())
        self._show()

    @property
    def unit(self) -> str:
        """Return the unit as it is stored."""
        return self._unit

    def set_unit(self, unit: str | None) -> None:
        """Take a unit; one that is not offered is added, so that nothing is relabelled in silence."""
        if not unit or unit == self._unit:
            return
        if unit not in self._units:
            self._units = (*self._units, unit)
        self._unit = unit
        self._show()
        self.unit_changed.emit(unit)

    def offer(self, units: Sequence[str], unit: str | None) -> None:
        """Offer the units of another value and take one of them."""
        self._units, self._unit = tuple(units), units[0]
        self.setEnabled(len(self._units) > 1)
        self.set_unit(unit)
        self._show()

    def next_unit(self) -> None:
        """Take the next unit of those offered."""
        self.set_unit(self._units[(self._units.index(self._unit) + 1) % len(self._units)])

    def _show(self) -> None:
        self.setText(f"{LEFT_TO_RIGHT}{unit_words(self._unit)}{ENDS}")
        self.setAccessibleName(tr("Unit of {field}: {unit}", field=self._about, unit=unit_words(self._unit)))
