"""What a clinic's own regimen must be before it is stored: told from every other one, with drugs that can be given."""

import re
from collections.abc import Iterable
from decimal import Decimal

from neutromon.models.errors import UserError
from neutromon.rules import RuleBook
from neutromon.rules.book_parts import Regimen, RegimenDrug

AMOUNT = r"(\d{1,3}(?: \d{3})+|\d+(?:\.\d+)?)"
DOSE = re.compile(rf"{AMOUNT}(?:(-| then ){AMOUNT})?")
DAYS = re.compile(r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*")
WEEKLY = "weekly"
LARGEST_DOSE = Decimal(100_000)
"""House limit in any unit, no clinical number and not signed off: it only keeps out slips such as 1e9."""


def check_names(book: RuleBook, regimen: Regimen, *, known: bool) -> None:
    """Refuse a short name or a name that another regimen has; `known` is a new version of an own one."""
    others = [one for one in {**book.regimens, **book.own_regimens}.values() if not (known and one.id == regimen.id)]
    for one in others:
        if one.id != regimen.id and _plain(one.id) == _plain(regimen.id):
            raise UserError(f"The short name differs from '{one.id}' in case or blanks alone.", "Choose another short name.")
        if _plain(one.name) == _plain(regimen.name):
            raise UserError(f"'{one.id}' has the same name, '{one.name}'.", "Give this regimen a name of its own.")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def check_drugs(book: RuleBook, regimen: Regimen) -> None:
    """Refuse a drug whose dose, unit or days cannot be; a line that is word for word a shipped one stays as its source has it."""
    shipped = {one for known in book.regimens.values() for one in known.components}
    for one in regimen.components:
        _check_days(one, regimen.cycle_days)
        if one not in shipped:
            _check_dose(one, known_units(book.regimens.values()))


def known_units(regimens: Iterable[Regimen]) -> list[str]:
    """Return the units in which the library gives drugs."""
    return sorted({one.unit for regimen in regimens for one in regimen.components if one.unit}, key=str.casefold)


def _check_dose(one: RegimenDrug, units: list[str]) -> None:
    if not one.dose:
        return
    found = DOSE.fullmatch(one.dose)
    amounts = [Decimal(found[number].replace(" ", "")) for number in (1, 3) if found[number]] if found else []
    if found is None or not all(0 < amount <= LARGEST_DOSE for amount in amounts) or (found[2] == "-" and amounts[0] >= amounts[1]):
        raise UserError(f"The dose of {one.drug}, '{one.dose}', cannot be.", "Type it like 75, 2.5, 60-90 or 840 then 420.")
    if one.unit not in units:
        said = f"has the unit '{one.unit}', which is not known." if one.unit else "has a dose without a unit."
        raise UserError(f"{one.drug} {said}", f"Choose from {', '.join(units)}.")


def _check_days(one: RegimenDrug, cycle_days: int) -> None:
    if not one.days or one.days == WEEKLY:
        return
    written = one.days.replace(" ", "")
    spans = [[int(day) for day in part.split("-")] for part in written.split(",")] if DAYS.fullmatch(written) else []
    if not spans or any(span[0] < 1 or span[-1] > cycle_days or span[0] > span[-1] for span in spans):
        raise UserError(f"The days of {one.drug}, '{one.days}', do not fit a cycle of {cycle_days}.", "Type them like 1, 1-5 or 1,8,15.")
