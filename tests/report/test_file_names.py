"""Names of report files: two reports of one day have two names, none tells a patient, and none takes another's place."""

from pathlib import Path

from neutromon.report.file_names import free_path, report_name
from tests.builders import NOW


def test_that_a_name_tells_what_it_is_and_when_it_was_written() -> None:
    assert report_name("flow_sheet", NOW) == "flow-sheet-2026-03-12-0900"


def test_that_a_second_report_of_the_same_minute_has_another_name(tmp_path: Path) -> None:
    first = free_path(tmp_path, "trend")
    first.write_bytes(b"first")
    second = free_path(tmp_path, "trend")
    second.write_bytes(b"second")
    assert [path.name for path in (first, second, free_path(tmp_path, "trend"))] == ["trend.pdf", "trend-2.pdf", "trend-3.pdf"]
    assert first.read_bytes() == b"first"
