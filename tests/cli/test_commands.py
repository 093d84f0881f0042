"""The command line of the contract: exit statuses, one JSON document, one sentence for each problem."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from neutromon.__main__ import main, opens_window
from neutromon.models.errors import ExitStatus
from tests.stores import PASSPHRASE, USER

NOW = "2026-03-12T09:00:00+00:00"
pytestmark = pytest.mark.usefixtures("quick_keys")
RESULTS = """MSH|^~\\&|LAB|TEST|NM|UNIT|20260312080000||ORU^R01|MSG1|P|2.5
PID|1||T-77^^^CLINIC||Example^Testa||19600131|F
OBR|1|1|1|CBC|||20260311080000
OBX|1|NM|6690-2^Leukocytes^LN||1.5|10*9/L|||||F
OBX|2|NM|751-8^Neutrophils^LN||0.04|10*9/L|||||F
""".replace("\n", "\r")

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the path of a store that is made, with its user in the environment."""
    monkeypatch.setenv("NEUTROMON_USER", USER)
    monkeypatch.setenv("NEUTROMON_PASSPHRASE", PASSPHRASE)
    path = tmp_path / "clinic.neutromon"
    assert main(["store", "create", "--store", str(path), "--now", NOW]) == 0
    return path


@pytest.fixture
def run(store: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Give a caller of subcommands on the store: status, JSON document, standard error."""
    capsys.readouterr()

    def call(*words: str, store_option: bool = True) -> tuple[int, Any, str]:
        place = ["--store", str(store)] if store_option else []
        status = main([*words, "--json", "--now", NOW, *place])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return call


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Give a file with one patient's blood count."""
    path = tmp_path / "results.hl7"
    path.write_bytes(RESULTS.encode())
    return path


def test_that_the_main_job_runs_from_a_shell(run: Run, results: Path, tmp_path: Path) -> None:
    status, imported, _ = run("import", str(results), "--create-patients")
    assert (status, imported["totals"]["stored"]) == (0, 2)
    status, lists, _ = run("worklist")
    row = lists["lists"]["alerts"][0]
    assert (status, row["mrn"], row["alerts"][0]["tier"]) == (0, "T-77", 2)
    chart = run("chart", "T-77")[1]
    assert chart["format"] == "neutromon-chart/1"
    assert chart["counts"][0]["neutrophils"]["value"] == "0.04"
    written = run("report", "T-77", "-o", str(tmp_path / "trend.pdf"))[1]
    assert Path(written["written"][0]).read_bytes().startswith(b"%PDF-")
    trail = run("audit")[1]
    assert trail["verified"] is True
    assert {"signed in", "report printed"} <= {entry["what"] for entry in trail["entries"]}


def test_that_each_patient_of_a_list_gets_a_report(run: Run, results: Path, tmp_path: Path) -> None:
    run("import", str(results), "--create-patients")
    written = run("report", "--list", "alerts", "-o", str(tmp_path / "out"))[1]["written"]
    assert [Path(name).name for name in written] == ["alerts-001.pdf"]


def test_that_a_second_import_adds_nothing(run: Run, results: Path) -> None:
    run("import", str(results), "--create-patients")
    status, again, _ = run("import", str(results), "--create-patients")
    assert (status, again["totals"]["stored"]) == (0, 0)
    assert len(run("chart", "T-77")[1]["counts"]) == 1


def test_that_a_tidy_table_comes_with_what_its_columns_mean(run: Run, results: Path, tmp_path: Path) -> None:
    run("import", str(results), "--create-patients")
    run("export", "T-77", "--format", "csv", "-o", str(tmp_path / "counts.csv"))
    told = (tmp_path / "counts.columns.csv").read_text(encoding="utf-8-sig").splitlines()
    names = (tmp_path / "counts.csv").read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert [line.partition(",")[0] for line in told] == ["column", *names]


def test_that_what_waits_for_a_person_gives_status_1(run: Run, results: Path) -> None:
    status, imported, _ = run("import", str(results))
    assert status == 1
    assert imported["files"][0]["messages"][0]["reason"]["code"] == "UNKNOWN_PATIENT"


def test_that_the_chart_of_the_store_evaluates_as_the_store_does(run: Run, results: Path, tmp_path: Path) -> None:
    run("import", str(results), "--create-patients")
    chart = tmp_path / "chart.json"
    chart.write_text(json.dumps(run("chart", "T-77")[1]), encoding="utf-8")
    status, evaluation, _ = run("evaluate", str(chart), store_option=False)
    assert status == 0
    assert evaluation["counts"][0]["grades"]["ctcae-5.0"]["neutrophils"] == [4]


def test_that_backup_check_restore_and_rekey_work_together(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "elsewhere" / "copy.neutromon"
    assert run("store", "backup", "-o", str(copy))[1] == {"backup": str(copy), "verified": True}
    status, found, _ = run("store", "check")
    assert (status, found["ok"]) == (0, True)
    monkeypatch.setenv("NEUTROMON_NEW_PASSPHRASE", "a changed passphrase")
    assert run("store", "rekey")[1] == {"rekeyed": True}
    assert run("store", "check")[0] == 3
    monkeypatch.setenv("NEUTROMON_PASSPHRASE", "a changed passphrase")
    assert run("store", "check")[0] == 0
    monkeypatch.setenv("NEUTROMON_PASSPHRASE", PASSPHRASE)
    assert run("store", "restore", str(copy))[0] == 0
    assert run("store", "check")[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["chart", "none"], "No patient has the number none."),
        (["report", "-o", "x.pdf"], "Name one patient or one list."),
        (["export"], "Name one patient or say --all."),
        (["bench", "nothing"], "There is no suite nothing."),
        (["evaluate", "/none/chart.json"], "cannot be read"),
        (["fit", "/none/case.json"], "cannot be read"),
        (["forecast"], "Give a chart file or --mrn, not both."),
        (["watch", "/none/folder"], "is no folder."),
    ],
)
def test_that_wrong_usage_is_one_sentence_with_status_2(
    store: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    needs_store = words[0] not in {"bench", "evaluate", "fit"}
    assert main([*words, *(["--store", str(store)] if needs_store else [])]) == ExitStatus.WRONG_USAGE
    err = capsys.readouterr().err
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("NEUTROMON_PASSPHRASE", "another passphrase", "User or passphrase is wrong."),
        ("NEUTROMON_USER", "Nobody", "User or passphrase is wrong."),
        ("NEUTROMON_PASSPHRASE", "", "No user and passphrase were given."),
    ],
)
def test_that_a_store_that_cannot_be_opened_gives_status_3(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, sentence: str
) -> None:
    capsys.readouterr()
    monkeypatch.setenv(name, value)
    assert main(["worklist", "--store", str(store)]) == ExitStatus.STORE_NOT_OPENED
    out, err = capsys.readouterr()
    assert (out, len(err.strip().splitlines())) == ("", 1)
    assert sentence in err


