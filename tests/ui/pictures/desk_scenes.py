"""The desks that work on the clinic's own store, as reference pictures: a small real store, made once, copied for each picture."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QListWidget, QWidget

from neutromon.models.errors import UserError
from neutromon.models.tables import Layout, TableMapping
from neutromon.services.clinic_rules import current_protocol, propose_protocol, save_regimen
from neutromon.services.import_rules import trust_sender
from neutromon.services.importing import import_bytes
from neutromon.services.importing.codes import CodeRule, save_code_rule
from neutromon.services.importing.profiles import save_profile
from neutromon.services.patients import add_patient
from neutromon.services.people import add_person
from neutromon.services.roles import Role
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, create_store, open_session
from neutromon.storage import keys
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.desk import Desk
from neutromon.ui.guide import FirstSteps
from neutromon.ui.main_window import MainWindow
from neutromon.ui.start.entry import FirstStartWindow, RecoverySheet, SignInWindow
from tests.builders import NOW, a_patient

USER, SECRET = "Testa Nurse", "a synthetic passphrase"
PLACE = Path("/home/clinic/neutromon/clinic.neutromon")
SHEET = "ABCDEFG HIJKLMN OPQRSTU VWXYZ23 4567ABC DEFGHIJ KLMNOPQ RSTUVWX"
QUICK = {"m": 64, "t": 1, "p": 1}
LINES = (
    "MSH|^~\\&|LAB|NORTH|||20260311081500||ORU^R01|{number}|P|2.5\rPID|1||{number}^^^CLINIC||{family}^Testa||19600131|F\r"
    "OBR|1||F-1|58410-2^CBC^LN|||20260311080000\rOBX|1|NM|6690-2^WBC^LN||{wbc}|{unit}|4.0-10.0||||F\r"
    "OBX|2|NM|777-3^PLT^LN||180|10*9/L|150-400||||F"
)


@lru_cache(maxsize=1)
def _made() -> Path:
    """Make the store of these pictures once in a run; keys that cost nothing, for nothing is protected."""
    folder = Path(tempfile.mkdtemp(prefix="neutromon-pictures-"))
    path = folder / "clinic.neutromon"
    usual = dict(keys.PARAMETERS)
    keys.PARAMETERS.update(QUICK)
    try:
        create_store(path, USER, SECRET, now=NOW)
        session = open_session(path, USER, SECRET, clock=lambda: NOW)
        _fill(session)
        close_session(session)
    finally:
        keys.PARAMETERS.update(usual)
    return folder


def _fill(s: Session) -> None:
    add_person(s, "Margarethe Wollschläger-Obermayer", "another passphrase", Role.SENIOR)
    add_person(s, "Nona Nurse", "another passphrase", Role.NURSE)
    note = "Two days are enough for counts from our own laboratory; discussed in the meeting of the ward"
    propose_protocol(s, replace(current_protocol(s), count_validity_hours=48, effective_from=date(2026, 4, 1), note=note))
    regimen = s.rules.regimen("R-CHOP-21")
    assert regimen is not None
    save_regimen(s, replace(regimen, id="R-CHOP-21-own", name="R-CHOP-21-own", based_on="R-CHOP-21"))
    save_code_rule(s, CodeRule(sender="CENTRAL-LABORATORY|NORTH", code="NEU#", analyte="ANC", unit_sent="G/l", unit="10*9/L"))
    trust_sender(s, "LAB|SITE", "its system cannot send birth dates; numbers were compared by hand for a month")
    roles = {"patient": 0, "family": 1, "birth": 2, "date": 3}
    header = ("No", "Name", "Born", "Taken", "WBC (10*9/L)")
    save_profile(s, TableMapping(name="ward list", header=header, layout=Layout.WIDE, roles=roles, analytes={"4": "WBC"}))
    add_patient(s, a_patient("T-0002", family="Sample"))
    messages = (("T-0009", "Example", "0.4", "10*9/L"), ("T-0010", "Sample", "3.5", "10*9/L"), ("T-0011", "Specimen", "3100", "10*9/L"))
    for number, family, wbc, unit in messages:
        import_bytes(s, f"{number}.hl7", LINES.format(number=number, family=family, wbc=wbc, unit=unit).encode())


def small_clinic() -> SessionClinic:
    """Return a clinic over a copy of the small store."""
    folder = Path(tempfile.mkdtemp(prefix="neutromon-picture-"))
    for part in _made().glob("clinic.neutromon*"):
        if not part.name.endswith(".lock"):
            shutil.copy(part, folder)
    return SessionClinic(open_session(folder / "clinic.neutromon", USER, SECRET, clock=lambda: NOW))


def desk_of(clinic: Any) -> Desk:
    """Return the desk over a small clinic's session."""
    return Desk(clinic._session, open_file=lambda _path: None)


def end(clinic: Any) -> None:
    """Close the copy and take it away."""
    session: Session = clinic._session
    close_session(session)
    shutil.rmtree(session.store.path.parent)


def panel(number: int) -> Callable[[MainWindow], object]:
    """Show a panel of administration by its place in the list."""

    def act(window: MainWindow) -> None:
        window.show_desk("administration")
        listed = window.pages.currentWidget().findChild(QListWidget)
        assert isinstance(listed, QListWidget)
        listed.setCurrentRow(number)

    return act


def holding(window: MainWindow) -> None:
    """Show the holding bay once everything was looked into."""
    window.show_desk("holding")
    bay = window.pages.currentWidget().list  # type: ignore[attr-defined]
    while bay._unseen:
        bay._look_on()


PANELS = {"people": 1, "protocol": 2, "regimens": 3, "codes": 4, "import-profiles": 5, "audit": 6, "appearance": 7}
DESKS: dict[str, Callable[[MainWindow], object]] = {
    **{f"admin-{name}": panel(number) for name, number in PANELS.items()},
    "import-empty": lambda window: window.show_desk("imports"),
    "holding-bay": holding,
    "backtest-empty": lambda window: window.show_desk("backtest"),
    "first-steps": lambda window: FirstSteps(practice=False, parent=window).open(),
}


def _refuse(_user: str, _passphrase: str) -> None:
    raise UserError("User or passphrase is wrong.", "Try again; an administrator can give a new passphrase.")


def sign_in() -> QWidget:
    """Return the sign-in window after a wrong passphrase."""
    made = SignInWindow(PLACE, USER, _refuse)
    made.try_open()
    return made


ENTRIES: dict[str, Callable[[], QWidget]] = {
    "sign-in": sign_in,
    "first-start": lambda: FirstStartWindow(PLACE, lambda _user, _passphrase: SHEET),
    "recovery-key": lambda: RecoverySheet(SHEET),
}
