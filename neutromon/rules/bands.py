"""The FN-risk band of a course by one guideline: the stated risk, else the regimen's category (reference 15.5)."""

from neutromon.models.history import Course
from neutromon.models.quantity import Quantity, parse_number
from neutromon.rules.book_parts import GcsfRule, Regimen


def band(course: Course | None, regimen: Regimen | None, rule: GcsfRule) -> str:
    """Return high, intermediate, low or unknown: the stated risk by the guideline's bounds, else the regimen's category."""
    stated = parse_number(course.fn_risk_percent) if course and course.fn_risk_percent is not None else None
    if stated is not None:
        quantity = Quantity(value=stated[1], unit="%", comparator=stated[0])
        for name, bound in (("high", rule.high), ("intermediate", rule.intermediate)):
            verdict = bound.judge(quantity)
            if verdict is None:
                return "unknown"
            if verdict:
                return name
        return "low"
    category = regimen.categories.get(rule.list, "unsettled") if regimen else "unsettled"
    return "unknown" if category == "unsettled" else category
