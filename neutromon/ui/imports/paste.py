"""Paste a report: the text of a laboratory's message, table or e-mail, looked at before it is imported."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from neutromon.ui.text import tr
from neutromon.ui.widgets.dialog import Dialog


class PasteDialog(Dialog):
    """Shows the clipboard's text for a look; nothing is imported before the button is pressed."""

    text_given = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        about = tr("Copy the report in the laboratory's program, paste it here, look at it, import it. Rows that cannot be read will wait.")
        super().__init__(tr("Paste a report"), about=about, name="paste_report", parent=parent, width=760)
        self.text = QPlainTextEdit(QGuiApplication.clipboard().text())
        self.text.setObjectName("paste_text")
        self.text.setAccessibleName(tr("Text of the report"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(280)
        self.body.addWidget(self.text, 1)
        self.add_primary(tr("Import"), self._give, name="paste_import")
        self.text.setFocus()

    def _give(self) -> None:
        text = self.text.toPlainText()
        if not text.strip():
            self.show_problem(tr("There is no text. Paste the report into the field."))
            return
        self.accept()
        self.text_given.emit(text)
