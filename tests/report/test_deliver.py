"""Reports from a store: what is printed is audited, as shown, and the same as on the screen."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from neutromon.models.alerts import Acknowledgement
from neutromon.models.errors import UserError
from neutromon.models.worklist import ListName
from neutromon.report.deliver import (
    flow_sheet_report,
    handover_report,
    list_reports,
    printing_of,
    trend_document,
    trend_report,
    worklist_report,
)
from neutromon.services.alerts import acknowledge_alert, alert_by_id, alerts_of, mark_seen
from neutromon.services.bulk import load_histories
from neutromon.services.decisions import DayOneDecision, decide_day_one
from neutromon.services.log import patient_log
from neutromon.services.reports import patient_facts
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session
from tests.builders import a_count, a_course, a_cycle, a_history, a_nadir_history, a_patient, at, day
from tests.report.documented import table_of
from tests.stores import make_store, open_at

Clinic = tuple[Session, list[str]]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """Give a store with a patient in her nadir and one whose day 1 is tomorrow."""
    session = open_at(make_store(tmp_path))
    course = a_course(cycles=[a_cycle(1, day(-20)), a_cycle(2, planned=day(1))])
    tomorrow = a_history(a_patient("T-0002", "Sample"), course, [a_count("2.4", collected=at(-1), wbc="4.4", plt="180", hb="12")])
    try:
        yield session, load_histories(session, [a_nadir_history(), tomorrow])
    finally:
        close_session(session)


def printed(session: Session) -> list[dict[str, object]]:
    """Return what the audit holds on prints."""
    return [json.loads(entry.detail) for entry in session.store.trail().entries if entry.what == "report printed"]


def test_that_a_trend_is_written_and_audited_with_ids_only(clinic: Clinic, tmp_path: Path) -> None:
    session, (patient, _) = clinic
    path = trend_report(session, patient, tmp_path / "trend.pdf")
    assert path.read_bytes().startswith(b"%PDF")
    assert printed(session) == [{"report": "trend", "patients": [patient]}]


def test_that_the_print_shows_chart_profile_and_alerts_of_the_store(clinic: Clinic) -> None:
    session, (patient, _) = clinic
    document = trend_document(session, patient_facts(session, patient), printing_of(session))
    assert document.chart is not None
    assert document.profile is not None
    assert [point.label for point in document.chart.points][-1] == "0.4"
    assert all(point.sample_id for point in document.chart.points)


def test_that_alert_text_log_text_and_printed_text_are_the_same(clinic: Clinic) -> None:
    session, (patient, _) = clinic
    alerts = alerts_of(session, patient)
    document = trend_document(session, patient_facts(session, patient), printing_of(session))
    on_paper = {row[1] for row in table_of(document, "Alerts and what was done")}
    in_log = " ".join(entry.text for entry in patient_log(session, patient))
    assert alerts
    for alert in alerts:
        assert alert.text in on_paper
        assert alert.text in in_log


def test_that_what_was_done_is_printed(clinic: Clinic) -> None:
    session, (patient, _) = clinic
    alert = alerts_of(session, patient)[0]
    mark_seen(session, alert.id)
    done = Acknowledgement(action="called_patient", informed_name="Dr Test", informed_role="registrar", read_back=True, owner="A. Ray")
    acknowledge_alert(session, alert.id, done)
    answered = alert_by_id(session, alert.id)
    document = trend_document(session, patient_facts(session, patient), printing_of(session))
    row = next(row for row in table_of(document, "Alerts and what was done") if row[1] == answered.text)
    assert answered.text.endswith("Owner: A. Ray.")
    for words in ("acknowledged", "called patient", "informed Dr Test, registrar, read back", "Testa Nurse", "owner A. Ray"):
        assert words in row[3]


def test_that_a_decision_is_printed_with_who_and_why(clinic: Clinic) -> None:
    session, (_, patient) = clinic
    decide_day_one(session, patient, DayOneDecision(decision="defer", days=7, reason="patient's wish"))
    document = trend_document(session, patient_facts(session, patient), printing_of(session))
    line = next(line for line in document.headline if line.label == "Decision of a person")
    assert line.text == "Defer 7 d: patient's wish – Testa Nurse, 12 Mar 2026 09:00"


def test_that_the_footer_names_station_chain_and_rules(clinic: Clinic) -> None:
    session, _ = clinic
    printing = printing_of(session)
    assert printing.printed_by == f"Testa Nurse at {session.station}"
    assert printing.audit_holds
    assert printing.audit_text.startswith("Audit chain verified: ")
    assert (printing.grading, printing.practice) == ("CTCAE 5.0", False)


def test_that_a_list_is_a_trend_for_each_patient_with_progress(clinic: Clinic, tmp_path: Path) -> None:
    session, (_, patient) = clinic
    steps: list[tuple[int, int]] = []
    written = list_reports(session, ListName.TOMORROW, tmp_path / "batch", progress=lambda done, of: steps.append((done, of)))
    assert [path.name for path in written] == ["tomorrow-001.pdf"]
    assert steps == [(1, 1)]
    assert printed(session) == [{"report": "trend:tomorrow", "patients": [patient]}]
    assert len(list_reports(session, ListName.ALL, tmp_path / "batch")) == 2


def test_that_a_second_batch_into_a_folder_overwrites_nothing(clinic: Clinic, tmp_path: Path) -> None:
    session, _ = clinic
    first = list_reports(session, ListName.ALL, tmp_path)
    before = [path.read_bytes() for path in first]
    second = list_reports(session, ListName.ALL, tmp_path)
    assert [path.name for path in second] == ["all-001-2.pdf", "all-002-2.pdf"]
    assert [path.read_bytes() for path in first] == before


def test_that_a_folder_that_cannot_be_made_is_a_sentence(clinic: Clinic, tmp_path: Path) -> None:
    session, _ = clinic
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="cannot be made"):
        list_reports(session, ListName.ALL, tmp_path / "file" / "batch")


def test_that_worklist_hand_over_and_flow_sheet_are_written(clinic: Clinic, tmp_path: Path) -> None:
    session, (patient, _) = clinic
    paths = [
        worklist_report(session, ListName.TOMORROW, tmp_path / "list.pdf"),
        handover_report(session, tmp_path / "handover.pdf"),
        handover_report(session, tmp_path / "mine.pdf", owner="Testa Nurse"),
        flow_sheet_report(session, patient, tmp_path / "flow.pdf"),
    ]
    assert all(path.read_bytes().startswith(b"%PDF") for path in paths)
    assert [entry["report"] for entry in printed(session)] == ["list:tomorrow", "handover", "handover", "flow sheet"]
