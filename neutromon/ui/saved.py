"""What a form is opened with and what it tells when it has stored something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neutromon.models.changes import Changes, Outcome

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from neutromon.ui.port import ClinicPort
    from neutromon.ui.theme import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Something that is stored: what to say, what changed, and how to take it back (a compensating write), if it can be."""

    title: str
    changes: Changes
    undo: Callable[[], Outcome[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """What every form needs: the clinic, the theme, the patient it is bound to for its whole life, and what it is about."""

    clinic: ClinicPort
    theme: Theme
    patient_id: str = ""
    subject_id: str = ""
    parent: QWidget | None = None
