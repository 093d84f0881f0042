"""The screens and states that are kept as reference pictures: a clinic in memory, a clock that stands still, the program's own fonts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop
from PySide6.QtGui import QCursor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from neutromon.models.worklist import ListName
from neutromon.storage.files import resources_folder
from neutromon.ui.application import Wardrobe
from neutromon.ui.desk import Desk
from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.flow_data import FlowRow
from neutromon.ui.patient.flow_model import ROWS
from neutromon.ui.patient.page import PatientPage
from neutromon.ui.port import ClinicPort
from neutromon.ui.settings import WindowSettings
from neutromon.ui.theme import Theme
from neutromon.ui.window_tools import WindowTools
from tests.ui.fake_clinic import FakeClinic, a_clinic
from tests.ui.pictures.desk_scenes import DESKS, ENTRIES, desk_of, end, small_clinic

PATIENCE = 20_000
SMALL, LARGE = (1366, 768), (1920, 1080)
PLAIN = WindowSettings()
DARK = replace(PLAIN, theme="dark")
HUGE = replace(PLAIN, scale=2.0)
MIRRORED = replace(PLAIN, right_to_left=True)
GERMAN = replace(PLAIN, language="de")
PER_MICROLITRE = replace(PLAIN, count_unit="/uL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture: what is done in the window, how the window is dressed, and its size.

    `desk` and `end` belong to a clinic over a real store; `entry` is a window that stands alone, before the main one.
    """

    name: str
    act: Callable[[MainWindow], object] = lambda _window: None
    settings: WindowSettings = PLAIN
    size: tuple[int, int] = SMALL
    clinic: Callable[[], ClinicPort] = a_clinic
    desk: Callable[[Any], Desk | None] = lambda _clinic: None
    end: Callable[[Any], object] = lambda _clinic: None
    entry: Callable[[], QWidget] | None = None


def patient(patient_id: str) -> Callable[[MainWindow], object]:
    """Open a patient."""
    return lambda window: window.open_patient(patient_id)


def form(name: str, patient_id: str, subject_id: str = "") -> Callable[[MainWindow], object]:
    """Open a form over a patient's page."""

    def act(window: MainWindow) -> None:
        window.open_patient(patient_id)
        window.open_form_for(name, patient_id, subject_id)

    return act


def _all(window: MainWindow) -> None:
    window.show_list(ListName.ALL)


def _tab(number: int, patient_id: str) -> Callable[[MainWindow], object]:
    def act(window: MainWindow) -> None:
        window.open_patient(patient_id)
        page = window.pages.currentWidget()
        assert isinstance(page, PatientPage)
        page.tabs.setCurrentIndex(number)

    return act


def _doubted(window: MainWindow) -> None:
    """Type a white count below the ANC into the flow sheet and try to store it."""
    _tab(2, "p4")(window)
    page = window.pages.currentWidget()
    assert isinstance(page, PatientPage)
    sheet, row = page.flow, ROWS.index(FlowRow.WBC)
    sheet.model.setData(sheet.model.index(row, sheet.model.today_column() - 1), "0.5")
    sheet.bar.reason.setText("as on the slip")
    sheet.bar.accepted.emit()


def _locked(window: MainWindow) -> None:
    window.open_patient("p7")
    window.lock()


