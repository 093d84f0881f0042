"""The trend report as data: who, what first, chart, tables, basis; nothing unknown is left out silently."""

from dataclasses import replace
from typing import Any

import pytest

from neutromon.models.alerts import Acknowledgement, AlertEvent, AlertEventKind, AlertState, Snooze
from neutromon.models.evaluation import Basis, Finding, Problem, Severity, Tier
from neutromon.models.history import Antibiotic, ClinicalEvent, Course, DrugExposure, Patient, Sex, Temperature, TreatmentDay
from neutromon.report.document import Statement, Table
from neutromon.report.events import events_table
from neutromon.report.trend_report import TrendSections, basis_notes, build_document, headline, patient_strip, treatment_line
from neutromon.report.trend_tables import alerts_table, counts_table
from neutromon.report.words import handled_text, number_text, time_text, value_text
from tests.builders import (
    NOW,
    a_count,
    a_course,
    a_cycle,
    a_fever,
    a_growth_factor,
    a_history,
    a_nadir_history,
    a_patient,
    a_symptom,
    a_value,
    an_antibiotic,
    at,
    day,
)
from tests.report.charted import a_forecast, evaluated, on_course
from tests.report.charts.signs import every_sign
from tests.report.documented import a_printing, an_alert, document_of, handled, table_of


def statement(label: str, history: Any, decision: str = "") -> Statement:
    """Return a line of the headline by the beginning of its label."""
    lines = headline(history, evaluated(history), NOW, "ctcae-5.0", decision)
    return next(line for line in lines if line.label.startswith(label))


def test_that_the_strip_has_two_identifiers_and_what_tells_the_patient_apart() -> None:
    patient = a_patient("T-7", sex=Sex.FEMALE, allergies=("penicillin (rash)",), duffy_null=True)
    strip = patient_strip(a_history(patient), NOW)
    assert (strip.name, strip.mrn, strip.birth_text, strip.age_years, strip.sex) == ("Example, Testa", "T-7", "31 Jan 1960", 66, "female")
    assert strip.lines == ("Allergies: penicillin (rash)", "Lower limit of ANC: 1.8 ×10⁹/L", "Duffy-null: own baseline applies")


def test_that_what_is_not_known_of_a_patient_is_said() -> None:
    strip = patient_strip(a_history(Patient()), NOW)
    assert (strip.name, strip.mrn, strip.birth_text, strip.age_years, strip.sex) == (
        "no name",
        "no patient number",
        "birth date not known",
        None,
        "",
    )
    assert strip.lines == ("Allergies: not recorded",)


def test_that_a_limit_in_another_unit_keeps_it() -> None:
    strip = patient_strip(a_history(a_patient(lower_limits={"anc": a_value("1800", "/uL")})), NOW)
    assert strip.lines[1] == "Lower limit of ANC: 1800 /uL"


@pytest.mark.parametrize(
    ("history", "line"),
    [
        (a_nadir_history(), "R-CHOP-21 · curative · C2 D11 · next day 1 planned 23 Mar 2026"),
        (a_history(), "No course of chemotherapy recorded"),
        (a_history(monitoring="clozapine"), "Monitoring: clozapine"),
        (a_history(None, Course(cycles=(a_cycle(1),))), "regimen not recorded · not begun · no further day 1 planned"),
    ],
)
def test_that_the_treatment_stands_in_one_line(history: Any, line: str) -> None:
    assert treatment_line(history, evaluated(history)) == line


def test_that_the_last_count_is_first_with_grade_age_and_place() -> None:
    line = statement("Last ANC", a_nadir_history())
    assert line.text == "0.4 ×10⁹/L · G4 CTCAE 5.0 · reported · 12 Mar 2026 08:00 (60 min ago) · C2 D11"
    assert line.strong


def test_that_a_good_count_is_not_strong_and_a_problem_stands_beside_it() -> None:
    assert not statement("Last ANC", on_course([a_count("2.4")])).strong
    clotted = statement("Last ANC", on_course([a_count("clotted", wbc="clotted")])).text
    assert clotted.startswith("unknown · cannot grade · 12 Mar 2026 09:00 (0 min ago) · C1 D11. ")
    assert ".;" not in clotted


def test_that_no_count_is_unknown_and_strong() -> None:
    line = statement("Last ANC", a_history())
    assert (line.text, line.strong) == ("no count recorded: unknown", True)


