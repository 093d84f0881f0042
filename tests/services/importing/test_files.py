"""Files and folders: what cannot be read is refused quickly with its reason, and the next goes on."""

import json
import os

import pytest

from neutromon.models.errors import UserError
from neutromon.models.imports import ImportOptions, ImportReport
from neutromon.services.importing import files, import_bytes, import_document, import_files
from neutromon.services.importing.codes import CodeRule, analyte_names, code_rules, revoke_code_rule, save_code_rule
from neutromon.services.patients import patient_by_mrn, patient_history
from neutromon.storage import worklist_table
from tests.services.importing.messages import a_message

CREATE = ImportOptions(create_patients=True)


def reasons(report):
    return [own.reason[1] if own.reason else own.outcome for file in report.files for own in file.sets]


def test_that_a_folder_is_read_in_order_of_name_and_hidden_files_are_not(clinic, tmp_path):
    for name in ("b.hl7", "a.hl7", ".c.hl7", "sub/d.hl7"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(a_message())
    report = import_files(clinic, [tmp_path], CREATE)
    assert [os.path.basename(file.path) for file in report.files] == ["a.hl7", "b.hl7", "d.hl7"]
    assert reasons(report) == ["stored", "duplicate", "duplicate"]


def test_that_bad_files_are_refused_and_the_good_one_is_stored(clinic, tmp_path, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.hl7"
    elsewhere.write_bytes(a_message(number="SECRET"))
    (tmp_path / "a.hl7").symlink_to(elsewhere)
    (tmp_path / "b.hl7").write_bytes(b"")
    (tmp_path / "c.json").write_bytes(b'{"resourceType": "Bundle", "entry": [')
    (tmp_path / "d.bin").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "e.xml").write_bytes(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    with (tmp_path / "f.hl7").open("wb") as file:
        file.truncate(1024**3)
    (tmp_path / "h.hl7").write_bytes(a_message())
    report = import_files(clinic, [tmp_path], CREATE)
    said = reasons(report)
    assert said[-1] == "stored"
    assert all(word in " ".join(said) for word in ("link", "empty", "complete JSON", "no known format", "larger than"))
    assert report.needs_a_person
    assert patient_by_mrn(clinic, "SECRET") is None


if hasattr(os, "mkfifo"):  # not every system has named pipes in folders

    def test_that_a_pipe_is_refused_and_not_waited_for(clinic, tmp_path):
        os.mkfifo(tmp_path / "g.hl7")
        (tmp_path / "h.hl7").write_bytes(a_message())
        report = import_files(clinic, [tmp_path], CREATE)
        assert "no ordinary file" in " ".join(reasons(report))
        assert reasons(report)[-1] == "stored"


def test_that_a_link_inside_the_folder_is_not_read_twice(clinic, tmp_path):
    (tmp_path / "a.hl7").write_bytes(a_message())
    (tmp_path / "b.hl7").symlink_to(tmp_path / "a.hl7")
    assert len(import_files(clinic, [tmp_path], CREATE).files) == 1


def test_that_a_path_that_is_not_there_is_wrong_usage(clinic, tmp_path):
    with pytest.raises(UserError, match="no file or folder"):
        import_files(clinic, [tmp_path / "nothing"], CREATE)


@pytest.mark.parametrize("name", ["a\nb.hl7", "a\x1b[31m.hl7", "a\udcff.hl7", "=cmd.hl7", "..;x.hl7"])
def test_that_tricks_in_names_are_stored_and_shown_harmlessly(clinic, tmp_path, name):
    (tmp_path / name).write_bytes(a_message())
    report = import_files(clinic, [tmp_path], CREATE)
    text = json.dumps(import_document(report), ensure_ascii=False)
    assert text.encode("utf-8")
    assert all(file.path.isprintable() for file in report.files)


def test_that_half_characters_in_a_message_are_stored(clinic):
    bundle = {
        "resourceType": "Bundle",
        "entry": [
            {
                "resource": {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": {"text": "WBC \ud800\x00"},
                    "valueString": "\udfff",
                    "subject": {"reference": "Patient/1"},
                }
            }
        ],
    }
    report = import_bytes(clinic, "a.json", json.dumps(bundle).encode(), ImportOptions(accept_names=True))
    assert report.sets[0].results[0].raw.value == "?"


def test_that_progress_speaks_of_committed_files_and_cancel_stops_between_groups(clinic, tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.hl7").write_bytes(a_message(control=f"M{number}", taken=f"2026031108000{number}"))
    told = []
    report = import_files(
        clinic, [tmp_path], CREATE, progress=lambda done, total: told.append((done, total)), cancelled=lambda: len(told) == 2, at_once=2
    )
    assert told == [(2, 6), (4, 6)]
    assert (report.stopped, len(report.files)) == (True, 4)
    assert len(patient_history(clinic, patient_by_mrn(clinic, "T-0001")).counts) == 4


def test_that_a_bulk_load_ends_with_every_patient_evaluated(clinic, tmp_path):
    for number in range(6):
        (tmp_path / f"{number}.hl7").write_bytes(a_message(control=f"M{number}", taken=f"2026031108000{number}", wbc=f"1.{number}"))
    import_files(clinic, [tmp_path], CREATE, at_once=1)
    assert worklist_table.due(clinic.store, clinic.clock().isoformat()) == []
    assert worklist_table.count(clinic.store, "all") == 1


def test_that_a_file_on_which_the_program_fails_takes_no_other_with_it(clinic, tmp_path, monkeypatch):
    for number in range(3):
        (tmp_path / f"{number}.hl7").write_bytes(a_message(control=f"M{number}", taken=f"2026031108000{number}"))
    real = files.parse

    def spoiled(data, site, form):
        if b"|M1|" in data:
            raise ZeroDivisionError
        return real(data, site, form)

    monkeypatch.setattr(files, "parse", spoiled)
    report = import_files(clinic, [tmp_path], CREATE)
    assert reasons(report)[0] == reasons(report)[2] == "stored"
    assert "its bytes are kept" in reasons(report)[1]
    assert len(clinic.store.rows("SELECT id FROM message")) == 3


def test_that_the_original_bytes_are_kept_once(clinic):
    data = a_message()
    for _ in range(3):
        import_bytes(clinic, "a.hl7", data, CREATE)
    assert [bytes(row[0]) for row in clinic.store.rows("SELECT content FROM message")] == [data]


def test_that_a_test_message_is_ignored_unless_it_is_wanted(clinic):
    document = import_document(ImportReport(files=(import_bytes(clinic, "a.hl7", a_message(mode="T"), CREATE),)))
    assert document["files"][0]["messages"][0]["reason"]["code"] == "TEST_MESSAGE"
    accepted = import_bytes(clinic, "b.hl7", a_message(mode="T"), ImportOptions(create_patients=True, accept_test=True))
    assert "TEST_DATA" in accepted.sets[0].marks


def test_that_a_code_rule_is_used_superseded_and_revoked(clinic):
    rule = CodeRule(sender="LAB|NORTH", code="X99", analyte="PLT")
    first = save_code_rule(clinic, rule).value
    assert save_code_rule(clinic, CodeRule(sender="LAB|NORTH", code="X99", analyte="WBC")).value != ""
    (kept,) = code_rules(clinic)
    assert (kept.id, kept.analyte, kept.author) == (first, "WBC", clinic.user)
    data = a_message().replace(b"6690-2^WBC^LN", b"X99^Something^L")
    (own,) = import_bytes(clinic, "a.hl7", data, CREATE).sets
    assert (own.results[0].analyte, own.results[0].value) == ("WBC", "3.5")
    revoke_code_rule(clinic, first, "another test now")
    assert code_rules(clinic) == []


@pytest.mark.parametrize(
    "rule", [CodeRule(sender="", code="X", analyte="PLT"), CodeRule(sender="L", code="X"), CodeRule(sender="L", code="X", analyte="NOPE")]
)
def test_that_an_incomplete_code_rule_is_refused(clinic, rule):
    with pytest.raises(UserError):
        save_code_rule(clinic, rule)
    assert "OTHER" in analyte_names(clinic)


def test_that_a_slim_report_keeps_outcomes_and_what_waits(clinic, tmp_path):
    (tmp_path / "a.hl7").write_bytes(a_message(unit=""))
    (tmp_path / "b.hl7").write_bytes(a_message(number="T-0002", taken="20260311090000"))
    held, stored = import_files(clinic, [tmp_path], CREATE, slim=True).files
    assert (held.sets[0].outcome, [row.hold[0] for row in held.sets[0].results]) == ("mixed", ["UNIT_MISSING"])
    assert (stored.sets[0].outcome, len(stored.sets[0].results)) == ("stored", 0)
