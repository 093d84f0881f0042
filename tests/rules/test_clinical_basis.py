"""The page of the clinical basis is written from the rule data and is current."""

import importlib.util
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from neutromon.rules import RuleBook
from neutromon.rules.filled import filled
from neutromon.rules.logic import Bound
from neutromon.rules.schemas import TIER_RULES
from tests.rules.rule_cases import book

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "clinical_basis.py"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("clinical_basis", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_that_the_page_is_current() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_that_a_stale_page_is_noticed_and_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = script()
    monkeypatch.setattr(module, "PAGE", tmp_path / "page.md")
    assert module.main(["--check"]) == 1
    assert module.main([]) == 0
    assert module.main(["--check"]) == 0
    (tmp_path / "page.md").write_text("old")
    assert module.main(["--check"]) == 1


def test_that_the_page_names_every_finding_file_rule_and_regimen() -> None:
    page = script().page(book())
    names = [*TIER_RULES, *(head.name for head in book().files), *book().regimens, *book().products.products]
    assert [name for name in names if f"`{name}`" not in page] == []
    assert [name for name in book().day1 if name not in page] == []
    assert "FENCE" in page and "needs clinical sign-off" in page


NAMED = re.compile(r"\{(?:(\w+)\.)?(\w+)\}")
WHEN = book().numbers["findings"].tables["when"]
NAMES = sorted({(found[1] or "findings", found[2]) for words in WHEN.values() for found in NAMED.finditer(words)})


def when_part(page: str) -> str:
    """Return the table of what fires, without the table of numbers behind it."""
    return page.split("## What fires")[1].split("| Number |")[0]


def changed(kind: str, name: str) -> RuleBook:
    """Return the rule book with one number moved to one that stands nowhere else."""
    if kind == "gcsf_products":
        return replace(book(), products=replace(book().products, **{name: moved(getattr(book().products, name))}))
    numbers = book().numbers[kind]
    parts = {part: dict(getattr(numbers, part)) for part in ("bounds", "decimals", "wholes")}
    held = next(values for values in parts.values() if name in values)
    held[name] = moved(held[name])
    return replace(book(), numbers={**book().numbers, kind: replace(numbers, **parts)})


def moved(value: Any) -> Any:
    return replace(value, value=Decimal("98765")) if isinstance(value, Bound) else type(value)(98765)


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_that_a_changed_bound_changes_what_the_page_says_of_it(kind: str, name: str) -> None:
    before, after = when_part(script().page(book())), when_part(script().page(changed(kind, name)))
    assert "98765" not in before and "98765" in after


@pytest.mark.parametrize("rule", TIER_RULES)
def test_that_what_fires_names_its_numbers_from_the_rule_data_alone(rule: str) -> None:
    prose = NAMED.sub("", WHEN[rule]).replace("day-1", "").replace("day 1", "")
    assert not re.search(r"\d", prose), f"{rule} writes a number out: name it from the data"


def test_that_a_name_that_is_no_number_stops_the_page() -> None:
    with pytest.raises(KeyError):
        filled("ANC {grade5}", book())