def test_that_the_day_1_check_has_its_date_and_is_strong_unless_met() -> None:
    line = statement("Day-1 check", a_nadir_history())
    assert (line.label, line.strong) == ("Day-1 check 23 Mar 2026", True)
    met = statement("Day-1 check", on_course([a_count("2.4", plt="180", hb="11")]))
    assert not met.strong
    undated = a_history(None, a_course(cycles=[a_cycle(1, day(-10)), a_cycle(2)]))
    assert statement("Day-1 check", undated).label == "Day-1 check"


def test_that_a_decision_of_a_person_stands_beside_the_check() -> None:
    assert statement("Decision", a_nadir_history(), "Defer 7 d").text == "Defer 7 d"


def test_that_febrile_neutropenia_is_told_by_definition_or_that_it_cannot_be_told() -> None:
    fever = replace(a_nadir_history(), temperatures=(a_fever("38.6", taken=at(hours=-1)),))
    line = statement("Febrile", fever)
    assert line.strong
    assert line.text.startswith("yes (")
    assert statement("Febrile", a_history()).text == "cannot tell: no usable temperature of the last 24 hours, or no usable count"


def test_that_nadir_and_lowest_measured_are_told_apart() -> None:
    course = a_course(first=day(-20), planned=0)
    two = on_course([a_count("0.5", collected=at(-11)), a_count("0.31", collected=at(-9))], course)
    assert statement("Nadir of C1", two).text == "0.31 ×10⁹/L on D12"
    assert statement("Lowest measured of C2", a_nadir_history()).text == "0.4 ×10⁹/L on D11"


def test_that_the_last_growth_factor_is_given_and_not_planned() -> None:
    doses = (
        a_growth_factor("filgrastim", given=at(-3), dose=None),
        a_growth_factor(given=at(-9)),
        a_growth_factor(given=at(1), planned=True),
    )
    assert statement("Last growth", on_course((), growth_factors=doses)).text == "filgrastim · 09 Mar 2026 09:00"
    assert statement("Last growth", a_history()).text == "none recorded"


def test_that_a_problem_of_the_data_is_told_once() -> None:
    history = a_history()
    problem = Problem(code="implausible", field=None, severity=Severity.WARN, text="A temperature of 45 is not plausible.")
    evaluation = replace(evaluated(history), problems=(problem, problem))
    lines = [line for line in headline(history, evaluation, NOW, "ctcae-5.0", "") if line.label == "Data problem"]
    assert [line.text for line in lines] == ["A temperature of 45 is not plausible."]


def test_that_page_one_has_profile_trend_cycles_then_alerts() -> None:
    document = document_of(a_nadir_history(), [handled()])
    assert document.profile is not None
    assert document.chart is not None
    assert [table.title for table in document.tables] == ["Cycles", "Alerts and what was done", "Treatments and events", "Counts"]


def test_that_sections_can_be_left_out_but_never_alerts_and_basis() -> None:
    document = document_of(a_nadir_history(), sections=TrendSections(chart=False, cycles=False, counts=False, events=False))
    assert [table.title for table in document.tables] == ["Alerts and what was done"]
    assert (document.chart, document.profile, document.chart_note, document.legend) == (None, None, "", ())
    assert document.notes


def test_that_a_patient_without_a_course_has_no_profile() -> None:
    assert document_of(a_history()).profile is None
    bare = build_document(a_history(), evaluated(a_history()), (), None, now=NOW, printing=a_printing())
    assert (bare.chart, bare.chart_note, bare.legend) == (None, "", ())


def test_that_the_note_says_what_the_chart_leaves_out() -> None:
    note = document_of(a_nadir_history(cycles=8)).chart_note
    assert note.startswith("The chart shows the last 5 of 8 cycles; the profile and the tables show all.")
    assert "Day-1 target: go if ANC ≥ 1.0 and Plt ≥ 100, count valid 3 d (OT-CHOP); the last count will be too old." in note
    assert note.endswith("No forecast was calculated. Not recorded: temperature.")
    assert "Not recorded: platelets, haemoglobin, WBC, temperature." in document_of(a_history()).chart_note