def test_that_a_missing_store_gives_status_3(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worklist", "--store", str(store) + "x"]) == 3
    assert "There is no store" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"{", "is not JSON"), (b'{"a": NaN}', "NaN is no number"), (b"\xff\xfe\x00", "not UTF-8")]
)
def test_that_an_unreadable_case_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)
    assert main(["fit", str(path)]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("text", ["yesterday", "2026-03-12T09:00:00"])
def test_that_a_clock_without_offset_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["worklist", "--now", text])
    assert raised.value.code == 2
    assert "no time with an offset" in capsys.readouterr().err


def test_that_lines_for_people_show_units_and_numbers(store: Path, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--store", str(store), "--now", NOW]
    assert main(["import", str(results), "--create-patients", *options]) == 0
    assert "Together: 1 files, 1 messages, 2 stored" in capsys.readouterr().out
    assert main(["worklist", *options]) == 0
    shown = capsys.readouterr().out
    assert "0.04 ×10⁹/L" in shown
    assert "Tomorrow: nobody" in shown
    assert main(["audit", *options]) == 0
    assert "the chain holds" in capsys.readouterr().out
    assert main(["store", "check", *options]) == 0
    assert "ok     audit chain" in capsys.readouterr().out
    assert main(["store", "backup", *options]) == 0
    assert "verified by a test restore" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ([], True),
        (["--practice"], True),
        (["--store", "x", "--now", "y"], True),
        (["worklist"], False),
        (["--help"], False),
        (["--version"], False),
        (["--store", "x", "worklist"], False),
    ],
)
def test_that_the_window_opens_without_a_subcommand_only(words: list[str], window: bool) -> None:
    assert opens_window(words) is window


def test_that_stopping_by_hand_is_quiet(store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from neutromon.cli import commands_view

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands_view, "print_json", stop)
    assert main(["worklist", "--json", "--store", str(store)]) == 1
    assert "stopped by the user" in capsys.readouterr().err


def test_that_a_bug_is_one_line_without_values(store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from neutromon.cli import commands_view

    def broken(*_: object) -> None:
        raise ValueError("Madeupname T-77")

    capsys.readouterr()
    monkeypatch.setattr(commands_view, "print_json", broken)
    assert main(["worklist", "--json", "--store", str(store)]) == 2
    err = capsys.readouterr().err
    assert "unexpected went wrong (ValueError in test_commands.py" in err
    assert "Madeupname" not in err
    assert len(err.strip().splitlines()) == 1


def test_that_a_reader_who_goes_away_is_no_error(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from neutromon.cli import commands_view

    def gone(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(commands_view, "print_json", gone)
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    assert main(["worklist", "--json", "--store", str(store)]) == 0
    sys.stdout.close()


def test_that_a_frozen_build_says_plainly_that_it_does_not_measure_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert main(["bench", "rules"]) == ExitStatus.WRONG_USAGE
    said = capsys.readouterr().err
    assert "This build cannot measure itself" in said and "an installation from the source" in said
    assert "Traceback" not in said
