"""The report on paper: a tagged archive file, two identifiers and a page number everywhere, the same bytes every time."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from neutromon.models.errors import UserError
from neutromon.models.history import PatientHistory
from neutromon.report.document import PURPOSE, Paper, ReportDocument, Table
from neutromon.report.flow_sheet import build_flow_sheet
from neutromon.report.glyphs import BOX, MISSING_NOTE, Glyphs
from neutromon.report.pdf import footer_lines, layout_data, pages_of, paper_text, pdf_bytes, render_drawings, write_pdf
from neutromon.storage.files import resource_path, resource_text
from tests.builders import NOW, a_count, a_course, a_history, a_nadir_history, a_patient, at
from tests.report.charted import evaluated
from tests.report.charts.signs import every_sign
from tests.report.documented import a_printing, an_alert, document_of, handled


def glyphs() -> Glyphs:
    """Return the shipped fonts' characters."""
    return Glyphs(resource_path("fonts"))


def unpacked(content: bytes) -> bytes:
    """Return a PDF with its packed streams unpacked behind it."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    return content + b"\n".join(_inflated(stream) for stream in streams)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def named(family: str, given: str) -> PatientHistory:
    """Return a patient with counts under a name."""
    return replace(a_nadir_history(), patient=a_patient("N-1", family, given))


def test_that_the_file_is_an_archive_file_that_a_screen_reader_can_read() -> None:
    content = unpacked(pdf_bytes(document_of(every_sign(), [handled()])))
    assert content.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in content
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert b"/StructTreeRoot" in content
    assert b"Neutrophil trend" in content


def test_that_the_charts_are_vectors_with_words_and_no_picture() -> None:
    content = unpacked(pdf_bytes(document_of(every_sign())))
    assert b"/Subtype/Image" not in content.replace(b" ", b"")
    assert b"/FontFile2" in content


def test_that_the_same_document_gives_the_same_bytes() -> None:
    document = document_of(every_sign(), [handled()])
    assert pdf_bytes(document) == pdf_bytes(document)


def test_that_markup_in_every_text_is_text() -> None:
    course = a_course("#set page(width: 1cm)")
    history = replace(every_sign(), patient=a_patient('#"x"', "<b>*Bold*</b> $a$", "`code` \\ // /* [x] @ref"), course=course)
    assert pages_of(pdf_bytes(document_of(history, [an_alert(text="#panic() *x* <script> _y_ ```")], decision="= Heading"))) >= 1


@pytest.mark.parametrize(
    ("family", "given"), [("مثال", "ليلى"), ("示例", "患者"), ("Büyükçekmeceli-Şahingöz", "İğdem"), ("Приклад", "Тест")]
)
def test_that_names_of_every_script_have_their_glyphs(family: str, given: str) -> None:
    document = document_of(named(family, given))
    assert glyphs().missing(document.texts) == set()
    assert layout_data(document, {}, 8.4, glyphs())["patient"]["name"] == f"{family}, {given}"
    assert pages_of(pdf_bytes(document)) >= 1


def test_that_a_character_without_a_glyph_is_a_box_and_a_note_says_so() -> None:
    data = layout_data(document_of(named("Exa𓀀mple", "Te\tsta")), {}, 8.4, glyphs())
    assert data["patient"]["name"] == f"Exa{BOX}mple, Te sta"
    assert data["notes"][-1] == MISSING_NOTE


def test_that_a_drawing_has_boxes_too() -> None:
    history = replace(a_nadir_history(), course=replace(a_course("𓀀"), intent=None))
    drawn = render_drawings(document_of(history), glyphs())
    assert BOX in drawn["chart"]
    assert "𓀀" not in drawn["chart"]


def test_that_every_character_of_every_report_has_a_glyph() -> None:
    document = document_of(every_sign(), [handled()])
    drawn = render_drawings(document, glyphs())
    texts = [*document.texts, *drawn.values(), PURPOSE, MISSING_NOTE, resource_text("report/report.typ")]
    texts += [part for line in footer_lines(document) for part in line]
    assert glyphs().missing(texts) == set()


def test_that_line_ends_stay_and_control_characters_go() -> None:
    found = glyphs()
    assert found.printable("MRN 1\nborn\x07 x", set()) == "MRN 1\nborn  x"
    assert found.printable("plain", set()) == "plain"
    assert found.missing(["\u200f\u2066direction\u2069 marks need none\u00ad"[:-1], "ascii"]) == set()


def test_that_every_page_of_a_long_report_has_its_number() -> None:
    counts = [a_count("2.2", collected=at(-n), wbc="5") for n in range(1, 200)]
    history = replace(a_nadir_history(), counts=tuple(counts))
    assert pages_of(pdf_bytes(document_of(history))) >= 2
    template = resource_text("report/report.typ")
    assert "counter(page).final()" in template
    assert "header:" in template
    assert "footer: foot" in template


def test_that_the_footer_says_who_when_on_which_data_rules_and_chain() -> None:
    lines = footer_lines(document_of(a_history()))
    assert lines[0][0] == "Printed by R. Nurse at ward-3, 12 Mar 2026 09:00 +0000. Data as of 12 Mar 2026 09:00 +0000."
    assert lines[1] == ("NeutroMon 0.1.0 · protocol default · CTCAE 5.0 · rules 0123456789ab", "Audit chain verified: 12 links, head abc")
    bare = replace(document_of(a_history()), printing=a_printing(rule_digest=""))
    assert footer_lines(bare)[1][0] == "NeutroMon 0.1.0 · protocol default · CTCAE 5.0"
    assert layout_data(bare, {}, 8.4, glyphs())["purpose"] == PURPOSE


def test_that_a_running_clock_with_its_microseconds_and_zone_can_print() -> None:
    moment = NOW.replace(microsecond=597510).astimezone(timezone(timedelta(hours=5, minutes=30)))
    printing = a_printing(printed_at=moment, data_as_of=moment)
    document = replace(document_of(a_history()), printing=printing)
    assert pages_of(pdf_bytes(document)) == 1
    assert "12 Mar 2026 14:30 +0530" in footer_lines(document)[0][0]


def test_that_a_list_has_no_patient_in_its_header() -> None:
    document = ReportDocument(kind="worklist", title="Tomorrow", subtitle="0 patients", printing=a_printing(practice=True))
    data = layout_data(document, {}, 8.4, glyphs())
    assert (data["patient"], data["practice"], data["chart"], data["chart_alt"]) == (None, True, None, "")
    assert pages_of(pdf_bytes(document)) == 1


def test_that_an_unknown_birth_date_has_no_age() -> None:
    data = layout_data(document_of(replace(a_history(), patient=a_patient(birth_date=None))), {}, 8.4, glyphs())
    assert data["patient"]["born"] == "birth date not known"


def test_that_a_sheet_for_one_page_is_set_smaller_until_it_fits() -> None:
    long = Table(title="t", header=("a",), rows=tuple((f"line {n}",) for n in range(80)), widths=(1.0,))
    document = ReportDocument(kind="k", title="One page", subtitle="", printing=a_printing(), tables=(long,))
    assert pages_of(pdf_bytes(document)) > 1
    assert pages_of(pdf_bytes(replace(document, one_page=True))) == 1


def test_that_the_flow_sheet_of_a_full_history_stands_on_one_page() -> None:
    history = every_sign()
    sheet = build_flow_sheet(history, evaluated(history), now=NOW, printing=a_printing())
    assert pages_of(pdf_bytes(sheet)) == 1


def test_that_a_report_can_be_drawn_by_another_painter() -> None:
    seen = []

    def other(document: ReportDocument) -> Mapping[str, str]:
        seen.append(document.title)
        return {}

    assert pages_of(pdf_bytes(document_of(a_nadir_history()), render=other)) >= 1
    assert seen == ["Neutrophil trend"]


def test_that_a_file_is_written_whole(tmp_path: Path) -> None:
    path = write_pdf(document_of(a_history()), tmp_path / "x.pdf")
    assert path.read_bytes().startswith(b"%PDF")
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.pdf"]


def test_that_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        write_pdf(document_of(a_history()), tmp_path / "no" / "x.pdf")
    (tmp_path / "taken.pdf").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        write_pdf(document_of(a_history()), tmp_path / "taken.pdf")
    assert [entry.name for entry in tmp_path.iterdir()] == ["taken.pdf"]


def test_that_the_paper_has_a_name() -> None:
    assert [paper_text(paper) for paper in Paper] == ["A4 portrait", "A4 landscape"]
