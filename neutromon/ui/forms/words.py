"""Words that the forms share: who the patient is in one line, names of the values of a count, yes and no and unknown."""

from datetime import datetime

from neutromon.models.formatting import full_name, years_between
from neutromon.models.history import Patient, PatientHistory
from neutromon.rules.schedule import place
from neutromon.ui.text import isolated, tr
from neutromon.ui.worklist.columns import day_text


def about_line(history: PatientHistory, now: datetime) -> str:
    """Return name, birth date with age, number and cycle day: what must be seen before anything is typed."""
    patient = history.patient
    parts = [isolated(full_name(patient)), born_text(patient, now), number_text(patient), cycle_line(history, now)]
    return "  ·  ".join(part for part in parts if part)


def born_text(patient: Patient, now: datetime) -> str:
    """Return "born 31 Jan 1960 (66)", or that the birth date is unknown."""
    if patient.birth_date is None:
        return tr("birth date unknown")
    return tr("born {day} ({years})", day=day_text(patient.birth_date), years=years_between(patient.birth_date, now.date()))


def number_text(patient: Patient) -> str:
    """Return the patient number, or that there is none."""
    return isolated(patient.identifier.value) if patient.identifier else tr("no patient number")


def cycle_line(history: PatientHistory, now: datetime) -> str:
    """Return "R-CHOP-21 C3 D11", or that no course or cycle runs."""
    course = history.course
    if course is None:
        return tr("no course recorded")
    where = place(course, now.date())
    regimen = course.regimen or tr("regimen unknown")
    return f"{regimen} C{where.cycle.number} D{where.day}" if where else tr("{regimen}, not begun", regimen=regimen)


def value_name(field: str) -> str:
    """Return the name of a value of a count."""
    names = {
        "wbc": tr("White cells (WBC)"),
        "neutrophils": tr("Neutrophils (ANC)"),
        "anc": tr("ANC"),
        "neutrophils_percent": tr("Neutrophils %"),
        "segs_percent": tr("Segmented %"),
        "bands_percent": tr("Bands %"),
        "lymphocytes": tr("Lymphocytes"),
        "lymphocytes_percent": tr("Lymphocytes %"),
        "monocytes": tr("Monocytes"),
        "monocytes_percent": tr("Monocytes %"),
        "eosinophils_percent": tr("Eosinophils %"),
        "basophils_percent": tr("Basophils %"),
        "immature_granulocytes_percent": tr("Immature granulocytes %"),
        "metamyelocytes_percent": tr("Metamyelocytes %"),
        "blasts_percent": tr("Blasts %"),
        "granulocytes": tr("Granulocytes"),
        "platelets": tr("Platelets"),
        "hemoglobin": tr("Haemoglobin"),
        "mcv": tr("MCV"),
    }
    return names.get(field, field)


def yes_no_unknown() -> list[tuple[bool | None, str]]:
    """Return the three answers; unknown comes first and is never taken for no."""
    return [(None, tr("Unknown")), (True, tr("Yes")), (False, tr("No"))]


def undone_by(user: str) -> str:
    """Return the reason that an undo writes into the record."""
    return tr("undone by {user}", user=user)