def scenes() -> tuple[Scene, ...]:
    """Return every kept picture; the names say what is seen."""
    plain: tuple[tuple[str, Callable[[MainWindow], object]], ...] = (
        ("list-tomorrow", lambda window: window.show_list(ListName.TOMORROW)),
        ("list-all-with-long-arabic-and-chinese-names", _all),
        ("patient-trend", patient("p1")),
        ("patient-febrile", patient("p2")),
        ("patient-without-count", patient("p6")),
        ("patient-long-name", patient("p7")),
        ("inbox", lambda window: window.show_desk("inbox")),
        ("handover", lambda window: window.show_desk("handover")),
        ("wall", lambda window: window.show_desk("wall")),
        ("patient-cycles-overlay", _tab(1, "p1")),
        ("patient-flow-sheet", _tab(2, "p4")),
        ("patient-log", _tab(3, "p4")),
        ("locked", _locked),
        ("form-count", form("count", "p4")),
        ("form-decision", form("decision", "p4")),
        ("form-triage", form("triage", "p2")),
        ("form-scores", form("scores", "p2")),
        ("form-pathway", form("pathway", "p2")),
        ("form-gcsf", form("gcsf", "p1")),
        ("form-work-up", form("work_up", "p1")),
        ("form-course", form("course", "p1")),
    )
    dressed = [Scene(name=f"{name}-light", act=act) for name, act in plain]
    dressed += [Scene(name=f"{name}-dark", act=act, settings=DARK) for name, act in plain]
    dressed += [_on_store(f"{name}-light", act) for name, act in DESKS.items()]
    dressed += [_on_store(f"{name}-dark", DESKS[name], settings=DARK) for name in ("admin-protocol", "holding-bay", "import-empty")]
    dressed += [_on_store(f"{name}-200-percent", DESKS[name], settings=HUGE) for name in ("admin-people", "holding-bay", "import-empty")]
    dressed += [_on_store(f"{name}-german", DESKS[name], settings=GERMAN) for name in ("admin-protocol", "holding-bay")]
    dressed += [Scene(name=f"{name}-light", entry=make) for name, make in ENTRIES.items()]
    dressed += [Scene(name=f"{name}-dark", entry=make, settings=DARK) for name, make in ENTRIES.items()]
    return (
        *dressed,
        Scene(name="list-empty", act=_all, clinic=FakeClinic),
        Scene(name="patient-flow-sheet-asks-light", act=_doubted),
        Scene(name="form-batch-200-percent", act=lambda window: window.open_form_for("batch", "", ""), settings=HUGE),
        Scene(name="list-tomorrow-large", act=plain[0][1], size=LARGE),
        Scene(name="list-all-200-percent", act=_all, settings=HUGE, size=LARGE),
        Scene(name="list-all-right-to-left", act=_all, settings=MIRRORED),
        Scene(name="list-tomorrow-german", act=plain[0][1], settings=GERMAN),
        Scene(name="patient-trend-large", act=patient("p1"), size=LARGE),
        Scene(name="patient-arabic-right-to-left", act=patient("p8"), settings=MIRRORED),
        Scene(name="patient-chinese-200-percent", act=patient("p9"), settings=HUGE, size=LARGE),
        Scene(name="patient-per-microlitre", act=patient("p4"), settings=PER_MICROLITRE),
    )


def _on_store(name: str, act: Callable[[MainWindow], object], **dress: Any) -> Scene:
    return Scene(name=name, act=act, clinic=small_clinic, desk=desk_of, end=end, **dress)


def _wait_until_drawn(application: QApplication, window: MainWindow) -> None:
    """Let everything come that follows the first words of a page."""
    until = QDeadlineTimer(PATIENCE)
    application.processEvents()
    while getattr(window.pages.currentWidget(), "is_drawing", False) and not until.hasExpired():
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    application.processEvents()


def _wait_for_work(application: QApplication, window: MainWindow) -> None:
    """Let the work end that begins with the day: its progress is in no picture."""
    until = QDeadlineTimer(PATIENCE)
    while (window.tasks.running() or window.watch.is_looking) and not until.hasExpired():
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    application.processEvents()


def _without_caret(window: QWidget) -> None:
    focused = QApplication.focusWidget()
    if focused is not None:
        focused.clearFocus()
    window.repaint()


def paint(application: QApplication, scene: Scene, inspect: Callable[[MainWindow], None] = lambda window: None) -> QImage:
    """Return a scene's picture: the window, or the form that is open over it; `inspect` may look at the window before it closes."""
    font, palette = application.font(), application.palette()
    wardrobe = Wardrobe(application=application, resources=resources_folder())
    wardrobe.load_first_fonts()
    wardrobe.load_other_fonts()
    wardrobe.speak(scene.settings)
    theme = wardrobe.dress(scene.settings)
    QCursor.setPos(0, 0)  # another test may have left the mouse over what is painted
    try:
        if scene.entry is not None:
            return _entry(application, scene.entry())
        return _window(application, scene, theme, wardrobe, inspect)
    finally:
        wardrobe.speak(PLAIN)
        application.setStyleSheet("")
        application.setPalette(palette)
        application.setFont(font)


def _entry(application: QApplication, made: QWidget) -> QImage:
    made.show()
    application.processEvents()
    _without_caret(made)
    image = made.grab().toImage()
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return image


def _window(application: QApplication, scene: Scene, theme: Theme, wardrobe: Wardrobe, inspect: Callable[[MainWindow], None]) -> QImage:
    clinic = scene.clinic()
    tools = WindowTools(clinic=clinic, theme=theme, settings=scene.settings, dress=wardrobe.dress, desk=scene.desk(clinic))
    window = MainWindow(tools)
    try:
        window.resize(*scene.size)
        window.show()
        window.begin_day()
        _wait_for_work(application, window)
        scene.act(window)
        _wait_until_drawn(application, window)
        inspect(window)
        dialogs = window.forms.dialogs()
        shown: QWidget = dialogs[-1] if dialogs else window
        _without_caret(shown)
        return shown.grab().toImage()
    finally:
        for dialog in window.forms.dialogs():
            dialog.close()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        scene.end(clinic)
