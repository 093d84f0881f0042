"""The work-up of neutropenia that chemotherapy does not explain: why it is asked, steps, drugs against the trend, causes."""

from datetime import timedelta

from PySide6.QtWidgets import QCompleter, QLineEdit, QTabWidget, QWidget

from neutromon.models.alerts import NO_OWNER
from neutromon.models.errors import UserError
from neutromon.models.evaluation import Finding
from neutromon.models.history import DrugExposure
from neutromon.ui.care.drug_trend import DrugTrend, trend_points
from neutromon.ui.care.parts import Fact, card, count_fact, scrolled, tiles
from neutromon.ui.care.segments import Segments
from neutromon.ui.care.wide import WideForm
from neutromon.ui.care.work_up_steps import WorkUpSteps, read_date, read_states
from neutromon.ui.fields.date_field import DateField
from neutromon.ui.fields.days import Lean
from neutromon.ui.forms.undo import taking_back
from neutromon.ui.saved import FormContext, Saved
from neutromon.ui.text import told, tr
from neutromon.ui.theme import SPACE, Size
from neutromon.ui.widgets.buttons import button
from neutromon.ui.widgets.labels import TextLabel
from neutromon.ui.widgets.layout import column, row
from neutromon.ui.worklist.columns import day_text

WEEKS = 6
FIRST = frozenset({"first"})
"""Without a rule that flags the patient the first step stands open."""
RULE = "workup.unexplained"
STATES = ("", "suspected", "confirmed", "excluded")


