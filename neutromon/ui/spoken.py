"""What rules and charts say, told in the window's language: known sentences are recognised by their form, their values are copied."""

import re
from collections.abc import Iterator

from neutromon.ui.text import told

FRAME = "{rest} (per local protocol {version})"
SPOKEN = (
    # the frame of an alert
    "EMERGENCY",
    "URGENT",
    "ADVISORY",
    "DATA",
    "{rest} (per local protocol {version})",
    "(per local protocol {version})",
    "default",
    # counts
    "ANC {value} (from WBC) ({grade}) {age}, C{cycle} D{day}",
    "ANC {value} ({grade}) {age}, C{cycle} D{day}",
    "ANC {value} (from WBC) ({grade}) {age}",
    "ANC {value} ({grade}) {age}",
    "ANC unknown",
    "unknown",
    "cannot grade {version}",
    "cannot grade",
    "{value} (from WBC)",
    "{n} min ago",
    "{n} h ago",
    "{n} d ago",
    "at an unknown time",
    "no current count",
    "no current count; the last was {rest}",
    "late result: {rest}",
    "Older than its validity; it says nothing of today",
    # fever and signs
    "fever {value} °C",
    "temperature {value} °C",
    "At or above the call threshold of {value} °C",
    "Consider a triage call now",
    "Also: {rest}",
    "temperature {value} °C",
    "temperature not measured, unwell",
    "At or above the call threshold of {value} °C",
    "Consider a triage call now",
    "fever not measured, unwell",
    "fever {value} °C and {rest}",
    "fever not measured, unwell and {rest}",
    "Meets {guidelines}",
    "Definitions differ: met by {guidelines}",
    "ANC at the bound of the definition",
    "Treat as at risk until a count is known",
    "signs: {rest}",
    "signs of sepsis recorded",
    "an absent fever is no reassurance",
    "Consider the febrile-neutropenia pathway",
    "record the antibiotic time",
    "Consider a review today",
    "Consider a face-to-face assessment now",
    "Consider a review within 24 h",
    "Consider the sepsis pathway now, whatever the count",
    # depth, window and course of the count; the sources in brackets may hold a semicolon, so the bracket stays open here
    "mild ({source}",
    "moderate ({source}",
    "severe ({source}",
    "very severe ({source}",
    "profound ({source}",
    "chronic ({source}",
    "protracted ({source}",
    "more than 10 days ({source}",
    "Profound: below {value} ×10⁹/L",
    "automated: IDSA 2010 asks for a smear",
    "expected nadir, plan documented",
    "the regimen's nadir window is not known",
    "inside the expected nadir window D{low}–{high}",
    "outside the expected nadir window D{low}–{high}",
    "Own earlier lowest counts: {list}",
    "C{cycle} {value} ×10⁹/L on D{day}",
    "Manual differential of few cells: 95 % {value} ×10⁹/L",
    "Consider a call today",
    "Fell from {value} ×10⁹/L within {n} days",
    "Below 0.5 ×10⁹/L since {n} days, if it held between the counts: {rest}",
    "Recovery was expected by D{day}",
    "question chemotherapy as the only cause",
    "Consider the work-up of unexplained neutropenia",
    "Off pattern: {rest}",
    "earlier than the expected window D{low}–{high}",
    "later than the expected window D{low}–{high}",
    "earlier than this patient's earlier nadirs (D{low}–{high})",
    "less than half of this patient's lowest earlier count, {value} ×10⁹/L",
    "platelets fell from {old} to {new}",
    "haemoglobin fell from {old} to {new}",
    "Consider same-day review",
    "Within this Duffy-null patient's own limit",
    "patient baseline applies",
    "Reference interval of Duffy-null people holds it: {people}",
    # treatment days and missing counts
    "treatment planned today: {rest}",
    "treatment planned tomorrow: {rest}",
    "The latest count is older than {n} h",
    "There is no count",
    "{rule} cannot be judged",
    "Meets the day-1 counts of {rule}",
    "Meets the day-1 counts of {rule}: {rest}",
    "Does not meet the day-1 counts of {rule}: {rest}",
    "Cannot tell whether the counts meet the day-1 counts of {rule}: {rest}",
    "{rule} asks for {bound}",
    "ANC not known",
    "platelets not known",
    "haemoglobin not known",
    "platelets {value}",
    "haemoglobin {value}",
    "platelets",
    "haemoglobin",
    "Defer {n} d",
    "Consider deferring or reducing",
    "Consider repeating the count",
    "Consider asking for a count",
    "C{cycle} D{day} was planned {n} days ago",
    "no count in the nadir window D{low}–{high} of C{cycle}",
    "{regimen}: high FN risk",
    # growth factor and prophylaxis
    "consider G-CSF (primary prophylaxis) for C{cycle}: {advice}",
    "consider G-CSF (secondary prophylaxis) for C{cycle}: {advice}",
    "consider G-CSF (in established FN) for C{cycle}: {advice}",
    "recommend",
    "consider",
    "Discuss, prescribed, or not indicated because",
    "Not known: {list}",
    "{product} planned {time}: {rest}",
    "less than {n} h after the end of chemotherapy",
    "{n} days before the next day 1",
    "on the date of day 1, before its chemotherapy",
    "{rest}: the product is not known and may be long-acting",
    "{rest}: the label forbids, NCCN accepts",
    "after the planned day 1, which is not recorded as given",
    "daily {product} is past its stop bound",
    "Consider another time",
    "Consider stopping",
    "FN risk of the regimen not settled",
    "regimen FN risk high by {source}",
    "regimen FN risk intermediate by {source}",
    "regimen FN risk low by {source}",
    "age {bound} years",
    "bilirubin not known",
    "creatinine clearance not known",
    "albumin not known",
    "sex not recorded",
    "birth date not recorded",
    "dose of the cycle not recorded",
    "female",
    "febrile neutropenia before",
    "febrile neutropenia in cycle {n}",
    "concurrent chemotherapy and radiotherapy",
    "prior chemotherapy or radiotherapy",
    "persistent neutropenia",
    "marrow involvement",
    "recent surgery or open wounds",
    "infection",
    "liver disease",
    "renal disease",
    "poor performance status",
    "poor nutrition",
    "advanced disease",
    "chronic immunosuppression",
    "cardiovascular disease",
    "several comorbidities",
    "no antibiotic prophylaxis and no G-CSF",
    "mucositis",
    "signs of sepsis",
    "neutropenia of more than 10 days expected",
    "pneumonia",
    "documented infection",
    "invasive fungal infection",
    "uncontrolled primary disease",
    "hypotension or organ dysfunction",
    "in hospital at onset of fever",
    "growth factor is integral to the regimen",
    "do not routinely offer unless integral to the regimen or to maintain dose intensity",
    "neutropenia without fever",
    "daily G-CSF is running",
    "long-acting G-CSF was given in this cycle",
    "Consider antifungal prophylaxis: profound neutropenia of more than 7 days is expected",
    "Consider fluoroquinolone prophylaxis: profound neutropenia of more than 7 days is expected",
    "more than 10 days of neutropenia expected",
    "{regimen}: leukaemia induction",
    "{guideline}: {rest}",
    "Guidelines differ",
    # neutropenia that chemotherapy does not explain
    "Not explained by chemotherapy: {rest}",
    "no chemotherapy before it",
    "blasts in the differential",
    "more than {n} weeks after the last cycle",
    "late onset after rituximab is possible",
    "On a drug that may lower neutrophils: {drugs}",
    "Consider the stepwise work-up: {list}",
    "Clozapine scheme (general): {rest}",
    "Clozapine scheme (duffy_null): {rest}",
    "Clozapine scheme: {rest}",
    "clozapine: a count is due",
    "Not to be started: the scheme asks for ANC {bound} ×10⁹/L",
    "weekly for 6 months",
    "every 2 weeks from 6 to 12 months",
    "monthly after 12 months",
    "mild",
    "moderate",
    "severe",
    "Haematology",
    "interrupt",
    "stop",
    "Stop",
    "continue",
    "Continue",
    "ANC three times a week until 1.5 or above, then as before",
    "Confirm the first value within 24 h",
    "Daily until 1.0, three times a week until 1.5, then weekly for 4 weeks",
    "resume from 1.0",
    "Daily until 1.0, then three times a week until 1.5",
    "no rechallenge unless benefit outweighs risk",
    "Three times a week until 1.0 or baseline, then weekly for 4 weeks",
    "Daily until 0.5, then three times a week until baseline",
    # data that cannot be trusted
    "{name} {value} is not plausible",
    "{name} {value} is unusually high",
    "{name} {value} is not plausible; did you mean {meant}?",
    "{name}: '{value}' is no number",
    "it counts as unknown",
    "it counts as unknown ({place})",
    "The differential adds up to {value} %",
    "The differential adds up to {value} % ({place})",
    "It counts as unknown until a person has confirmed it",
    "It counts as unknown until it is corrected",
    "No usable differential and no ANC: request the ANC",
    "No usable differential and no ANC: request the ANC ({place})",
    "Too large a change for one patient: check that the sample is hers or his",
    "MCV {new} fL after {old} fL",
    "haemoglobin {new} after {old}",
    "platelets {new} after {old}",
    "Neutrophils",
    "Platelets",
    "Haemoglobin",
    "{name} {value}: the unit is missing or not known",
    "{name} {value}: the unit is missing",
    "{name} {value} looks like g/L",
    "{name} {value} looks like g/dL",
    "{name} {value} is negative",
    "The ANC of {value} is above the WBC of {bound}",
    "Reported ANC {value}, differential gives {derived}",
    "Confirmed by a person",
    # charts
    "Absolute neutrophil count against the chemotherapy cycles",
    "now {time}",
    "lower limit {value}",
    "own limit (Duffy-null) {value}",
    "go if {bounds}, count valid {time} ({rule})",
    "rec D{day}",
    "lowest measured {rest}",
    "profound",
    "No forecast was calculated.",
    "about {n} of 10 similar courses stay below {value} on {time}",
    "Measured values decide",
    "Consider a count before the planned day 1",
    "Absolute neutrophil count (ANC), ×10⁹/L",
    "Absolute neutrophil count (ANC), /µL",
    "expected nadir {window}",
    "expected nadir window not known",
    "median and middle half of {n} cycles",
    "no median: fewer than {n} cycles have counts on the same days",
    "{n} count after {window} not drawn",
    "{n} counts after {window} not drawn",
    "{product}, {n} doses",
    "at least {n} d",
    "on one count",
    "no count",
    "none seen",
    "not known",
    "not recorded",
    "nadir",
    "lowest measured",
)
"""Every form of sentence that is recognised; the translation script reads this table."""

