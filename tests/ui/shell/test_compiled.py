"""The functions that dataclasses write are kept compiled between two starts, and never where that could change anything."""

import dataclasses
import marshal
from pathlib import Path
from types import CodeType

import pytest

from neutromon.ui.start.compiled import Compiled, keep_functions, read_functions


def make_record(first: str) -> type:
    """Return a dataclass made now."""
    return dataclasses.make_dataclass("Record", [(first, int), ("other", str, "x")], frozen=True, slots=True, kw_only=True)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    return tmp_path / "made" / "kept.functions"


def run(place: Path, first: str = "number") -> type:
    """Make a record as a start does."""
    compiled = Compiled(place)
    compiled.begin()
    try:
        return make_record(first)
    finally:
        compiled.end()


def test_that_a_record_from_what_was_kept_is_the_same_record(place: Path) -> None:
    plain = make_record("number")(number=3)
    made = [run(place)(number=3) for _ in range(2)]
    for record in made:
        assert repr(record) == repr(plain) and dataclasses.astuple(record) == dataclasses.astuple(plain)
        assert dataclasses.replace(record, number=4) != record and hash(record) == hash(made[0])
        with pytest.raises(dataclasses.FrozenInstanceError):
            record.number = 5


def test_that_the_second_start_compiles_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(place)
    compiled: list[object] = []
    monkeypatch.setattr("neutromon.ui.start.compiled.compile", lambda *words, **_named: compiled.append(words), raising=False)
    assert run(place)(number=3).other == "x"
    assert compiled == []


def test_that_a_record_that_changed_is_compiled_anew_and_kept_beside_the_old_one(place: Path) -> None:
    run(place)
    before = set(read_functions(place))
    assert run(place, "renamed")(renamed=1).renamed == 1
    assert before < set(read_functions(place))


@pytest.mark.parametrize("damage", [b"", b"no seal at all", None])
def test_that_a_damaged_file_is_passed_over_and_mended(place: Path, damage: bytes | None) -> None:
    run(place)
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + b"?" if damage is None else damage)
    assert read_functions(place) == {}
    assert run(place)(number=3).number == 3
    assert read_functions(place).keys() == marshal.loads(whole[36:]).keys()


def test_that_what_another_python_kept_is_passed_over(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(place)
    monkeypatch.setattr("neutromon.ui.start.compiled.MAGIC_NUMBER", b"else")
    assert read_functions(place) == {}


def test_that_a_folder_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    assert run(in_the_way / "kept")(number=3).number == 3
    code: CodeType = compile("1", "<string>", "eval")
    keep_functions(in_the_way / "kept", {"1": code})
    assert in_the_way.read_text() == "no folder"


def test_that_nothing_is_kept_where_python_keeps_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    run(place)
    assert not place.exists()


def test_that_the_built_in_function_is_given_back(place: Path) -> None:
    run(place)
    assert "exec" not in vars(dataclasses)
