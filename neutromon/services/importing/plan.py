"""One specimen set from reading to storing: identity, time, rows; what cannot be decided waits with its reason."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from neutromon.interop.analytes import OTHER, CodeTable
from neutromon.interop.understand import Memo, understand
from neutromon.models.history import Patient
from neutromon.models.imports import Disposition, ImportOptions, RawResult, RawSet, ReadResult, SetReport
from neutromon.services.importing.identity import Reason, Who, who
from neutromon.services.importing.merge import Merged, find_sample, merge, moved_away, says_otherwise
from neutromon.services.importing.profiles import PROFILE
from neutromon.services.importing.slips import ask_about_slips
from neutromon.services.records import identifier_pairs
from neutromon.services.writing import Write
from neutromon.storage.codec import encode
from neutromon.storage.store import Fact

HELD = "held"
MOVED_REPORT: Reason = ("ID_CONFLICT", "A person moved this report to another patient; this newer version names the first one again.")
LONGEST_NAME = 60
WITHOUT_TIME = frozenset({"NO_TIME", "BAD_TIME", "DATE_AMBIGUOUS"})
"""What a set without any blood count need not wait for: prose with commas, a table of something else."""
SET_HELD: Reason = ("SET_QUARANTINED", "The whole set waits.")


class Importer:
    """Imports sets inside one write; `source` is the id of the stored message."""

    def __init__(self, write: Write, table: CodeTable, options: ImportOptions) -> None:
        self._write = write
        self.table = table
        self._options = options
        self._memo = Memo()
        self._something_waits = write.session.store.has_kind(HELD)
        self.has_profiles = write.session.store.has_kind(PROFILE)

    def take(self, own: RawSet, index: int, source: str, patient_id: str | None = None) -> SetReport:
        """Import one set; `patient_id` is a person's decision on whose it is."""
        rows = understand(own, self.table, accept_names=self._options.accept_names, memo=self._memo)
        ignored = self._ignored(own, rows)
        if ignored is not None:
            return self.report(own, index, "ignored", ignored, _all(rows, Disposition.IGNORED, ignored))
        whose = Who(patient_id=patient_id) if patient_id else who(self._write.session, own, self._options)
        reason = self._unread(own, rows) or own.problem or whose.reason or self._time_problem(own)
        if reason is not None:
            decided = self._earlier(own, None) if patient_id is None else None
            if decided is not None and "decision" in decided.body:
                return self._again(own, index, rows, decided)
            self._hold(own, source, reason, None)
            return self.report(own, index, "quarantined", reason, _all(rows, Disposition.HELD, SET_HELD))
        if self._options.accept_test and own.processing in {"T", "D"}:
            own = replace(own, marks=(*own.marks, "TEST_DATA"))
        return self._store(own, index, source, whose, rows)

    def _ignored(self, own: RawSet, rows: Sequence[ReadResult]) -> Reason | None:
        if own.ignored is not None:
            return own.ignored
        if own.processing in {"T", "D"} and not self._options.accept_test:
            return "TEST_MESSAGE", "A training or debugging message; test data are not accepted here."
        timeless = own.problem is None or own.problem[0] in WITHOUT_TIME
        if timeless and not any(row.analyte != OTHER for row in rows) and self._unread(own, rows) is None:
            return "NO_COUNTS", "No blood count among the results."
        return None

    def _unread(self, own: RawSet, rows: Sequence[ReadResult]) -> Reason | None:
        """Return why a table waits whose cells name blood counts under columns that nobody can tell."""
        if own.sender != "table" or any(row.analyte != OTHER for row in rows):
            return None
        named = (self.table.named(row.raw.value) for row in rows if row.raw.value and len(row.raw.value) < LONGEST_NAME)
        if any(found is not None and found.analyte in self.table.curve for found in named):
            return "MALFORMED", "The columns of this table cannot be told: import it with the mapping of columns."
        return None

    def _time_problem(self, own: RawSet) -> Reason | None:
        if own.collected_at is None:
            return "NO_TIME", "The result has no specimen time."
        if own.collected_at > self._write.now + timedelta(hours=24):
            return "TIME_IN_FUTURE", "The specimen time lies in the future."
        if own.birth_date is not None and own.collected_at.date() < own.birth_date:
            return "TIME_BEFORE_BIRTH", "The specimen is older than the patient."
        return None

    def _earlier(self, own: RawSet, patient_id: str | None) -> Fact | None:
        """Return the same set where it waits, or was decided, already."""
        if not self._something_waits:
            return None
        revisions = self._write.session.store.revisions(_root(own, patient_id))
        return revisions[-1] if revisions else None

    def _again(self, own: RawSet, index: int, rows: Sequence[ReadResult], decided: Fact) -> SetReport:
        """Report a set on which a person decided before: nothing is asked or stored twice."""
        patient_id = str(decided.body["decision"].get("patient") or "")
        if not patient_id:
            reason = ("ALREADY_IMPORTED", "A person rejected this result before.")
            return self.report(own, index, "ignored", reason, _all(rows, Disposition.IGNORED, reason))
        done = [row if row.ignore else replace(row, disposition=Disposition.DUPLICATE, hold=None) for row in rows]
        return self.report(own, index, "duplicate", None, done, patient_id)

    def _hold(self, own: RawSet, source: str, reason: Reason, patient_id: str | None) -> None:
        """Put a set into the holding bay once."""
        earlier = self._earlier(own, patient_id)
        if earlier is not None and not earlier.voided:
            return
        write = self._write
        body = {"set": encode(own), "reason": list(reason), "source": source, "patient": patient_id}
        if earlier is not None:  # it waited once because of a decision that was taken back since
            write.revise(earlier, body, "waits again", what="added")
        else:
            root, fact_id = _root(own, patient_id), write.session.ids()
            at, author = write.now.isoformat(), write.session.user
            write.unit.add_fact(fact_id=fact_id, root=root, patient="", kind=HELD, at=at, author=author, body=body)
            write.note(root, fact_id)
            write.audit("held added", "", root)
        self._something_waits = True
        write.holding = True

    def _store(self, own: RawSet, index: int, source: str, whose: Who, rows: Sequence[ReadResult]) -> SetReport:
        session = self._write.session
        patient_id = whose.patient_id or self.create(whose.create)
        facts = whose.facts or session.store.facts_of(patient_id)
        moved = moved_away(facts, own)
        if moved is not None and says_otherwise(moved, rows):
            self._hold(own, source, MOVED_REPORT, None)
            return self.report(own, index, "quarantined", MOVED_REPORT, _all(rows, Disposition.HELD, SET_HELD))
        if moved is not None:
            done = [row if row.ignore else replace(row, disposition=Disposition.DUPLICATE, hold=None) for row in rows]
            return self.report(own, index, "duplicate", None, done, patient_id)
        rows = ask_about_slips(facts, own, rows)
        known = find_sample(facts, own, rows)
        marked = replace(own, marks=(*own.marks, *whose.marks)) if whose.marks else own
        merged = merge(known, marked, rows, self._write.now, source, session.user)
        if merged.changed:
            self._write_sample(patient_id, merged)
        self._let_out(own, patient_id)
        done = list(merged.rows)
        held = next((row.hold for row in done if row.disposition is Disposition.HELD and row.hold), None)
        if held is not None:
            decided = self._earlier(own, patient_id)
            if decided is not None and "decision" in decided.body:
                done = [replace(row, disposition=Disposition.DUPLICATE) if row.disposition is Disposition.HELD else row for row in done]
            else:
                self._hold(own, source, held, patient_id)
        return self.report(marked, index, _outcome(done), None, done, patient_id)

    def _let_out(self, own: RawSet, patient_id: str) -> None:
        """Close the waiting record of a set that could be stored now, because its patient is known by now."""
        waiting = self._earlier(own, None)
        if waiting is None or "decision" in waiting.body or waiting.voided:
            return
        decision = {"way": "imported", "patient": patient_id, "by": self._write.session.user, "at": self._write.now.isoformat()}
        self._write.revise(waiting, {**waiting.body, "decision": decision}, "imported again, patient known now", what="resolved: imported")
        self._write.holding = True

    def _write_sample(self, patient_id: str, merged: Merged) -> None:
        sample = merged.sample
        body = encode(replace(sample, id="", superseded=()) if sample.id or sample.superseded else sample)
        if merged.known is None:
            self._write.add(patient_id, "sample", body, "imported")
            return
        self._write.revise(merged.known, body, "laboratory report", what="imported again")

    def create(self, patient: Patient | None) -> str:
        """Store a new patient and return her id."""
        assert patient is not None
        patient_id = self._write.session.ids()
        now = self._write.now.isoformat()
        self._write.unit.add_fact(
            fact_id=patient_id, patient=patient_id, kind="patient", at=now, author=self._write.session.user, body=encode(patient)
        )
        self._write.note(patient_id, patient_id)
        self._write.unit.set_identifiers(patient_id, identifier_pairs(patient))
        self._write.audit("patient created by import", patient_id, patient_id)
        self._write.touch(patient_id)
        return patient_id

    def report(
        self, own: RawSet, index: int, outcome: str, reason: Reason | None, rows: Sequence[ReadResult], patient_id: str | None = None
    ) -> SetReport:
        """Return what became of a set."""
        marks = tuple(dict.fromkeys((*own.marks, *(mark for row in rows for mark in row.marks))))
        patient = own.identifiers[0] if own.identifiers else None
        return SetReport(
            index=index, raw=own, outcome=outcome, reason=reason, marks=marks, results=tuple(rows), patient=patient, patient_id=patient_id
        )