def test_that_the_note_tells_the_forecast_with_its_basis() -> None:
    note = document_of(a_nadir_history(), forecast=a_forecast()).chart_note
    assert "Forecast: about 7 of 10 similar courses reach ≥ 1 by 23 Mar. neutro-kpd 2 · 2 own cycles, 5 counts" in note


def test_that_the_legend_has_the_signs_that_the_lane_uses() -> None:
    plain, full = document_of(a_nadir_history()).legend, document_of(every_sign()).legend
    assert ("◆", "growth factor (bar = 14 days after a long-acting dose)") not in plain
    assert ("◆", "growth factor (bar = 14 days after a long-acting dose)") in full
    assert ("■", "derived") in plain


def test_that_the_text_of_an_alert_is_the_text_that_was_shown() -> None:
    alert = handled()
    rows = table_of(document_of(a_nadir_history(), [alert]), "Alerts and what was done")
    assert rows[0][1] == alert.text


def test_that_an_alert_tells_what_was_done_by_whom_and_until_when() -> None:
    assert handled_text(handled()) == (
        "acknowledged; called patient; comes in <now>; informed Dr Test, registrar, read back; 12 Mar 2026 09:00; owner A. Ray; "
        "due 13 Mar 2026 09:00"
    )


def test_that_the_person_who_acknowledged_is_named() -> None:
    done = handled()
    event = AlertEvent(
        patient_id="p", alert_id="a-1", kind=AlertEventKind.ACKNOWLEDGED, at=NOW, by="R. Nurse", tier=Tier.URGENT, rule="r", key="k",
        text="t", acknowledgement=done.acknowledgement,
    )  # fmt: skip
    assert "R. Nurse, 12 Mar 2026 09:00" in handled_text(replace(done, events=(event,)))


def test_that_an_action_alone_is_told_alone() -> None:
    done = replace(handled(), acknowledgement=Acknowledgement(action="count_repeated"), acknowledged_at=None, owner="")
    assert handled_text(done) == "acknowledged; count repeated"


def test_that_a_pause_tells_its_end_and_reason_and_an_unseen_alert_says_so() -> None:
    paused = an_alert(state=AlertState.SNOOZED, snooze=Snooze(reason="repeat booked", until=at(1)))
    assert handled_text(paused) == "paused; until 13 Mar 2026 09:00: repeat booked"
    assert handled_text(an_alert()) == "not yet seen"


def test_that_live_alerts_stand_first_and_marked_and_the_rest_is_counted() -> None:
    ended = [an_alert(id=f"e-{n}", state=AlertState.RESOLVED) for n in range(3)]
    table = alerts_table([*ended, an_alert(tier=Tier.ADVISORY, text="ADVISORY – x"), an_alert()], limit=3)
    assert [row[0] for row in table.rows] == ["◆ !! URGENT", "▽ ! ADVISORY", "◆ !! URGENT"]
    assert table.marked == frozenset({0})
    assert table.note == "2 further ended alerts are not printed."
    assert alerts_table([]).note == ""


def test_that_every_cycle_has_a_row_with_plan_delay_dose_and_lowest_count() -> None:
    cycles = [
        a_cycle(1, day(-52), febrile_neutropenia=True),
        a_cycle(2, day(-31), planned=day(-34), dose_percent="80"),
        a_cycle(3, day(-11), planned=day(-10), delay_reason="patient's wish", febrile_neutropenia=False),
        a_cycle(4, planned=day(11)),
    ]
    counts = [a_count("0.4", collected=at(-41)), a_count("1.6", collected=at(-38)), a_count("0.9", collected=at(-20))]
    rows = table_of(document_of(on_course(counts, a_course(cycles=cycles))), "Cycles")
    assert rows[0][:5] == ("C1", "19 Jan 2026", "on time", "100 %", "none recorded")
    assert rows[0][5:] == ("0.4 D12, lowest measured", "on one count", "D15", "yes")
    assert rows[1][1:4] == ("09 Feb 2026", "+3 d (reason not recorded)", "80 %")
    assert rows[2][2] == "-1 d (patient's wish)"
    assert rows[2][5:7] == ("no count", "not known")
    assert rows[3] == ("C4", "plan 23 Mar 2026", "–", "–", "–", "–", "–", "–", "–")


