"""FHIR R4 to specimen sets: a walk over everything that has a resourceType; nothing is validated but what is read."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from neutromon.interop import fhir_xml
from neutromon.interop.times import Stamp, day, stamp
from neutromon.models.history import Identifier
from neutromon.models.imports import ParsedFile, RawResult, RawSet

DEEPEST = 64
Member = tuple[Mapping[str, Any], Mapping[str, Any] | None, Stamp | None]
"""An observation, its report, and its time."""


class Digits(str):
    """A number as its digits were sent."""

    __slots__ = ()


def parse_fhir(text: str, site: tzinfo) -> ParsedFile:
    """Return the specimen sets of a FHIR document."""
    if text.lstrip().startswith("<"):
        document, cut = fhir_xml.document(text.lstrip())
    else:
        document, cut = _document(text), text.count("{") > text.count("}")
    if document is None:
        return _problem("TRUNCATED" if cut else "MALFORMED", "The file is not complete JSON or XML.")
    if not isinstance(document, dict | list):
        return _problem("MALFORMED", "The file is no FHIR resource.")
    version = _version(document)
    if version:
        return ParsedFile(
            format="fhir", sets=(RawSet(results=(), ignored=("VERSION_UNSUPPORTED", f"FHIR {version} is kept but not read; send R4.")),)
        )
    resources = list(_resources(document, "", 0, None))
    if not resources:
        return _problem("MALFORMED", "The file holds no FHIR resource.")
    return ParsedFile(format="fhir", sets=tuple(Reader(resources, site).sets()))


def _document(text: str) -> Any:
    """Return the JSON of a file, also where each line is a resource of its own; None where it is not complete."""
    try:
        return _json(text)
    except (ValueError, RecursionError):
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        found = [_json(line) for line in lines]
    except (ValueError, RecursionError):
        return None
    return found if len(found) > 1 and all(isinstance(item, dict) for item in found) else None


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Digits, parse_int=Digits, parse_constant=Digits)


def _problem(code: str, sentence: str) -> ParsedFile:
    return ParsedFile(format="fhir", sets=(RawSet(results=(), problem=(code, sentence)),))


def _version(document: Any) -> str:
    """Return STU3 or R5 where the shapes say so."""
    for resource, _, _ in _resources(document, "", 0, None):
        kind = resource.get("resourceType")
        if kind == "Observation" and ("comment" in resource or "related" in resource or _old_context(resource)):
            return "STU3"
        if kind == "Observation" and ("triggeredBy" in resource or "instantiatesCanonical" in resource):
            return "R5"
        if kind == "Encounter" and isinstance(resource.get("reason"), list) and resource.get("class", {}) and "indication" in resource:
            return "STU3"
        profiles = resource.get("meta", {}).get("profile", []) if isinstance(resource.get("meta"), dict) else []
        if any("standardhealthrecord" in str(p) or "/3.0" in str(p) for p in profiles):
            return "STU3"
        if any("hl7.org/fhir/5.0" in str(p) for p in profiles):
            return "R5"
        if kind in {"MedicationRequest"} and isinstance(resource.get("context"), dict):
            return "STU3"
    return ""


def _old_context(resource: Mapping[str, Any]) -> bool:
    return isinstance(resource.get("context"), dict) and "encounter" not in resource


Found = tuple[Mapping[str, Any], str, Mapping[str, Any] | None]
"""A resource, its fullUrl, and the resource that contains it."""


def _resources(value: Any, url: str, depth: int, home: Mapping[str, Any] | None) -> Iterator[Found]:
    """Give every resource with its fullUrl, nested bundles and contained resources too."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _resources(item, "", depth + 1, None)
    elif isinstance(value, dict):
        if "resourceType" in value:
            yield value, url, home
        for key in ("entry", "contained", "parameter"):
            inner = value.get(key)
            for item in inner if isinstance(inner, list) else ():
                if isinstance(item, dict):
                    yield from _inner(item, key, depth, value)


