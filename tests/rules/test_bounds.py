"""At, just below and just above every limit of every rule file, made from the data."""

from decimal import Decimal

import pytest

from neutromon.models.quantity import Comparator, Quantity
from neutromon.rules.grades import grade_of
from tests.rules.bounds import all_bounds, all_grade_bounds
from tests.rules.probes import probe_of
from tests.rules.rule_cases import book

WHOLE = {"points", "grade", "a", "min"}
STEP = {"%": Decimal("0.1"), "mg/dL": Decimal("0.01"), "mmHg": Decimal("1")}
LIMIT = Decimal("9999")


def steps_of(unit: str) -> Decimal:
    return Decimal(1) if unit in WHOLE else STEP.get(unit, Decimal("0.001"))


@pytest.mark.parametrize("path", sorted(all_bounds(book())))
def test_that_the_evaluation_turns_exactly_at_the_limit(path: str) -> None:
    bound, probe = all_bounds(book())[path], probe_of(path)
    step = steps_of(bound.unit)
    for value in (bound.value - step, bound.value, bound.value + step):
        if value >= 0:
            assert probe(value) is bound.holds(value), f"{path} at {value}: the rule says {bound.text}"


@pytest.mark.parametrize(("version", "quantity", "unit", "grade", "bound"), all_grade_bounds(book()))
def test_that_a_grade_ends_exactly_below_its_bound(version: str, quantity: str, unit: str, grade: int, bound: Decimal | None) -> None:
    rules, limit = book().grades[version], Quantity(value=LIMIT, unit=unit)
    edge = LIMIT if bound is None else bound
    grades = {}
    for value in (edge - Decimal("0.0001"), edge, edge + Decimal("0.0001")):
        grades[value] = grade_of(rules, quantity, Quantity(value=value, unit=unit), limit)
    assert list(grades.values()) == [(grade,), (grade - 1,), (grade - 1,)]


@pytest.mark.parametrize(("version", "quantity", "unit", "grade", "bound"), all_grade_bounds(book()))
def test_that_a_censored_value_at_a_bound_has_the_grades_of_both_sides(
    version: str, quantity: str, unit: str, grade: int, bound: Decimal | None
) -> None:
    rules, limit = book().grades[version], Quantity(value=LIMIT, unit=unit)
    edge = LIMIT if bound is None else bound

    def graded(comparator: Comparator) -> tuple[int, ...] | None:
        return grade_of(rules, quantity, Quantity(value=edge, unit=unit, comparator=comparator), limit)

    worst = max(own for own, _ in rules.scales[(quantity, unit)].bounds)
    assert graded(Comparator.LT) == tuple(range(grade, worst + 1))
    assert graded(Comparator.LE) == tuple(range(grade - 1, worst + 1))
    assert graded(Comparator.GT) == graded(Comparator.GE) == tuple(range(grade))