FIELD = re.compile(r"\{(\w+)\}")
DAY = re.compile(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
SENTENCE_END = re.compile(r"(?<=[.?!]) (?=\S)")
NUMBERS = frozenset({"n", "cycle", "day", "low", "high"})
WORDS = frozenset({"rule", "version", "regimen"})
WHOLE = frozenset({"rest", "list"})


def _form(template: str) -> str:
    """Return the regular expression of a template; only `{rest}` and `{list}` may run over a semicolon."""
    parts = FIELD.split(template)
    for place in range(1, len(parts), 2):
        name = parts[place]
        parts[place] = f"(?P<{name}>{_body(name)})"
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place])
    return "".join(parts)


def _body(name: str) -> str:
    if name == "guideline":
        return "[a-z0-9-]+"
    return r"\d[\d.]*" if name in NUMBERS else r"\S+" if name in WORDS else ".+" if name in WHOLE else "[^;]+?"


def _weight(template: str) -> int:
    """Return the order of trying: the frame of an alert, then the templates with the most words of their own."""
    return 0 if template == FRAME else 10_000 - len(FIELD.sub("", template))


def _own_words(template: str) -> str:
    """Return the longest part of a template that stands in every text of its form."""
    return max(FIELD.split(template)[::2], key=len)


FORMS = tuple((_own_words(template), _form(template), template) for template in sorted(SPOKEN, key=_weight) if "{" in template)
"""Words that must stand in the text, its form as a regular expression, and the template."""


