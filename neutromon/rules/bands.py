"""The FN-risk band of a course by one guideline: the stated risk, else the regimen's category (reference 15.5)."""

from neutromon.models.history import Course
from neutromon.models.quantity import Quantity, parse_number
from neutromon.rules.book_parts import GcsfRule, Regimen


def band(course: Course | None, regimen: Regimen | None, rule: GcsfRule) -> str:
    """Return high, intermediate, low or unknown: the stated risk by the guideline's bounds, else the regimen's category."""
    quantity = _stated(course)
    if quantity is not None:
        for name, bound in (("high", rule.high), ("intermediate", rule.intermediate)):
            verdict = bound.judge(quantity)
            if verdict is None:
                return "unknown"
            if verdict:
                return name
        return "low"
    category = regimen.categories.get(rule.list, "unsettled") if regimen else "unsettled"
    return "unknown" if category == "unsettled" else category


def _stated(course: Course | None) -> Quantity | None:
    """Return the stated risk; what is no percentage states none, so that -5 is never a low risk."""
    parsed = parse_number(course.fn_risk_percent) if course and course.fn_risk_percent is not None else None
    if parsed is None or not 0 <= parsed[1] <= 100:
        return None
    return Quantity(value=parsed[1], unit="%", comparator=parsed[0])
