"""The unit that counts are shown in: a habit of the window that touches no stored value, no alert text and no rule."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from neutromon.models.trend_chart import ChartPoint, DayOneTarget, ForecastFan, PointShape, TrendChart
from neutromon.models.worklist import DayOneState, ListName
from neutromon.report.charts.build import build_trend_chart
from neutromon.report.document import Printing
from neutromon.report.flow_sheet import build_flow_sheet
from neutromon.report.lists import build_handover
from neutromon.report.trend_report import build_document
from neutromon.report.words import UNIT_NOTE
from neutromon.services.session import Session
from neutromon.storage.files import resources_folder
from neutromon.ui.alerts.delegate import whose_parts
from neutromon.ui.alerts.detail import AlertDetail
from neutromon.ui.application import Wardrobe
from neutromon.ui.chart_unit import chart_in_unit
from neutromon.ui.charts.bench import bench_chart
from neutromon.ui.charts.scale import LinearScale
from neutromon.ui.clinic import SessionClinic
from neutromon.ui.count_unit import count_unit, other_unit_line, shown_bare, shown_counts, shown_limit, use_count_unit
from neutromon.ui.forms.batch import BatchForm
from neutromon.ui.forms.count import CountForm
from neutromon.ui.main_window import MainWindow
from neutromon.ui.patient.facts import read_facts
from neutromon.ui.patient.flow_data import FlowDay, FlowRow, flow_cell, flow_days, row_title
from neutromon.ui.patient.flow_write import begin_edit
from neutromon.ui.saved import FormContext
from neutromon.ui.settings import WindowSettings, read_settings, write_settings
from neutromon.ui.theme import theme
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.worklist.columns import Column, cell_text, limit_text
from tests.ui.fake_clinic import FakeClinic
from tests.ui.shell.conftest import make_window


@pytest.fixture(autouse=True)
def unit_put_back(qapp: QApplication) -> Iterator[None]:
    """Leave the unit as it was stored for the next test."""
    yield
    use_count_unit("10*9/L")


@pytest.fixture
def window(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> MainWindow:
    """Return a window whose settings reach the application."""
    return make_window(qtbot, undressed, clinic, speak=Wardrobe(application=undressed, resources=resources_folder()).speak)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("0.62 ×10⁹/L", "620 /µL"),
        ("<0.1 ×10⁹/L", "<100 /µL"),
        ("0.499 ×10⁹/L (from WBC)", "499 /µL (from WBC)"),
        ("Plt\u00a0187\u00a0×10⁹/L  ·  Hb\u00a0102\u00a0g/L", "Plt\u00a0187000\u00a0/µL  ·  Hb\u00a0102\u00a0g/L"),
        ("unknown", "unknown"),
    ],
)
def test_that_a_count_is_shown_exactly_in_the_chosen_unit(stored: str, shown: str) -> None:
    assert shown_counts(stored) == stored
    use_count_unit("/uL")
    assert shown_counts(stored) == shown


def test_that_a_bound_goes_with_its_count() -> None:
    use_count_unit("/uL")
    text = "ANC 0.2 ×10⁹/L; ebmt asks for ≥ 1.5; platelets 71 ×10⁹/L; ebmt asks for ≥ 100"
    assert shown_limit(text) == "ANC 200 /µL; ebmt asks for ≥ 1500 /µL; platelets 71000 /µL; ebmt asks for ≥ 100000 /µL"
    hemoglobin = "Hb 70 g/L; site asks for ≥ 80"
    assert shown_limit(hemoglobin) == hemoglobin


def test_that_an_unknown_unit_is_not_taken(tmp_path: Path) -> None:
    write_settings(tmp_path / "window.json", WindowSettings(count_unit="g/L"))
    assert read_settings(tmp_path / "window.json").count_unit == "10*9/L"
    use_count_unit("g/L")
    assert count_unit() == "10*9/L"


def test_that_key_and_menu_change_the_unit_in_list_and_patient_page(window: MainWindow, clinic: FakeClinic) -> None:
    window.show_list(ListName.ALL)
    row = next(r for r in clinic.worklist(ListName.ALL) if "×10⁹/L" in r.anc_text)
    window.open_patient(row.patient_id)
    window.run_command("unit")
    assert window.top.unit.text() == "/µL"
    assert window.settings.count_unit == "/uL"
    page = window.pages.page("patient")
    assert page.context.now.unit.text() == "/µL"  # type: ignore[attr-defined]
    assert "/µL" in cell_text(Column.ANC, row)
    window.top.unit.menu().actions()[0].trigger()
    assert window.settings.count_unit == "10*9/L"
    assert "×10⁹/L" in cell_text(Column.ANC, row)


def test_that_the_day_1_column_names_value_and_bound_in_one_unit(clinic: FakeClinic) -> None:
    row = replace(
        clinic.worklist(ListName.ALL)[0],
        day1_state=DayOneState.DOES_NOT_MEET,
        limiting_text="ANC 0.9 ×10⁹/L; site asks for ≥ 1.0",
    )
    use_count_unit("/uL")
    assert limit_text(row) == "ANC 900, needs ≥ 1000 /µL"
    assert "≥ 1000 /µL" in cell_text(Column.DAY_ONE, row)


def test_that_the_unit_changes_no_evaluation_and_no_alert_text(practice: Session) -> None:
    clinic = SessionClinic(practice)
    ids = [row.patient_id for row in clinic.worklist(ListName.ALL)]
    before = [(clinic.evaluate_patient(one), clinic.alerts_of(one), clinic.patient_history(one)) for one in ids]
    use_count_unit("/uL")
    assert [(clinic.evaluate_patient(one), clinic.alerts_of(one), clinic.patient_history(one)) for one in ids] == before
    assert len(ids) > 10


def test_that_axis_labels_and_read_outs_of_the_chart_follow_the_unit_and_no_place_moves(practice: Session) -> None:
    clinic = SessionClinic(practice)
    patient = max((row.patient_id for row in clinic.worklist(ListName.ALL)), key=lambda one: len(clinic.patient_history(one).counts))
    history, evaluation = clinic.patient_history(patient), clinic.evaluate_patient(patient)
    regimen = clinic.rules.regimen(history.course.regimen if history.course else None)
    stored = build_trend_chart(history, evaluation, None, now=clinic.now(), regimen=regimen)
    assert chart_in_unit(stored) is stored
    use_count_unit("/uL")
    shown = chart_in_unit(stored)
    assert shown.y_label == "Absolute neutrophil count (ANC), /µL"
    assert dict(shown.y_ticks)[0.5] == "500"
    measured = [(a, b) for a, b in zip(stored.points, shown.points, strict=True) if "×10⁹/L" in a.readout]
    assert measured
    for before, after in measured:
        assert (after.x, after.anc, after.shape) == (before.x, before.anc, before.shape)
        per_litre = before.readout.split("ANC ")[1].split(" ×10⁹/L")[0]
        assert f"ANC {shown_bare(per_litre)} /µL ({per_litre} ×10⁹/L)" in after.readout
        assert after.label == shown_bare(before.label)
    assert [pane.unit for pane in shown.panes if pane.name in {"Platelets", "WBC"}] == ["/µL", "/µL"]
    assert shown.day1 is None or stored.day1 is None or shown.day1.threshold == stored.day1.threshold


def test_that_what_a_laboratory_reported_keeps_its_own_unit_in_the_read_out() -> None:
    use_count_unit("/uL")
    chart = a_chart(readout="12 Mar · C1 D3 · ANC 0.62 ×10⁹/L (620/µL) · G3 · previous <0.1 (3 d) · corrected, was 0.62 10*9/L")
    assert chart_in_unit(chart).points[0].readout == (
        "12 Mar · C1 D3 · ANC 620 /µL (0.62 ×10⁹/L) · G3 · previous <100 (3 d) · corrected, was 0.62 10*9/L"
    )


def test_that_target_and_forecast_of_the_chart_name_their_bounds_in_the_unit() -> None:
    use_count_unit("/uL")
    chart = chart_in_unit(a_chart(day1="go if ANC ≥ 1.0 and Plt ≥ 100 and Hb ≥ 8, count valid 3 d (site)"))
    assert chart.day1 is not None
    assert chart.day1.text == "go if ANC ≥ 1000 and Plt ≥ 100000 and Hb ≥ 8, count valid 3 d (site)"
    assert chart.forecast is not None
    assert chart.forecast.text == "about 7 of 10 similar courses reach ≥ 1000 by 12 Mar"


def test_that_the_linear_scale_names_its_numbers_in_the_unit() -> None:
    use_count_unit("/uL")
    scale = LinearScale()
    assert [text for _, text in scale.ticks()][:3] == ["0", "500", "1000"]
    assert scale.text == "linear scale, broken at 5000"


def test_that_the_flow_sheet_shows_and_takes_the_chosen_unit(clinic: FakeClinic) -> None:
    patient = next(r.patient_id for r in clinic.worklist(ListName.ALL) if "×10⁹/L" in r.anc_text)
    facts = read_facts(clinic, patient)
    day = next(d for d in flow_days(facts) if d.count and d.count.anc.quantity)
    before = flow_cell(day, FlowRow.ANC, facts, clinic.rules).text
    use_count_unit("/uL")
    assert flow_cell(day, FlowRow.ANC, facts, clinic.rules).text == shown_bare(before)
    assert row_title(FlowRow.ANC) == "ANC, /µL"
    edit = begin_edit(FlowDay(day=day.day), FlowRow.ANC, "620")
    assert edit.unit == "/uL"


def test_that_an_alert_keeps_its_words_and_tells_its_counts_in_the_chosen_unit_beside_them() -> None:
    words = "URGENT – ANC 0.42 ×10⁹/L (G4) 5 h ago, C1 D6. Consider same-day review."
    assert other_unit_line(words) == ""
    use_count_unit("/uL")
    assert other_unit_line(words) == "0.42 ×10⁹/L = 420 /µL"
    assert other_unit_line("ADVISORY – ANC <0.1 ×10⁹/L, before <0.1 ×10⁹/L") == "<0.1 ×10⁹/L = <100 /µL"


def test_that_a_row_of_the_inbox_names_the_counts_in_the_chosen_unit_beside_the_patient(clinic: FakeClinic) -> None:
    found = next(row for row in clinic.open_alerts() if "×10⁹/L" in row.alert.text.split(". ")[0])
    assert whose_parts(found) == tuple(part for part in (found.mrn, found.cycle_text) if part)
    use_count_unit("/uL")
    assert whose_parts(found)[-1].endswith("/µL")


def test_that_the_inbox_shows_the_stored_words_and_the_chosen_unit_under_them(
    qtbot: QtBot, undressed: QApplication, clinic: FakeClinic
) -> None:
    use_count_unit("/uL")
    detail = AlertDetail(theme("light"))
    qtbot.addWidget(detail)
    found = next(row for row in clinic.open_alerts() if "×10⁹/L" in row.alert.text)
    detail.show_alert(found, clinic.now())
    labels = {label.objectName(): label.text() for label in detail.findChildren(TextLabel)}
    assert labels["alert_words"] == found.alert.text
    assert labels["alert_other_unit"].endswith("/µL")


def test_that_the_live_card_of_the_count_form_follows_the_unit(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> None:
    use_count_unit("/uL")
    patient = clinic.worklist(ListName.ALL)[0].patient_id
    form = CountForm(FormContext(clinic=clinic, theme=theme("light"), patient_id=patient))
    qtbot.addWidget(form)
    assert form.rows["neutrophils"].chip.unit == "/uL"
    form.rows["neutrophils"].field.setText("620")
    form.refresh()
    assert (form.live.number.text(), form.live.unit.text()) == ("620", "/µL")


def test_that_every_print_says_what_its_unit_is_per_microlitre(practice: Session) -> None:
    clinic = SessionClinic(practice)
    now = clinic.now()
    printing = Printing(printed_by="Testa Nurse", printed_at=now, data_as_of=now, program_version="0", protocol_version="1")
    patient = clinic.worklist(ListName.ALL)[0].patient_id
    history, evaluation = clinic.patient_history(patient), clinic.evaluate_patient(patient)
    sheet = build_flow_sheet(history, evaluation, now=now, printing=printing)
    handover = build_handover(clinic.open_alerts(), now=now, printing=printing)
    assert UNIT_NOTE in sheet.tables[0].note
    assert UNIT_NOTE in handover.notes
    chart = build_trend_chart(history, evaluation, None, now=now, regimen=None)
    trend = build_document(history, evaluation, [], chart, None, now=now, printing=printing)
    assert UNIT_NOTE in trend.notes


def a_chart(readout: str = "", day1: str = "go if ANC ≥ 1.0") -> TrendChart:
    """Return a chart of one count with a target and a forecast."""
    at = datetime(2026, 3, 12, 8, tzinfo=UTC)
    point = ChartPoint(x=1, at=at, anc=0.62, shape=PointShape.MEASURED, label="0.62", readout=readout, sample_id="s", grade_text="G3")
    row = (0.5, 0.6)
    fan = ForecastFan(
        x=(2, 3), median=row, low50=row, high50=row, low80=row, high80=row, low95=row, high95=row,
        text="about 7 of 10 similar courses reach ≥ 1.0 by 12 Mar",
    )  # fmt: skip
    return replace(bench_chart(0), points=(point,), segments=(), day1=DayOneTarget(x=2, threshold=1.0, text=day1), forecast=fan)


def test_that_a_bound_at_the_end_of_a_sentence_keeps_its_full_stop() -> None:
    use_count_unit("/uL")
    text = "Does not meet: ANC 0.7 ×10⁹/L; OT-GEN asks for ≥ 1.5; platelets 96 ×10⁹/L; OT-GEN asks for ≥ 100."
    shown = "Does not meet: ANC 700 /µL; OT-GEN asks for ≥ 1500 /µL; platelets 96000 /µL; OT-GEN asks for ≥ 100000 /µL."
    assert shown_limit(text) == shown


def test_that_the_batch_sheet_begins_in_the_chosen_unit(qtbot: QtBot, undressed: QApplication, clinic: FakeClinic) -> None:
    use_count_unit("/uL")
    form = BatchForm(FormContext(clinic=clinic, theme=theme("light")))
    qtbot.addWidget(form)
    assert {name: chip.unit for name, chip in form.chips.items()} == {
        "wbc": "/uL", "neutrophils": "/uL", "segs_percent": "%", "platelets": "/uL", "hemoglobin": "g/dL",
    }  # fmt: skip
