"""The page of the clinical basis is written from the rule data and is current."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

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
