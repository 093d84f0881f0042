"""Every sentence of the window is translated, and a translation loses no value, number, key or list member."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "translations.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("translations", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def sentence(script: ModuleType, text: str) -> object:
    """A sentence of the window."""
    return script.Sentence(text=text, place="somewhere", values=None)


@pytest.mark.parametrize("language", ["de", "tr"])
def test_that_a_catalogue_is_complete_and_keeps_what_it_translates(script: ModuleType, language: str) -> None:
    wanted, wrong = script.read_sources()
    assert wrong == []
    assert len(wanted) > 1400
    assert list(script.faults(language, wanted + script.read_rules(), script.catalogue(language))) == []


def test_that_the_signs_read_out_on_the_telephone_are_among_the_sentences(script: ModuleType) -> None:
    texts = {one.text for one in script.read_rules()}
    assert {"Rigors, chills", "blood culture", "smear", "6 mg SC once"} <= texts
    assert script.catalogue("de")["Rigors, chills"] == "Schüttelfrost, Frösteln"


def test_that_every_missing_and_every_unused_sentence_is_named(script: ModuleType) -> None:
    found = list(
        script.faults("de", [sentence(script, "Save"), sentence(script, "Close")], {"Save": "Speichern", "Old": "Alt", "Close": " "})
    )
    assert found == ["de: missing 'Close' (somewhere)", "de: unused 'Old'"]


@pytest.mark.parametrize(
    ("text", "translated", "fault"),
    [
        ("{n} open alerts", "offene Meldungen", "other values"),
        ("{n} open", "{m} offen", "other values"),
        ("{n} open", "{n} offen}", "other values"),
        ("valid for 72 h", "gültig für 27 h", "other numbers"),
        ("below 0.5", "unter 0,5", "other numbers"),
        ("Unit (Ctrl+U)", "Einheit (Strg+U)", "other keys"),
        (" days", "Tage", "other spaces at the ends"),
        ("Mon Tue Wed Thu Fri Sat Sun", "Mo Di Mi Do Fr Sa", "another number of names"),
    ],
)
def test_that_a_translation_which_loses_something_is_refused(script: ModuleType, text: str, translated: str, fault: str) -> None:
    assert list(script.lost(text, translated)) == [fault]
    assert list(script.lost(text, text)) == []


def test_that_a_sentence_that_is_not_written_out_is_refused(script: ModuleType) -> None:
    with pytest.raises(script.NotLiteralError, match=r"ui/x\.py:2"):
        list(script.calls("def f(text):\n    return tr(text)\n", "ui/x.py"))


def test_that_a_value_which_no_sentence_takes_is_noticed(script: ModuleType) -> None:
    calls = list(script.calls('tr("{n} open", count=3)\ntr("{n} open", n=3)\ntr("{n} open", **values)\n', "ui/x.py"))
    assert list(script.unfilled(calls)) == ["ui/x.py:1: '{n} open' is given ['count']"]


def test_that_the_table_of_spoken_forms_is_collected(script: ModuleType) -> None:
    found = [one.text for one in script.calls('SPOKEN = ("fever {value} °C", "unknown")\n', "ui/spoken.py")]
    assert found == ["fever {value} °C", "unknown"]


def test_that_tidying_sorts_drops_the_unused_and_leaves_the_missing_empty(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "de.json").write_text('{"Zoom": "Zoom", "Old": "Alt", "Save": "Speichern"}', encoding="utf-8")
    script.tidy("de", [sentence(script, text) for text in ("Zoom", "Save", "Again")], tmp_path)
    assert list(json.loads((tmp_path / "de.json").read_text(encoding="utf-8")).items()) == [
        ("Again", ""),
        ("Save", "Speichern"),
        ("Zoom", "Zoom"),
    ]


def test_that_a_catalogue_that_says_a_sentence_twice_is_refused(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "de.json").write_text('{"Save": "Speichern", "Save": "Sichern"}', encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        script.catalogue("de", tmp_path)
