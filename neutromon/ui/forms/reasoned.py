"""Why something that was stored is changed: a line of text that may not stay empty."""

from PySide6.QtWidgets import QLineEdit

from neutromon.models.errors import UserError
from neutromon.ui.text import tr


def reason_field(name: str = "reason", placeholder: str = "") -> QLineEdit:
    """Return the field for a reason."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(tr("Reason"))
    made.setPlaceholderText(placeholder or tr("Why it is changed; it stays in the log"))
    return made


def reason_of(field: QLineEdit) -> str:
    """Return the reason; raise UserError where there is none."""
    if not field.text().strip():
        field.setFocus()
        raise UserError(tr("A reason is needed."), tr("Say in a few words why."))
    return field.text().strip()
