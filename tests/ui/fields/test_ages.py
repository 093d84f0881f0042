"""Ages in the window's language have the steps of the reports."""

from datetime import timedelta

import pytest

from neutromon.models.formatting import age_text
from neutromon.ui.fields.ages import age_words


@pytest.mark.parametrize("minutes", [-5, 0, 1, 59, 119, 120, 121, 71 * 60, 72 * 60 - 1, 72 * 60, 500 * 60])
def test_that_an_age_reads_as_in_the_reports(minutes: int) -> None:
    assert age_words(timedelta(minutes=minutes)) == age_text(timedelta(minutes=minutes))
