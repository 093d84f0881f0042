"""`neutromon report` from a shell: one patient, a list, and what cannot be printed, with a clock that runs."""

import json
from pathlib import Path

import pytest

from neutromon.cli import main
from neutromon.services.bulk import load_histories
from neutromon.services.store_admin import close_session
from tests.builders import a_course, a_cycle, a_history, a_nadir_history, a_patient, day
from tests.stores import PASSPHRASE, USER, make_store, open_at


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a store with two patients, the passphrase in the environment."""
    path = make_store(tmp_path)
    session = open_at(path)
    try:
        load_histories(session, [a_nadir_history(), a_history(a_patient("T-0002"), a_course(cycles=[a_cycle(1, planned=day(1))]))])
    finally:
        close_session(session)
    monkeypatch.setenv("NEUTROMON_USER", USER)
    monkeypatch.setenv("NEUTROMON_PASSPHRASE", PASSPHRASE)
    return path


def test_that_one_patient_is_one_file(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "trend.pdf"
    assert main(["report", "T-0001", "-o", str(target), "--store", str(store)]) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert target.read_bytes().startswith(b"%PDF-1.7")


def test_that_a_list_is_a_folder_of_files(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["report", "--list", "all", "-o", str(tmp_path / "batch"), "--store", str(store), "--json"]
    assert main(words) == 0
    written = json.loads(capsys.readouterr().out)["written"]
    assert [Path(path).name for path in written] == ["all-001.pdf", "all-002.pdf"]
    assert all(Path(path).is_file() for path in written)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["T-9999"], "No patient has the number T-9999."),
        ([], "Name one patient or one list."),
        (["T-0001", "--list", "all"], "Name one patient or one list."),
    ],
)
def test_that_what_cannot_be_printed_is_one_sentence(
    words: list[str], told: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", *words, "-o", str(tmp_path / "x.pdf"), "--store", str(store)]) != 0
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x.pdf").exists()