def test_that_a_fever_of_now_is_no_no_beside_the_running_cycle() -> None:
    cycles = [a_cycle(1, day(-31), febrile_neutropenia=False), a_cycle(2, day(-10), febrile_neutropenia=False)]
    history = on_course([a_count("0.3", collected=at(hours=-2))], a_course(cycles=cycles))
    fever = (a_fever("38.6", taken=at(hours=-1)),)
    well, met = history, replace(history, temperatures=fever)
    unknown = replace(met, counts=())
    assert [[row[8] for row in table_of(document_of(one), "Cycles")] for one in (well, met, unknown)] == [
        ["no", "no"],
        ["no", "yes"],
        ["no", "?"],
    ]


def test_that_one_planned_cycle_is_printed_and_the_others_are_counted() -> None:
    document = document_of(a_history(None, a_course(planned=4)))
    assert [row[0] for row in table_of(document, "Cycles")] == ["C1", "C2"]
    assert document.tables[0].note.endswith("3 further planned cycles not printed.")


def test_that_a_course_without_cycles_says_so() -> None:
    document = document_of(a_history())
    assert table_of(document, "Cycles") == ()
    assert document.tables[0].empty == "No course recorded."


def test_that_counts_are_newest_first_with_what_was_reported_in_quotes() -> None:
    counts = [
        a_count("clotted", collected=at(-2), wbc="2.0"),
        a_count("1.2", superseded=(("neutrophils", a_value("12", None), "typing"),), status="preliminary"),
        a_count(wbc="4.0", segs_percent="40", bands_percent="2", collected=at(-20), platelets=a_value("many", "10*9/L")),
        replace(a_count("3", collected=at(-30), hb="12.1"), day_precision=True),
        a_count("2", collected=None),
    ]
    rows = {row[0]: row for row in table_of(document_of(on_course(counts)), "Counts")}
    assert rows["12 Mar 2026 09:00"][7] == "preliminary; corrected: neutrophils was 12"
    assert rows["10 Mar 2026 09:00"][2:5] == ("unknown", "cannot grade", "2")
    assert rows["20 Feb 2026 09:00"][1] == "–"
    assert rows["20 Feb 2026 09:00"][2] == "1.68"
    assert rows["20 Feb 2026 09:00"][5] == "“many” 10*9/L"
    assert rows["20 Feb 2026 09:00"][7].startswith("ANC derived")
    assert rows["10 Feb 2026"][6] == "12.1 g/dL"
    assert "–" in rows


def test_that_more_counts_than_a_page_holds_are_counted() -> None:
    history = a_nadir_history(cycles=3)
    table = counts_table(history, evaluated(history), "ctcae-5.0", limit=5)
    assert len(table.rows) == 5
    assert table.note == "8 earlier counts are not printed; the chart shows them."
    assert 0 in table.bold


def test_that_an_evaluated_count_without_its_sample_is_printed_all_the_same() -> None:
    history = a_nadir_history()
    rows = counts_table(replace(history, counts=()), evaluated(history), "ctcae-5.0").rows
    assert len(rows) == 8


def test_that_daily_growth_factor_is_one_line_and_a_plan_is_called_a_plan() -> None:
    doses = (
        *(a_growth_factor("filgrastim", given=at(-9 + n), dose="300 µg") for n in range(3)),
        a_growth_factor("filgrastim", given=at(-5), dose=None),
        a_growth_factor(given=at(2), planned=True),
        a_growth_factor(given=None),
    )
    rows = table_of(document_of(on_course((), growth_factors=doses)), "Treatments and events")
    assert [row[::2] for row in rows] == [
        ("14 Mar 2026 09:00", "pegfilgrastim 6 mg (planned)"),
        ("07 Mar 2026 09:00", "filgrastim dose not recorded"),
        ("03 Mar 2026", "filgrastim 300 µg daily until 05 Mar 2026, 3 doses"),
    ]


