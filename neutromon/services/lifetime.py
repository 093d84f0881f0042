"""Times that cannot be: before the patient was born, or ahead for something that was given or measured."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from neutromon.models.errors import UserError
from neutromon.models.history import Antibiotic, ClinicalEvent, DrugExposure, GrowthFactor, Symptom, Temperature
from neutromon.services.session import Session

LONGEST_PLAN = timedelta(days=365)
"""As far ahead as a deferral may reach: a plan for later than that is a slip of the year."""
OLDEST_YEARS = 130
"""Nobody is known to have reached this age; a birth before is a slip of the year."""
Recordable = Temperature | Symptom | GrowthFactor | Antibiotic | ClinicalEvent | DrugExposure


def check_born(s: Session, patient_id: str, days: Iterable[date | None]) -> None:
    """Refuse a day before the patient's birth; without a birth date nothing can be said."""
    from neutromon.services.patients import patient_history

    born = patient_history(s, patient_id).patient.birth_date
    early = min((day for day in days if day is not None), default=None)
    if born is not None and early is not None and early < born:
        raise UserError(f"{early:%d %b %Y} lies before the birth of this patient ({born:%d %b %Y}).", "Correct the year or the date.")


def check_birth(born: date | None, today: date) -> None:
    """Refuse a birth in the future, or longer ago than anybody has lived."""
    if born is not None and born > today:
        raise UserError("The birth date lies in the future.", "Correct it.")
    if born is not None and is_too_old(born, today):
        raise UserError(f"The birth date lies more than {OLDEST_YEARS} years ago.", "Correct the year.")


def is_too_old(born: date, today: date) -> bool:
    """Return whether nobody alive can have been born on this day."""
    return (today.year - born.year, today.month, today.day) > (OLDEST_YEARS, born.month, born.day)


def check_times(s: Session, patient_id: str, items: Iterable[Recordable]) -> None:
    """Refuse records before the birth, given or measured ones of the future, and plans more than a year ahead."""
    for item in items:
        start = item.start if isinstance(item, DrugExposure) else None
        at = _moment(item)
        check_born(s, patient_id, [start, at.date() if at else None])
        if at is None or at <= s.clock():
            continue
        if isinstance(item, GrowthFactor) and item.planned:
            if at - s.clock() > LONGEST_PLAN:
                raise UserError(f"The plan lies more than a year ahead ({at:%d %b %Y}).", "Correct the year.")
        elif not isinstance(item, ClinicalEvent):
            raise UserError(f"{at:%d %b %Y %H:%M} lies in the future.", "Type when it was given or measured.")


def _moment(item: Recordable) -> datetime | None:
    if isinstance(item, GrowthFactor | Antibiotic):
        return item.given_at
    return None if isinstance(item, DrugExposure) else item.at


def check_dose(dose: str | None) -> None:
    """Refuse a dose below nothing."""
    if (dose or "").strip().replace("−", "-").startswith("-"):
        raise UserError("A dose cannot be negative.", "Type it as given or prescribed, with its unit.")
