"""Write reports to files: one patient's trend, a flow sheet, a list, a hand-over sheet, or a trend for each patient of a list."""

from collections.abc import Callable
from pathlib import Path

from neutromon.models.errors import UserError
from neutromon.models.overlay_chart import OverlayChart
from neutromon.models.trend_chart import TrendChart
from neutromon.models.worklist import ListName
from neutromon.report.document import Printing, ReportDocument
from neutromon.report.file_names import free_path
from neutromon.report.flow_sheet import build_flow_sheet
from neutromon.report.lists import build_handover, build_worklist
from neutromon.report.pdf import write_pdf
from neutromon.report.trend_report import TrendSections, build_document
from neutromon.services.reports import PatientFacts, handover_rows, list_rows, note_print, patient_facts, print_facts
from neutromon.services.session import Session

Progress = Callable[[int, int], None]


def trend_report(s: Session, patient_id: str, path: Path, *, sections: TrendSections | None = None) -> Path:
    """Write one patient's trend report and return where it is; the print is audited before the chain is verified."""
    facts = patient_facts(s, patient_id)
    note_print(s, "trend", [patient_id])
    return write_pdf(trend_document(s, facts, printing_of(s), sections=sections), path)


def list_reports(s: Session, name: ListName, folder: Path, *, progress: Progress | None = None) -> list[Path]:
    """Write a trend report for each patient of a list; a file name tells the list's order alone, and a file that is there stays."""
    rows = list_rows(s, name)
    _make_folder(folder)
    note_print(s, f"trend:{name.value}", [row.patient_id for row in rows])
    printing, written = printing_of(s), []
    for index, row in enumerate(rows, start=1):
        document = trend_document(s, patient_facts(s, row.patient_id), printing)
        written.append(write_pdf(document, free_path(folder, f"{name.value}-{index:03d}")))
        if progress is not None:
            progress(index, len(rows))
    return written


def worklist_report(s: Session, name: ListName, path: Path) -> Path:
    """Write a list for the clipboard."""
    rows = list_rows(s, name)
    note_print(s, f"list:{name.value}", [row.patient_id for row in rows])
    return write_pdf(build_worklist(name, rows, now=s.clock(), printing=printing_of(s)), path)


def handover_report(s: Session, path: Path, owner: str | None = None) -> Path:
    """Write the hand-over sheet of all open alerts, or of one owner's."""
    rows = handover_rows(s, owner)
    note_print(s, "handover", sorted({row.alert.patient_id for row in rows}))
    return write_pdf(build_handover(rows, now=s.clock(), printing=printing_of(s)), path)


def flow_sheet_report(s: Session, patient_id: str, path: Path) -> Path:
    """Write one patient's flow sheet on one page."""
    facts = patient_facts(s, patient_id)
    note_print(s, "flow sheet", [patient_id])
    document = build_flow_sheet(facts.history, facts.evaluation, now=s.clock(), printing=printing_of(s), grading=s.protocol.ctcae)
    return write_pdf(document, path)


def trend_document(s: Session, facts: PatientFacts, printing: Printing, *, sections: TrendSections | None = None) -> ReportDocument:
    """Return a patient's trend report as data."""
    return build_document(
        facts.history,
        facts.evaluation,
        facts.alerts,
        trend_chart(s, facts),
        overlay_chart(s, facts),
        now=s.clock(),
        printing=printing,
        grading=s.protocol.ctcae,
        decision=facts.decision,
        sections=sections,
        validity_hours=s.protocol.count_validity_hours,
    )


def trend_chart(s: Session, facts: PatientFacts) -> TrendChart:
    """Return the chart of a patient, the same data as on the screen."""
    from neutromon.report.charts.build import build_trend_chart
    from neutromon.services.forecasts import forecast_patient

    forecast = forecast_patient(s, facts.history.patient.id)
    return build_trend_chart(facts.history, facts.evaluation, forecast, now=s.clock(), regimen=facts.regimen, grading=s.protocol.ctcae)


def overlay_chart(s: Session, facts: PatientFacts) -> OverlayChart:
    """Return a patient's cycle profile, the same data as on the screen."""
    from neutromon.report.charts.overlay import build_overlay

    return build_overlay(facts.history, facts.evaluation, regimen=facts.regimen, grading=s.protocol.ctcae)


def printing_of(s: Session) -> Printing:
    """Return what stands in every footer; the audit chain is verified here."""
    facts = print_facts(s)
    return Printing(
        printed_by=f"{facts.printed_by} at {s.station}",
        printed_at=facts.at,
        data_as_of=facts.at,
        program_version=facts.program_version,
        protocol_version=facts.protocol_version,
        grading=facts.grading.replace("ctcae-", "CTCAE "),
        rule_digest=facts.rule_digest,
        audit_text=facts.audit_text,
        audit_holds=facts.audit_holds,
        practice=facts.practice,
    )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be made: {error.strerror}.", "Choose another folder.") from None
