"""Charts of synthetic patients as the program builds them: screen and data agree, and no words cover each other."""

import pytest

from neutromon.report.charts.build import build_trend_chart
from neutromon.report.charts.marks import marks_of
from tests.ui.charts.conftest import Painted, look
from tests.ui.fake_clinic import FakeClinic, a_clinic, book

CLINIC: FakeClinic = a_clinic()


@pytest.mark.parametrize("patient_id", list(CLINIC.histories))
def test_that_the_screen_shows_every_mark_of_a_patient_and_covers_no_words(painted: Painted, patient_id: str) -> None:
    history, evaluation = CLINIC.histories[patient_id], CLINIC.evaluate_patient(patient_id)
    regimen = book().regimen(history.course.regimen if history.course else None)
    chart = build_trend_chart(history, evaluation, None, now=CLINIC.now(), regimen=regimen)
    view = painted(chart, size=(1100, 900))
    view.toggle_panes()
    view.toggle_rejected()
    for preset in view.presets():
        view.show_preset(preset)
        look(view)
        assert view.marks() == marks_of(chart, *view.shown_range())
        boxes = view.placed_words()
        for n, (_, one) in enumerate(boxes):
            assert not [text for text, other in boxes[n + 1 :] if one.intersects(other)]
