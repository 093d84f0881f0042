"""The preview of a typed count says what the whole evaluation says of it, without judging a long history at each key."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from neutromon.models.quantity import Reported
from neutromon.rules import evaluate
from neutromon.services.bulk import load_histories
from neutromon.services.counts import PREVIEW, CountDraft, preview_count
from neutromon.services.patients import patient_history
from neutromon.services.session import Session
from neutromon.services.store_admin import close_session, create_store, open_session
from tests.builders import NOW, a_count, a_course, a_history, a_patient, a_value, at

CELLS = "10*9/L"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "clinic.neutromon"
    create_store(path, "N. Urse", "a passphrase for tests", now=NOW)
    opened = open_session(path, "N. Urse", "a passphrase for tests", clock=lambda: NOW)
    yield opened
    close_session(opened)


def _drafts() -> list[CountDraft]:
    one = {"neutrophils": Reported(value="0.04", unit=CELLS), "wbc": Reported(value="0.9", unit=CELLS)}
    slip = {"neutrophils": Reported(value="3000", unit=CELLS)}
    low = {"wbc": Reported(value="0.6", unit=CELLS), "platelets": Reported(value="<10", unit=CELLS)}
    return [
        CountDraft(collected_at=at(hours=-1), values=one),
        CountDraft(collected_at=at(hours=-1), values=one, confirmed=frozenset(one)),
        CountDraft(collected_at=at(hours=-1), values=slip),
        CountDraft(collected_at=at(hours=-1), values=low, accession="S-3"),
        CountDraft(collected_at=at(-30), values=one),
        CountDraft(collected_at=at(hours=2), values=one),
        CountDraft(collected_at=at(-2), values={"neutrophils": Reported(value="1.2", unit=CELLS)}),
        CountDraft(collected_at=at(-400), values=low),
    ]


@pytest.mark.parametrize("draft", _drafts(), ids=range(8))
def test_that_a_preview_equals_the_whole_evaluation(session: Session, draft: CountDraft) -> None:
    counts = [a_count("1.2", collected=at(-2 * n), plt="180", hb="11", wbc="4", accession=f"S-{n}") for n in range(1, 60)]
    counts.append(a_count("3.1", collected=at(hours=-10)))
    patient = load_histories(session, [a_history(a_patient(), a_course(given=6), counts)])[0]
    history = patient_history(session, patient)
    typed = a_count(
        collected=draft.collected_at,
        sample_id=PREVIEW,
        accession=draft.accession,
        **{name: a_value(v.value, v.unit, confirmed=name in draft.confirmed) for name, v in draft.values.items()},
    )
    whole = evaluate(replace(history, counts=(*history.counts, typed)), session.rules, NOW, session.protocol)
    assert preview_count(session, patient, draft).evaluation == next(c for c in whole.counts if c.sample_id == PREVIEW)
