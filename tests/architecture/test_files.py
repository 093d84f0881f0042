"""The house keeps its measures: short files and functions, no stubs, no path of a workplace."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "neutromon").rglob("*.py"))
LONGEST_FILE = 500
LONGEST_FUNCTION = 60


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_that_a_module_has_one_idea_and_fits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says in one sentence what it is for"
    assert text.count("\n") <= LONGEST_FILE
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [node.name for node in functions if (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION]
    assert not long
    assert not re.search(r"\b(TODO|FIXME|XXX)\b|NotImplementedError", text)


def test_that_no_test_is_skipped() -> None:
    marks = re.compile(r"pytest\.(skip|xfail)\(|mark\.(skip|xfail)")
    own = Path(__file__)
    found = [
        str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py") if path != own and marks.search(path.read_text("utf-8"))
    ]
    assert not found
