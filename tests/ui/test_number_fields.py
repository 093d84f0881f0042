"""A number field without buttons shows its number: Qt leaves no room for the text where it is told to have none."""

from PySide6.QtWidgets import QApplication, QDateEdit, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from neutromon.ui.forms.course import CourseForm
from neutromon.ui.saved import FormContext
from neutromon.ui.stylesheet import style_sheet
from neutromon.ui.theme import Theme
from tests.builders import a_history
from tests.ui.fake_clinic import FakeClinic


def test_that_styled_number_and_date_fields_have_room_for_their_text(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setStyleSheet(style_sheet(Theme()))
    for field in (QSpinBox(), QDateEdit()):
        qtbot.addWidget(field)
        field.setFixedWidth(108)
        field.show()
        assert field.findChild(QLineEdit).width() > 70
        field.close()


def test_that_the_number_of_planned_cycles_can_be_read(qtbot: QtBot, qapp: QApplication) -> None:
    clinic = FakeClinic()
    clinic.add(a_history(), "p1")
    qapp.setStyleSheet(style_sheet(Theme()))
    host = QWidget()
    qtbot.addWidget(host)
    form = CourseForm(FormContext(clinic=clinic, theme=Theme(), patient_id="p1", parent=host))
    form.open()
    assert form.number.lineEdit().width() > 50
    form.close()
