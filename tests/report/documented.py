"""Documents of synthetic patients for the tests of reports."""

from collections.abc import Sequence
from typing import Any

from neutromon.models.alerts import Acknowledgement, Alert, AlertState
from neutromon.models.evaluation import Tier
from neutromon.models.history import PatientHistory
from neutromon.report.document import Printing, ReportDocument
from neutromon.report.trend_report import TrendSections, build_document
from tests.builders import NOW, at
from tests.report.charted import chart_of, evaluated, overlay_of


def a_printing(**changes: Any) -> Printing:
    """Return a footer of a made-up ward."""
    known: dict[str, Any] = {
        "printed_by": "R. Nurse at ward-3",
        "printed_at": NOW,
        "data_as_of": NOW,
        "program_version": "0.1.0",
        "rule_digest": "0123456789abcdef",
        "audit_text": "Audit chain verified: 12 links, head abc",
    }
    return Printing(**(known | changes))


def an_alert(**changes: Any) -> Alert:
    """Return a live urgent alert."""
    known: dict[str, Any] = {
        "id": "a-1",
        "patient_id": "p-1",
        "rule": "anc.grade4",
        "key": "k",
        "tier": Tier.URGENT,
        "state": AlertState.RAISED,
        "text": "URGENT – ANC 0.4 ×10⁹/L (G4 CTCAE 5.0), C2 D11.",
        "raised_at": at(hours=-1),
    }
    return Alert(**(known | changes))


def handled(**changes: Any) -> Alert:
    """Return an acknowledged alert with read-back, owner and due time."""
    done = Acknowledgement(
        action="called_patient", note="comes in <now>", informed_name="Dr Test", informed_role="registrar", read_back=True, due=at(1)
    )
    return an_alert(state=AlertState.ACKNOWLEDGED, acknowledgement=done, acknowledged_at=NOW, owner="A. Ray", **changes)


def document_of(
    history: PatientHistory, alerts: Sequence[Alert] = (), *, sections: TrendSections | None = None, **changes: Any
) -> ReportDocument:
    """Return the trend report of a history."""
    return build_document(
        history,
        evaluated(history),
        alerts,
        chart_of(history, forecast=changes.pop("forecast", None)),
        overlay_of(history),
        now=NOW,
        printing=a_printing(),
        sections=sections,
        **changes,
    )


def table_of(document: ReportDocument, title: str) -> Sequence[Sequence[str]]:
    """Return the rows of a table by its title."""
    return next(table.rows for table in document.tables if table.title == title)