def test_that_further_treatment_days_and_other_drugs_are_printed() -> None:
    days = (
        TreatmentDay(day=8, given=day(-3), dose_percent="75"),
        TreatmentDay(day=9, given=day(-2)),
        TreatmentDay(day=15, planned=day(4)),
        TreatmentDay(day=16, planned=day(5), dose_percent="0"),
        TreatmentDay(day=17),
    )
    drugs = (DrugExposure(name="carbimazole", start=day(-30)), DrugExposure(name="x", start=day(-9), end=day(-8)), DrugExposure(name="y"))
    earlier = a_course("AC", cycles=[a_cycle(1, day(-99), treatment_days=(TreatmentDay(day=8, given=day(-92), dose_percent="100"),))])
    history = on_course((), a_course(cycles=[a_cycle(2, day(-10), treatment_days=days)]), drugs=drugs, earlier_courses=(earlier,))
    assert events_table(history, NOW).rows == (
        ("17 Mar 2026", "▲ chemotherapy", "C2 D16, omitted"),
        ("16 Mar 2026", "▲ chemotherapy", "C2 D15, planned"),
        ("10 Mar 2026", "▲ chemotherapy", "C2 D9, dose not recorded"),
        ("09 Mar 2026", "▲ chemotherapy", "C2 D8, 75 %"),
        ("03 Mar 2026", "▭ other drug", "x until 04 Mar 2026"),
        ("10 Feb 2026", "▭ other drug", "carbimazole, end not recorded"),
        ("10 Dec 2025", "▲ chemotherapy", "C1 D8, 100 %"),
    )


def test_that_events_say_what_was_not_recorded() -> None:
    history = on_course(
        (),
        antibiotics=(an_antibiotic(given=at(-3), until=at(-1)), Antibiotic(name="x", given_at=at(-4)), Antibiotic(name="undated")),
        temperatures=(
            Temperature(at=at(-2), value="38.1"),
            a_fever("101", unit="[degF]", taken=at(-1)),
            a_fever("hot", unit="K", taken=at(0)),
        ),
        symptoms=(a_symptom("mouth_ulcers", noticed=at(-5)),),
        events=(ClinicalEvent(kind="port_flush", at=at(-6), text="by <nurse>"),),
    )
    assert [row[1:] for row in events_table(history, NOW).rows] == [
        ("● temperature", "hot K, oral"),
        ("● temperature", "101 °F, oral"),
        ("● temperature", "38.1 °C, route not recorded"),
        ("▬ antibiotic", "piperacillin-tazobactam (treatment) until 11 Mar 2026"),
        ("▬ antibiotic", "x (purpose not recorded)"),
        ("◇ sign or symptom", "mouth ulcers"),
        ("✎ port flush", "by <nurse>"),
    ]
    assert events_table(history, NOW, limit=2).note == "5 earlier entries are not printed."


def test_that_the_basis_names_rule_files_findings_and_what_needs_sign_off() -> None:
    notes = list(basis_notes(evaluated(a_nadir_history()), a_printing()))
    assert notes[0].startswith("Rule files: asco-2015 2015")
    assert any(note.startswith("Findings now: ") for note in notes)
    assert "Rules marked “needs clinical sign-off” took part" in notes[-1]


def test_that_a_basis_without_rules_says_so() -> None:
    bare = replace(evaluated(a_history()), rule_sets=(), findings=())
    assert list(basis_notes(bare, a_printing())) == ["Rule files: not stated."]
    confirmed = Finding(rule="r", tier=Tier.DATA, key="k", text="t", basis=Basis(guideline="g", version="1"))
    assert list(basis_notes(replace(bare, findings=(confirmed,)), a_printing()))[-1] == "Findings now: r (g 1)."


def test_that_a_table_that_does_not_fit_its_header_is_refused() -> None:
    with pytest.raises(ValueError, match="rows or widths"):
        Table(title="t", header=("a", "b"), rows=(("1",),), widths=(1, 1))


def test_that_numbers_are_cut_and_never_rounded_over_a_bound() -> None:
    assert [number_text(text) for text in ("0.4999", "<=0.4", ">20", "clotted", ">=1")] == ["0.499", "≤0.4", ">20", "clotted", "≥1"]
    assert time_text(None) == "–"
    assert value_text(None) == "–"


def test_that_every_text_of_a_document_is_looked_through_for_glyphs() -> None:
    document = document_of(a_nadir_history(), [handled()])
    texts = " ".join(document.texts)
    for words in ("Example, Testa", "T-0001", "comes in <now>", "R. Nurse at ward-3", "measured"):
        assert words in texts


def test_that_an_ended_alert_is_printed_with_its_end() -> None:
    rows = table_of(document_of(a_nadir_history(), [an_alert(state=AlertState.RETRACTED)]), "Alerts and what was done")
    assert rows[0][3] == "retracted"