def _root(own: RawSet, patient_id: str | None) -> str:
    return f"held-{fingerprint(own, patient_id)[:40]}"


def fingerprint(own: RawSet, patient_id: str | None = None) -> str:
    """Return a mark of a set's content: the same set again has the same, whatever message brought it."""
    numbers = [(i.value, i.authority) for i in own.identifiers]
    person = [numbers, own.family, own.given, own.birth_text, own.sex, own.processing, own.problem, own.ignored]
    specimen = [own.collected, own.specimen, own.sender, own.marks]
    text = json.dumps([person, specimen, [_row_mark(row) for row in own.results], patient_id], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _row_mark(row: RawResult) -> list[object]:
    sent = [row.codes, row.texts, row.value, row.unit, row.range, row.flag, row.status, row.notes, row.context, row.method]
    sent += [row.modifier] if row.modifier else []
    decided = [row.decided_analyte, row.decided_unit, row.decided_right, row.decided_text]
    return [*sent, *decided] if any(decided) else list(sent)


def _all(rows: Sequence[ReadResult], disposition: Disposition, reason: Reason) -> list[ReadResult]:
    """Return every row with one disposition; rows that were to be ignored anyway stay so."""
    found = []
    for row in rows:
        if row.ignore is not None or disposition is Disposition.IGNORED:
            found.append(replace(row, disposition=Disposition.IGNORED, ignore=row.ignore or reason))
        elif row.text_only and not row.raw.absent:
            found.append(replace(row, disposition=Disposition.KEPT_AS_TEXT))
        else:
            found.append(replace(row, disposition=disposition, hold=row.hold or reason))
    return found


def _outcome(rows: Sequence[ReadResult]) -> str:
    """Return stored, duplicate, corrected or mixed."""
    kinds = {row.disposition for row in rows} - {Disposition.IGNORED, Disposition.KEPT_AS_TEXT}
    if kinds <= {Disposition.DUPLICATE}:
        return "duplicate"
    if Disposition.HELD in kinds:
        return "mixed"
    if kinds & {Disposition.CORRECTED, Disposition.VOIDED}:
        return "mixed" if Disposition.STORED in kinds else "corrected"
    return "stored"
