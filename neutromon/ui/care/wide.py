"""A form of the size of a small screen: its parts scroll by themselves, so that it never grows beyond it."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from neutromon.ui.care.segments import Segments
from neutromon.ui.forms.base import PatientForm
from neutromon.ui.saved import FormContext

HEIGHT = 690


class WideForm(PatientForm):
    """Takes its size when it is first shown: before that, wrapped texts do not know how wide they may be and ask for too much."""

    def __init__(self, context: FormContext, title: str, *, name: str, width: int) -> None:
        super().__init__(context, title, name=name, width=width)
        self._wide = width
        self._sized = False

    def _watch(self, field: QWidget) -> None:
        """Keep the draft of rows of choices too."""
        super()._watch(field)
        if isinstance(field, Segments):
            field.changed.connect(self._touch)

    def showEvent(self, event: QShowEvent) -> None:
        """Take the size of a small screen once."""
        super().showEvent(event)
        if not self._sized:
            self._sized = True
            self.resize(self._wide, HEIGHT)
