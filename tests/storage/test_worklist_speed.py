"""A list is chosen in an index: no row is decrypted that is not shown."""

import pytest

from neutromon.models.worklist import ListName
from neutromon.services.session import Session
from neutromon.services.worklists import list_size, worklist
from neutromon.storage import worklist_table
from neutromon.storage.worklist_copies import add_copies
from tests.services.a_store import with_patient


@pytest.fixture
def filled(session: Session) -> Session:
    """Give a list of one patient and her copies."""
    with_patient(session)
    with session.store.unit() as unit:
        add_copies(unit, 300)
    return session


@pytest.mark.parametrize("order", worklist_table.ORDERS)
@pytest.mark.parametrize("where", ["", " WHERE tomorrow = 1", " WHERE alerts = 1 AND search LIKE '%x%'"])
def test_that_every_order_and_filter_is_answered_from_an_index_alone(filled: Session, order: str, where: str) -> None:
    sql = f"EXPLAIN QUERY PLAN SELECT rowid FROM worklist{where} ORDER BY {worklist_table.ORDERS[order]} LIMIT 60"
    steps = [str(row[3]) for row in filled.store.rows(sql)]
    assert any("COVERING INDEX worklist_" in step for step in steps), steps


def test_that_every_list_is_counted_in_one_pass(filled: Session) -> None:
    found = worklist_table.counts(filled.store)
    assert found == {name.value: list_size(filled, name) for name in ListName}
    assert found["all"] == 301 and found["alerts"] == 301


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", worklist_table.ORDERS)
def test_that_pages_follow_one_another_without_a_gap(filled: Session, order: str, descending: bool) -> None:
    whole = worklist(filled, ListName.ALL, order=order, descending=descending, limit=400)
    pages = [worklist(filled, ListName.ALL, order=order, descending=descending, limit=60, offset=60 * n) for n in range(6)]
    assert len(whole) == 301 == list_size(filled, ListName.ALL)
    assert sorted(row.patient_id for page in pages for row in page) == sorted(row.patient_id for row in whole)


def test_that_names_and_numbers_of_copies_can_be_found(filled: Session) -> None:
    found = worklist(filled, ListName.ALL, text="copy217")
    assert [(row.patient_id, row.mrn) for row in found] == [("copy-217", "COPY217")]