class WorkUpForm(WideForm):
    """Three tabs under what must be seen first; everything is saved together."""

    def __init__(self, context: FormContext) -> None:
        super().__init__(context, tr("Work-up of unexplained neutropenia"), name="work_up", width=1080)
        self._evaluation = self.clinic.evaluate_patient(self.patient_id)
        self._known = self.clinic.patient_history(self.patient_id)
        self._causes = self.clinic.rules.numbers["causes"]
        self._new: list[DrugExposure] = []
        self._finding = next((finding for finding in self._evaluation.findings if finding.rule == RULE), None)
        due = frozenset(self._finding.mechanism.split(",")) if self._finding else frozenset()
        states = read_states(self._known.work_up)
        self.steps = WorkUpSteps(self.theme, self.clinic.now, self._causes.rows["step"], due, states, first=FIRST)
        self.body.addWidget(tiles(self._facts()))
        self.body.addWidget(self._build_why(self._finding))
        tabs = QTabWidget()
        tabs.setObjectName("work_up_tabs")
        tabs.setAccessibleName(tr("Parts of the work-up"))
        tabs.setDocumentMode(True)
        tabs.addTab(scrolled(self.steps), tr("Steps"))
        tabs.addTab(scrolled(self._build_drugs()), tr("Drugs against the trend"))
        tabs.addTab(scrolled(self._build_causes()), tr("Causes"))
        self.tabs = tabs
        self.body.addWidget(tabs, 1)
        self.add_primary(tr("Save the work-up"), lambda: self._save(self._write))
        self.keep_draft("work_up")

    def _facts(self) -> list[Fact]:
        states = self.steps.states()
        needed = self.steps.needed() if self._finding else list(states)
        answered = [ask for ask in needed if ask in states and states[ask].resulted]
        missing = [ask for ask in needed if ask not in answered]
        due = read_date(self._known.work_up.get("due"))
        late = due is not None and due < self.clinic.now().date()
        drugs = [name for drug, name in self._drug_rows() if name]
        progress = tr("{n} of {all} answered", n=len(answered), all=len(needed)) if needed else tr("nothing asked for")
        named = ", ".join(map(told, missing[:2])) + (" …" if len(missing) > 2 else "")
        still = tr("missing: {asks}", asks=named) if missing else ""
        overdue, tone = (tr("overdue"), "hold") if late else ("", "")
        return [
            count_fact(self._known, self._evaluation),
            Fact(name=tr("Steps"), value=progress, note=still),
            Fact(name=tr("Drugs of the last 6 weeks"), value=str(len(self._drug_rows())), note=tr("{n} on the list", n=len(drugs))),
            Fact(name=tr("Next due"), value=day_text(due) or tr("no date"), note=overdue, tone=tone),
        ]

    def _build_why(self, finding: Finding | None) -> QWidget:
        made, inside = card(role="warn" if finding else "sunken", name="why")
        text = why_text(finding) if finding else tr("No rule flags this patient now. A work-up may be kept all the same.")
        said = TextLabel(text, wrap=True)
        said.setObjectName("why_text")
        inside.addWidget(said)
        return made

    def _drug_rows(self) -> list[tuple[DrugExposure, bool]]:
        """Return the drugs that touch the last weeks, each with whether it is on a list."""
        start = self.clinic.now().date() - timedelta(weeks=WEEKS)
        own = [drug for drug in (*self._known.drugs, *self._new) if drug.end is None or drug.end >= start]
        listed = [name.casefold() for name in (*self._causes.lists["drugs_confirmed"], *self._causes.lists["drugs_recalled"])]
        return [(drug, any(name in drug.name.casefold() for name in listed)) for drug in own]

    def _build_drugs(self) -> QWidget:
        holder = QWidget()
        inside = column(holder, spacing=SPACE.medium)
        inside.setContentsMargins(0, SPACE.small, SPACE.small, 0)
        made, body = card(tr("Counts and drugs of the last 6 weeks"))
        self.trend = DrugTrend(self.theme)
        body.addWidget(self.trend)
        body.addWidget(TextLabel(tr("A drug that is not on the list is not cleared by that."), size=Size.CAPTION, tone="muted", wrap=True))
        inside.addWidget(made)
        inside.addWidget(self._build_add_drug())
        inside.addStretch(1)
        self._show_trend()
        return holder

    def _build_add_drug(self) -> QWidget:
        made, body = card(tr("Add a drug"))
        self.drug = QLineEdit()
        self.drug.setObjectName("drug")
        self.drug.setAccessibleName(tr("Drug"))
        self.drug.setPlaceholderText(tr("name; also over the counter"))
        completer = QCompleter([*self._causes.lists["drugs_confirmed"], *self._causes.lists["drugs_recalled"]], self)
        self.drug.setCompleter(completer)
        self.start = DateField(self.clinic.now, name="drug_start", accessible=tr("Start of the drug"))
        self.end = DateField(self.clinic.now, name="drug_end", accessible=tr("End of the drug"))
        line = row(spacing=SPACE.small)
        line.addWidget(self.drug, 1)
        line.addWidget(TextLabel(tr("from")))
        line.addWidget(self.start)
        line.addWidget(TextLabel(tr("to")))
        line.addWidget(self.end)
        line.addWidget(button(tr("Add"), self._add_drug, name="drug_add"))
        body.addLayout(line)
        return made

    def _add_drug(self) -> None:
        name = self.drug.text().strip()
        if not name:
            self.show_problem(UserError(tr("The drug has no name."), tr("Type it as written on the list.")))
            return
        if self.start.is_unreadable() or self.end.is_unreadable():
            self.show_problem(UserError(tr("A date of the drug cannot be read."), tr("Type it like 12 Mar.")))
            return
        self.show_problem("")
        self._new.append(DrugExposure(name=name, start=self.start.day(), end=self.end.day()))
        for field in (self.drug, self.start, self.end):
            field.clear()
        self._show_trend()
        self.drug.setFocus()

    def _show_trend(self) -> None:
        last = self.clinic.now().date()
        self.trend.show_trend(trend_points(self._evaluation, WEEKS), self._drug_rows(), last - timedelta(weeks=WEEKS), last)

    def _build_causes(self) -> QWidget:
        holder = QWidget()
        inside = column(holder, spacing=SPACE.medium)
        inside.setContentsMargins(0, SPACE.small, SPACE.small, 0)
        known = self._known.work_up.get("causes")
        states = known if isinstance(known, dict) else {}
        words = [("", "–"), ("suspected", tr("Suspected")), ("confirmed", tr("Confirmed")), ("excluded", tr("Excluded"))]
        self._cause: dict[str, Segments[str]] = {}
        for group in self._causes.rows["class"]:
            made, body = card(told(group["name"]))
            for member in group["members"]:
                value = str(states.get(member, ""))
                asked: Segments[str] = Segments(
                    self.theme, words, name=f"cause_{member}", about=told(member), value=value if value in STATES else "", quiet=("",)
                )
                self._cause[member] = asked
                line = row(spacing=SPACE.small)
                line.addWidget(TextLabel(told(member), wrap=True), 1)
                line.addWidget(asked)
                body.addLayout(line)
            inside.addWidget(made)
        inside.addWidget(self._build_next())
        inside.addStretch(1)
        return holder

    def _build_next(self) -> QWidget:
        made, body = card(tr("Next"))
        self.due = DateField(self.clinic.now, name="due", accessible=tr("Next step due"), lean=Lean.FUTURE)
        self.due.set_day(read_date(self._known.work_up.get("due")))
        self.note = QLineEdit(str(self._known.work_up.get("note", "")))
        self.note.setObjectName("note")
        self.note.setAccessibleName(tr("Note"))
        line = row(spacing=SPACE.small)
        line.addWidget(TextLabel(tr("Next step due")))
        line.addWidget(self.due)
        line.addWidget(TextLabel(tr("Note")))
        line.addWidget(self.note, 1)
        body.addLayout(line)
        return made

    def _write(self) -> Saved:
        if self.steps.problem():
            raise UserError(self.steps.problem(), tr("Type it like 12 Mar, t or t-1."))
        if self.due.is_unreadable():
            raise UserError(tr("The date of the next step cannot be read."), tr("Type it like 12 Mar or +7."))
        if self.drug.text().strip():
            self._add_drug()
            if self.drug.text().strip():
                raise UserError(self.problem_text())
        due = self.due.day()
        steps = {ask: _plain(state) for ask, state in self.steps.states().items()}
        record: dict[str, object] = {
            **self._known.work_up,
            "steps": steps,
            "causes": {member: asked.value for member, asked in self._cause.items() if asked.value},
            "due": due.isoformat() if due else None,
            "note": self.note.text().strip(),
        }
        told_now = (*(steps.values()), record["causes"], record["due"], record["note"], self._known.work_up, self._new)
        if not any(told_now):
            raise UserError(tr("Nothing is answered yet."), tr("Answer a step, or leave with Esc."))
        outcome = self.clinic.record_work_up(self.patient_id, record, tuple(self._new))
        return Saved(title=tr("Work-up saved"), changes=outcome.changes, undo=taking_back(self.clinic, outcome.changes))


def why_text(finding: Finding) -> str:
    """Return why the patient is flagged; what to ask for stands in the steps."""
    lines = [line for line in finding.lines if "(per local protocol" not in line]
    return "\n".join(line.removeprefix(f"{NO_OWNER}; ") for line in lines)  # a finding knows no owner: the alert tells hers


def _plain(state: object) -> dict[str, object]:
    from dataclasses import asdict

    body = asdict(state)  # type: ignore[call-overload]
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in body.items() if value}