def spoken(text: str) -> str:
    """Return a text of rules or charts in the window's language; what is not recognised stays English, and no number is ever changed."""
    if not text or not is_translated():
        return text
    frame, dash, rest = text.partition(" – ")
    framed = dash and frame in SPOKEN
    body = rest if framed else text
    shown = " ".join(_sentence(sentence) for sentence in SENTENCE_END.split(body))
    made = _dated(f"{told(frame)} – {shown}" if framed else shown)
    return made if sorted(NUMBER.findall(made)) == sorted(NUMBER.findall(text)) else text


def _dated(text: str) -> str:
    """Return the text with the months of its dates in the window's language."""
    months = dict(zip(MONTHS.split(), told(MONTHS).split(), strict=True))
    return DAY.sub(lambda found: f"{found[1]} {months[found[2]]}", text)


def is_translated() -> bool:
    """Return whether the window speaks another language than English."""
    return told(SPOKEN[0]) != SPOKEN[0]


def _sentence(text: str) -> str:
    whole = told(text)
    if whole != text:
        return whole
    return f"{_phrase(text[:-1])}." if text.endswith(".") else _phrase(text)


def _phrase(text: str) -> str:
    whole = told(text)
    if whole != text:
        return whole
    for words, form, template in FORMS:
        found = re.fullmatch(form, text) if words in text else None
        if found is not None:
            return told(template).format(**dict(_values(found)))
    parts = text.split("; ")
    return "; ".join(_phrase(part) for part in parts) if len(parts) > 1 else text


def _values(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    for name, value in found.groupdict().items():
        yield name, ", ".join(_listed(value.split(", "))) if name == "list" else _phrase(value)


def _listed(parts: list[str]) -> Iterator[str]:
    """Give the members of a list, the longest that are known together first: a member may hold a comma itself."""
    while parts:
        size = next((n for n in range(len(parts), 1, -1) if told(", ".join(parts[:n])) != ", ".join(parts[:n])), 1)
        yield _phrase(", ".join(parts[:size]))
        parts = parts[size:]