def _inner(item: Mapping[str, Any], key: str, depth: int, outer: Mapping[str, Any]) -> Iterator[Found]:
    if key == "contained":
        yield from _resources(item, "", depth + 1, outer)
    else:
        url = str(item.get("fullUrl", "")) if key == "entry" else ""
        yield from _resources(item.get("resource", item), url, depth + 1, None)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _get(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


class Reader:
    """Resolves references inside one document and collects observations into sets."""

    def __init__(self, resources: list[Found], site: tzinfo) -> None:
        self._site = site
        self._all = [(resource, url) for resource, url, _ in resources]
        self._home = {id(resource): home for resource, _, home in resources}
        self._base = {id(resource): url.rsplit("/", 2)[0] for resource, url, _ in resources if url.count("/") > 2}
        self._by_reference: dict[str, Mapping[str, Any] | None] = {}
        self._contained: dict[tuple[int, str], Mapping[str, Any]] = {}
        for resource, url, home in resources:
            number = resource.get("id")
            if home is not None:
                self._contained.setdefault((id(home), f"#{number}"), resource)
                continue
            if url:
                self._by_reference.setdefault(url, resource)
            if number:
                self._index(f"{resource['resourceType']}/{number}", resource)
                self._index(f"urn:uuid:{number}", resource)

    def _index(self, key: str, resource: Mapping[str, Any]) -> None:
        """Remember a resource by its id; an id that two patients of the file share names neither."""
        there = self._by_reference.setdefault(key, resource)
        if there is not None and there is not resource and _who(there) != _who(resource):
            self._by_reference[key] = None

    def _resolve(self, reference: Any, source: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        """Return what a reference of `source` names: inside its own container, by its own server, else in the whole file."""
        text = str(_get(reference, "reference") or "")
        if text.startswith("#"):
            home = self._home.get(id(source)) or source
            return self._contained.get((id(home), text))
        near = f"{self._base.get(id(self._home.get(id(source)) or source), '')}/{text}"
        if near in self._by_reference:
            return self._by_reference[near]
        if text in self._by_reference:
            return self._by_reference[text]
        tail = "/".join(text.split("/_history")[0].split("/")[-2:])
        return self._by_reference.get(tail)

    def sets(self) -> list[RawSet]:
        """Return one set for each patient, specimen and time."""
        reports = self._reports()
        observations = [resource for resource, _ in self._all if resource.get("resourceType") == "Observation"]
        times = self._times(observations, reports)
        groups: dict[tuple[str, str, str], list[Member]] = {}
        for resource in observations:
            report, when = reports.get(id(resource)), times[id(resource)]
            subject, patient = self._subject(resource, report)
            specimen = str(_get(resource, "specimen", "reference") or "")
            whose = _who(patient) if patient else str(_get(subject, "reference") or _get(subject, "display") or "")
            key = (whose, when.text if when else "", specimen)
            groups.setdefault(key, []).append((resource, report, when))
        found = [own for members in groups.values() if (own := self._set(members)).results]
        return found or self._without_results()

    def _times(self, observations: list[Mapping[str, Any]], reports: Mapping[int, Mapping[str, Any]]) -> dict[int, Stamp | None]:
        """Return each observation's time; one without its own has that of its report's others."""
        times = {id(resource): self._time(resource, reports.get(id(resource))) for resource in observations}
        of_report: dict[int, list[Stamp]] = {}
        for key, own in times.items():
            if own is not None and key in reports:
                of_report.setdefault(id(reports[key]), []).append(own)
        shared = {report: Counter(stamps).most_common(1)[0][0] for report, stamps in of_report.items()}
        return {key: own or shared.get(id(reports.get(key))) for key, own in times.items()}

    def _without_results(self) -> list[RawSet]:
        reports = [r for r, _ in self._all if r.get("resourceType") == "DiagnosticReport"]
        unresolved = any(not self._resolve(ref, report) for report in reports for ref in _items(report.get("result")))
        if unresolved:
            return [RawSet(results=(), problem=("UNRESOLVED_RESULTS", "The report names results that are not in the file."))]
        return [RawSet(results=(), ignored=("NO_COUNTS", "The file holds no laboratory result."))]

    def _reports(self) -> dict[int, Mapping[str, Any]]:
        """Return the report of each observation, through panels that name their members too."""
        found: dict[int, Mapping[str, Any]] = {}
        for report, _ in self._all:
            if report.get("resourceType") != "DiagnosticReport":
                continue
            waiting = [self._resolve(reference, report) for reference in _items(report.get("result"))]
            while waiting:
                observation = waiting.pop()
                if observation is None or id(observation) in found:
                    continue
                found[id(observation)] = report
                waiting += [self._resolve(member, observation) for member in _items(observation.get("hasMember"))]
        return found

    def _time(self, observation: Mapping[str, Any], report: Mapping[str, Any] | None) -> Stamp | None:
        specimen = self._resolve(observation.get("specimen"), observation)
        specimen = specimen or self._resolve(next(iter(_items(_get(report, "specimen"))), None), report)
        places = [*_effective(observation), *_effective(report or {})]
        places += [_get(specimen, "collection", "collectedDateTime"), _get(specimen, "collection", "collectedPeriod", "start")]
        places += [observation.get("issued"), _get(report, "issued")]
        for place in places:
            found = stamp(str(place), self._site) if place else None
            if found is not None:
                return found
        return None

    def _set(self, members: list[Member]) -> RawSet:
        first, report, when = members[0]
        subject, patient = self._subject(first, report)
        if patient is None and subject is None:
            patients = [r for r, _ in self._all if r.get("resourceType") == "Patient"]
            patient = patients[0] if len(patients) == 1 else None
        results = [row for observation, own, _ in members for row in self._rows(observation, own)]
        identifiers = _identifiers(patient, subject)
        unresolved = patient is None and subject is not None and not identifiers
        family, given = _name(patient)
        born = str(patient.get("birthDate") or "") if patient else ""
        return RawSet(
            results=tuple(results),
            identifiers=identifiers,
            family=family,
            given=given,
            birth_date=day(born) if born else None,
            birth_text=born or None,
            sex=str(patient.get("gender") or "") or None if patient else None,
            collected=when.text if when else None,
            collected_at=when.at if when else None,
            day_only=when.day_only if when else False,
            specimen=str(_get(first, "specimen", "reference") or _get(first, "specimen", "display") or "") or None,
            sender="fhir",
            reported_at=str(first.get("issued") or _get(report, "issued") or ""),
            problem=("UNRESOLVED_SUBJECT", "The result's patient is not in the file.") if unresolved else None,
            marks=_display_mark(patient, subject),
        )

    def _subject(self, observation: Mapping[str, Any], report: Mapping[str, Any] | None) -> tuple[Any, Mapping[str, Any] | None]:
        """Return the reference to the patient, and the patient where the file has her."""
        own = observation.get("subject")
        subject = own or _get(report, "subject")
        return subject, self._resolve(subject, observation if own else report)

    def _rows(self, observation: Mapping[str, Any], report: Mapping[str, Any] | None) -> list[RawResult]:
        context = " ".join(_texts(_get(report, "code")) + [str(_get(observation, "specimen", "display") or "")])
        context = " ".join([context, *_texts(observation.get("bodySite"))])
        specimen = self._resolve(observation.get("specimen"), observation)
        if specimen is not None:
            kind = specimen.get("type")
            concepts = [str(_get(coding, "code") or "") for coding in _items(_get(kind, "coding"))]
            context = " ".join([context, *_texts(kind), *concepts])
        modifier = _modifier(observation) or _modifier(report or {})
        rows = []
        if _has_value(observation) or not (observation.get("component") or observation.get("hasMember")):
            rows.append(_row(observation, observation, context, modifier))
        for component in _items(observation.get("component")):
            if isinstance(component, dict):
                rows.append(_row(component, observation, context, modifier))
        return rows


def _who(resource: Mapping[str, Any]) -> str:
    """Return what tells a patient from others: kind, numbers, names and birth date."""
    return repr([resource.get(name) for name in ("resourceType", "identifier", "name", "birthDate")])


def _effective(resource: Mapping[str, Any]) -> list[Any]:
    return [resource.get("effectiveDateTime"), _get(resource, "effectivePeriod", "start"), resource.get("effectiveInstant")]


def _has_value(resource: Mapping[str, Any]) -> bool:
    return any(key.startswith("value") or key == "dataAbsentReason" for key in resource)


def _texts(concept: Any) -> list[str]:
    texts = [str(_get(concept, "text") or "")]
    texts += [str(_get(coding, "display") or "") for coding in _items(_get(concept, "coding"))]
    return [text for text in texts if text]


def _modifier(resource: Mapping[str, Any]) -> str:
    """Return the address of the first extension that changes the meaning of what it stands in; empty where there is none."""
    found = [item for item in _items(resource.get("modifierExtension")) if item]
    return str(_get(found[0], "url") or "an extension without a name") if found else ""


def _row(part: Mapping[str, Any], observation: Mapping[str, Any], context: str, modifier: str) -> RawResult:
    codings = [c for c in _items(_get(part, "code", "coding")) if isinstance(c, dict)]
    codings.sort(key=lambda c: "loinc" not in str(c.get("system", "")).casefold())
    value, unit = _value(part)
    interpretation = "~".join(str(_get(c, "code") or "") for i in _items(part.get("interpretation")) for c in _items(_get(i, "coding")))
    notes = [str(_get(note, "text") or "") for note in _items(observation.get("note"))]
    return RawResult(
        codes=tuple((str(c.get("code")), str(c.get("system") or "")) for c in codings if c.get("code")),
        texts=tuple(_texts(part.get("code"))),
        value=value,
        unit=unit,
        range=_range(part),
        flag=interpretation,
        status=str(observation.get("status")) if observation.get("status") else None,
        notes=tuple(notes),
        context=context,
        method=" ".join(_texts(observation.get("method"))) or None,
        absent=bool(part.get("dataAbsentReason")) and value is None,
        value_type="JSON" if isinstance(part.get("valueQuantity"), dict) else "",
        suspect=bool(part.get("dataAbsentReason")) and value is not None,
        modifier=_modifier(part) or modifier,
    )


def _value(part: Mapping[str, Any]) -> tuple[str | None, str | None]:
    quantity = part.get("valueQuantity")
    if isinstance(quantity, dict):
        number = quantity.get("value")
        text = str(number) if number is not None else None
        unit = quantity.get("code") or quantity.get("unit")
        if text is not None and quantity.get("comparator"):
            text = f"{quantity['comparator']}{text}"
        return text, str(unit) if unit else None
    for key in ("valueString", "valueInteger", "valueDecimal"):
        if part.get(key) is not None:
            return str(part[key]), None
    concept = _texts(part.get("valueCodeableConcept"))
    return (concept[0] if concept else None), None


def _range(part: Mapping[str, Any]) -> str:
    for entry in _items(part.get("referenceRange")):
        low, high = _get(entry, "low", "value"), _get(entry, "high", "value")
        if low is not None and high is not None:
            return f"{low}-{high}"
        if _get(entry, "text"):
            return str(entry["text"])
    return ""


def _identifiers(patient: Mapping[str, Any] | None, subject: Any) -> tuple[Identifier, ...]:
    sources = _items(_get(patient, "identifier")) + _items(_get(subject, "identifier"))
    found = [
        Identifier(value=str(_get(source, "value")).strip(), authority=str(_get(source, "system") or "") or None)
        for source in sources
        if str(_get(source, "value") or "").strip()
    ]
    return tuple(found)


def _name(patient: Mapping[str, Any] | None) -> tuple[str | None, str | None]:
    names = [n for n in _items(_get(patient, "name")) if isinstance(n, dict)]
    chosen = next((n for n in names if n.get("use") == "official"), names[0] if names else None)
    if chosen is None:
        return None, None
    family = chosen.get("family")
    family = " ".join(str(f) for f in _items(family)) or None
    given = " ".join(str(g) for g in _items(chosen.get("given"))) or None
    if family is None and given is None and chosen.get("text"):
        parts = str(chosen["text"]).split(" ")
        return parts[-1], " ".join(parts[:-1]) or None
    return family, given


def _display_mark(patient: Mapping[str, Any] | None, subject: Any) -> tuple[str, ...]:
    display = str(_get(subject, "display") or "")
    family, _ = _name(patient)
    differs = bool(display and family) and not re.search(re.escape(str(family).casefold()), display.casefold())
    return ("SUBJECT_DISPLAY_DIFFERS",) if differs else ()
