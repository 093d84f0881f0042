"""Look again at everything that waits: a rule, a trusted sender or a new patient may have answered what it waits for."""

from collections.abc import Callable

from neutromon.interop.analytes import CodeTable
from neutromon.models.changes import Changes, Outcome
from neutromon.models.imports import Disposition, ImportOptions, RawSet
from neutromon.services.held_list import HELD
from neutromon.services.importing.codes import code_table
from neutromon.services.importing.plan import Importer
from neutromon.services.records import latest_of
from neutromon.services.session import Session
from neutromon.services.writing import writing
from neutromon.storage.codec import decode
from neutromon.storage.held import open_held
from neutromon.storage.store import Fact

OPTIONS = ImportOptions(accept_test=True)


def look_again(
    s: Session, progress: Callable[[int, int], None] | None = None, cancelled: Callable[[], bool] = lambda: False
) -> Outcome[int]:
    """Import every waiting set anew under today's rules and return how many went out; the others wait on as they are."""
    waiting, table = open_held(s.store), code_table(s)
    changes, done = Changes(), 0
    for number, one in enumerate(waiting):
        if cancelled():
            break
        fact = latest_of(s, one.root, HELD)
        found = _again(s, fact, table)
        changes |= found
        done += bool(found.holding)
        if progress is not None:
            progress(number + 1, len(waiting))
    return Outcome(value=done, changes=changes)


def _again(s: Session, fact: Fact, table: CodeTable) -> Changes:
    own, patient = decode(RawSet, fact.body["set"]), fact.body.get("patient") or None
    with writing(s) as write:
        report = Importer(write, table, OPTIONS).take(own, 0, str(fact.body.get("source", "")), patient)
        held = report.outcome == "quarantined" or any(row.disposition is Disposition.HELD for row in report.results)
        if held:
            write.holding = False
        elif patient:
            decision = {"way": "imported", "patient": patient, "by": s.user, "at": write.now.isoformat()}
            body = {**fact.body, "decision": decision}
            write.revise(fact, body, "read again under the clinic's rules", what="resolved: imported")
            write.holding = True
    return write.changes
