"""Drafts of changes: what was begun comes back, unless what it began from has changed since."""

from dataclasses import replace
from typing import Any

import pytest

from neutromon.ui.saved import Saved
from tests.ui.fake_clinic import FakeClinic


@pytest.mark.parametrize("form", ["patient", "course", "cycle", "record"])
def test_that_a_change_that_was_begun_comes_back(open_form: Any, clinic: FakeClinic, form: str) -> None:
    subject = clinic.histories["p1"].counts[-1].id if form == "record" else ""
    first = open_form(form, "p1", subject)
    first.reason.setText("told by telephone")
    first.reject()
    assert open_form(form, "p1", subject).reason.text() == "told by telephone"


def test_that_a_draft_of_a_change_is_dropped_where_the_record_was_changed_since(open_form: Any, clinic: FakeClinic) -> None:
    first = open_form("patient", "p1")
    first.reason.setText("new name")
    first.reject()
    known = clinic.histories["p1"]
    clinic.histories["p1"] = replace(known, patient=replace(known.patient, family_name="Changed"))
    again = open_form("patient", "p1")
    assert again.reason.text() == ""
    assert ("p1", "patient") not in clinic.drafts


def test_that_a_saved_change_leaves_no_draft(open_form: Any, clinic: FakeClinic, saved: list[Saved]) -> None:
    form = open_form("patient", "p1")
    form.reason.setText("spelling")
    form._draft.keep_now()
    assert ("p1", "patient") in clinic.drafts
    form._press_primary()
    assert saved and ("p1", "patient") not in clinic.drafts
