"""An import that is killed between two commits: nothing acknowledged is lost, and another run stores each result once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from neutromon.models.imports import ImportOptions
from neutromon.services.histories import chains
from neutromon.services.importing import import_files
from neutromon.services.importing.made import made_folder
from neutromon.services.store_admin import close_session
from neutromon.storage import worklist_table
from tests.builders import at
from tests.stores import PASSPHRASE, USER, make_store, open_at

CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from neutromon.models.imports import ImportOptions
from neutromon.services.importing import import_files
from neutromon.services.store_admin import open_session
now = datetime(2026, 3, 12, 9, tzinfo=UTC)
session = open_session(Path(sys.argv[2]), sys.argv[3], sys.argv[4], clock=lambda: now)
say = lambda done, total: print(done, flush=True)
import_files(session, [Path(sys.argv[1])], ImportOptions(create_patients=True), progress=say, at_once=5)
"""
MESSAGES = 60


@pytest.mark.parametrize("kill_at", [5, 25, 50])
def test_that_a_killed_import_is_made_up_for_by_the_next(tmp_path, kill_at):
    made_folder(tmp_path / "in", MESSAGES, at(-20), 12)
    store = make_store(tmp_path)
    words = [sys.executable, "-c", CHILD, str(tmp_path / "in"), str(store), USER, PASSPHRASE]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        for line in process.stdout:
            if int(line) >= kill_at:
                process.kill()
                break
    session = open_at(store)
    assert len(accessions(session)) >= kill_at
    report = import_files(session, [tmp_path / "in"], ImportOptions(create_patients=True), at_once=5)
    there = accessions(session)
    assert (len(there), max(there.values())) == (MESSAGES, 1)
    assert len(report.files) == MESSAGES
    assert session.store.trail().verified
    assert worklist_table.due(session.store, session.clock().isoformat()) == []
    close_session(session)


def accessions(session):
    return Counter(chain.latest.body["accession"] for chain in chains(session.store.facts_of_kind("sample")))
