"""HL7 v2 results to specimen sets: one patient, one specimen, one time."""

import re
from collections.abc import Iterable
from datetime import tzinfo
from functools import lru_cache
from operator import itemgetter

from neutromon.interop.hl7_reader import Message, Segment, read
from neutromon.interop.times import Stamp, day, stamp, unless_midnight
from neutromon.models.history import Identifier
from neutromon.models.imports import ParsedFile, RawResult, RawSet

RESULTS = re.compile(r"ORU\^(R01|R30|R31|R32|W01)|OUL\^R2[1-4]|ORF\^R04|RPI|CSU|ORU\^?$")

When = tuple[Stamp | None, bool]
"""The specimen's time, and whether it stands in an uncertain place."""
CONTROL = ("NOT_PATIENT", "Control material, not a patient's specimen.")
HEADLESS = ("MALFORMED", "Results stand before any message header (MSH): the beginning of the message is missing.")
NO_PATIENTS_ROLE = frozenset("BCEFOQV")
"""HL7 table 0369: blind sample, calibrator, electronic control, proficiency of laboratory or operator, control, verifying calibrator."""
QUALITY = re.compile(r"(?:^|[\s^_-])(?:L?QC|QCR|quality control|qualit[aä]tskontrolle)(?:$|[\s^_-])", re.IGNORECASE)


def parse_hl7(text: str, site: tzinfo) -> ParsedFile:
    """Return the specimen sets of every message of a text."""
    messages = read(text)
    if not messages:
        problem = ("MALFORMED", "No HL7 message was found in the file.")
        return ParsedFile(format="hl7", sets=(RawSet(results=(), problem=problem),))
    sets = [own for message in messages for own in _sets(message, site)]
    return ParsedFile(format="hl7", sets=tuple(sets))


def _sets(message: Message, site: tzinfo) -> list[RawSet]:
    header = message.segments[0]
    event = "^".join(header.components(9)[:2]).strip().upper().replace("_", "^")
    control = header.whole(10) or None
    found: list[RawSet] = []
    for patient, segments in _patients(message):
        found += _patient_sets(patient, segments, header, control, site)
    ignored = _ignored(event, header, bool(found))
    if not found:
        reason = ignored or ("NO_COUNTS", "The message holds no result.")
        return [RawSet(results=(), control_id=control, ignored=reason)]
    if ignored is not None:
        found = [_with(own, ignored=ignored) for own in found]
    if message.headless:
        return [_with(own, problem=HEADLESS) for own in found]
    if not event.strip("^"):
        found = [_with(own, marks=(*own.marks, "MSG_TYPE_MISSING")) for own in found]
    return found


def _with(own: RawSet, **changes: object) -> RawSet:
    from dataclasses import replace

    return replace(own, **changes)  # type: ignore[arg-type]


def _ignored(event: str, header: Segment, has_results: bool) -> tuple[str, str] | None:
    mode = header.text(11).upper()
    if mode == "Q":
        return CONTROL
    if event.strip("^") and not RESULTS.match(event) and not (has_results and not event.strip("^")):
        return "MSG_TYPE_UNSUPPORTED", f"Messages of the type {event} are kept but not read."
    return None


def _patients(message: Message) -> list[tuple[Segment | None, list[Segment]]]:
    """Return each patient with the segments that follow: several patients in one message stay apart."""
    found: list[tuple[Segment | None, list[Segment]]] = []
    for segment in message.segments[1:]:
        if segment.name == "PID":
            found.append((segment, []))
        elif found:
            found[-1][1].append(segment)
        else:
            found.append((None, [segment]))
    return found


_PLACES = (2, 3, 4, 5, 6, 7, 8, 11, 17)
_MEANING = itemgetter(*_PLACES)
"""The fields of an OBX that say what the result is; its number and its time stand apart."""
_NOTHING = ("",) * 18
REMEMBERED = 600
"""Results with more letters than this are read each time, so that what is remembered stays small."""


class Group:
    """An OBR with its results; `key` tells specimen and time apart."""

    def __init__(self, order: Segment | None) -> None:
        self.order = order
        self.specimen: Segment | None = None
        self.results: list[tuple[Segment, list[str]]] = []
        self.notes: list[str] = []


def _groups(segments: Iterable[Segment]) -> list[Group]:
    groups = [Group(None)]
    specimen: Segment | None = None
    for segment in segments:
        if segment.name == "OBR":
            groups.append(Group(segment))
            groups[-1].specimen = specimen
        elif segment.name == "SPM":
            specimen = segment
            groups[-1].specimen = segment
        elif segment.name == "OBX":
            groups[-1].results.append((segment, []))
        elif segment.name == "NTE":
            note = segment.whole(3)
            (groups[-1].results[-1][1] if groups[-1].results else groups[-1].notes).append(note)
    return [group for group in groups if group.results]


def _patient_sets(patient: Segment | None, segments: list[Segment], header: Segment, control: str | None, site: tzinfo) -> list[RawSet]:
    by_key: dict[tuple[str, str], tuple[When, list[tuple[Group, Segment, list[str]]]]] = {}
    for group in _groups(segments):
        times: dict[str, When] = {}
        specimen = _specimen(group)
        for segment, notes in group.results:
            observed = segment.raw(14)
            if observed not in times:
                times[observed] = _collected(group, segment, header, site)
            when = times[observed]
            key = (when[0].text if when[0] else "", specimen)
            by_key.setdefault(key, (when, []))[1].append((group, segment, notes))
    found = []
    for when, members in by_key.values():
        found.append(_set(patient, members[0][0], _rows(members), header, control, when))
    return found


def _specimen(group: Group) -> str:
    kind = group.specimen.whole(4) if group.specimen else (group.order.whole(15) if group.order else "")
    filler = (group.order.text(3) or group.order.text(2)) if group.order else ""
    return f"{kind}|{filler}"


def _places(group: Group, result: Segment, header: Segment, site: tzinfo) -> tuple[list[str], list[str]]:
    """Return where the specimen's time may stand, by precedence: first sure places, then uncertain ones."""
    order = group.order
    sure = [group.specimen.text(17) if group.specimen else ""]
    if order is None:
        return [*sure, result.text(14)], [header.text(7)]
    if _sampled_first(order, header):
        sure.append(order.text(6))
    sure += [order.text(7), _observed(order, result, site), order.text(8)]
    return sure, [order.text(number) for number in (6, 14, 22)] + [header.text(7)]


def _sampled_first(order: Segment, header: Segment) -> bool:
    """Return whether OBR-6 is the sampling and OBR-7 the analysis, as Mindray and Dymind devices write it."""
    words = f"{header.whole(3)} {header.whole(4)} {order.whole(4)}".casefold()
    return any(name in words for name in ("mindray", "dymind", "99mrc"))


def _observed(order: Segment, result: Segment, site: tzinfo) -> str:
    """Return OBX-14, unless it is later than the specimen's arrival: then it is the time of the analysis."""
    observed, arrived = stamp(result.text(14), site), stamp(order.text(14), site)
    return "" if observed and arrived and observed.at > arrived.at else result.text(14)


def _collected(group: Group, result: Segment, header: Segment, site: tzinfo) -> When:
    """Return the specimen's time: SPM-17, OBR-7, OBX-14, OBR-8, then as uncertain OBR-6, OBR-14, OBR-22, MSH-7."""
    sure, uncertain = _places(group, result, header, site)
    found = next((found for place in sure if (found := stamp(place, site)) is not None), None)
    if found is not None:
        return unless_midnight(found), False
    return unless_midnight(next((found for place in uncertain if (found := stamp(place, site)) is not None), None)), True


def _set(
    patient: Segment | None,
    group: Group,
    results: list[RawResult],
    header: Segment,
    control: str | None,
    time: When,
) -> RawSet:
    when, uncertain = time
    family, given = _name(patient)
    born = patient.text(7) if patient else ""
    order = group.order
    return RawSet(
        results=tuple(results),
        control_id=control,
        identifiers=_identifiers(patient),
        family=family,
        given=given,
        birth_date=day(born),
        birth_text=born or None,
        sex=patient.text(8) if patient else None,
        collected=when.text if when else None,
        collected_at=when.at if when else None,
        day_only=when.day_only if when else False,
        specimen=((order.text(3) or order.text(2)) if order else "") or None,
        sender=f"{header.whole(3)}|{header.whole(4)}",
        reported_at=(order.text(22) if order else "") or header.text(7),
        processing=header.text(11).upper(),
        ignored=CONTROL if _control(group) else None,
        marks=("TIME_UNCERTAIN",) if uncertain else (),
    )


def _control(group: Group) -> bool:
    """Return whether the order or the specimen's role says quality control, calibration or proficiency testing."""
    role = group.specimen.text(11).upper() if group.specimen else ""
    return role in NO_PATIENTS_ROLE or (group.order is not None and QUALITY.search(group.order.whole(4)) is not None)


def _name(patient: Segment | None) -> tuple[str | None, str | None]:
    if patient is None:
        return None, None
    family = patient.text(5, 1).split("&")[0].strip() or None
    return family, patient.text(5, 2) or None


def _identifiers(patient: Segment | None) -> tuple[Identifier, ...]:
    """Return PID-3, PID-2 and PID-4: the first that is not empty is matched by."""
    if patient is None:
        return ()
    found = []
    for number in (3, 2, 4):
        for position in range(len(patient.repetitions(number))):
            parts = patient.components(number, position)
            value = parts[0].strip() if parts else ""
            authority = next((p.split("&")[0].strip() for p in (parts[3:4] + parts[5:6]) if p.split("&")[0].strip()), None)
            if value and value != '""':
                found.append(Identifier(value=value, authority=authority))
    return tuple(found)


def _rows(members: list[tuple[Group, Segment, list[str]]]) -> list[RawResult]:
    rows: list[RawResult] = []
    contexts: dict[int, str] = {}
    for group, segment, notes in members:
        if id(group) not in contexts:
            contexts[id(group)] = _context(group)
        row = _row(segment, (*notes, *group.notes), contexts[id(group)])
        if rows and row == rows[-1]:
            continue
        rows.append(row)
    return rows


def _context(group: Group) -> str:
    """Return panel, source and specimen words, for the guard against what is no blood."""
    order, specimen = group.order, group.specimen
    return " ".join([order.whole(4) if order else "", order.whole(15) if order else "", specimen.whole(4) if specimen else ""]).strip()


def _row(segment: Segment, notes: tuple[str, ...], context: str) -> RawResult:
    """Return a result; a laboratory sends equal ones all day, and they are read once."""
    fields = segment.fields if len(segment.fields) > len(_NOTHING) - 1 else [*segment.fields, *_NOTHING[len(segment.fields) :]]
    kept = _MEANING(fields)
    size = sum(map(len, kept)) + sum(map(len, notes)) + len(context)
    return (_row_of if size < REMEMBERED else _row_of.__wrapped__)(kept, segment.separators, notes, context)


@lru_cache(maxsize=1024)
def _row_of(kept: tuple[str, ...], separators: str, notes: tuple[str, ...], context: str) -> RawResult:
    fields = list(_NOTHING)
    for place, text in zip(_PLACES, kept, strict=True):
        fields[place] = text
    segment = Segment("OBX", fields, separators)
    identifier = segment.components(3)
    codes = [(identifier[i].strip(), identifier[i + 2].strip() if len(identifier) > i + 2 else "") for i in (0, 3) if len(identifier) > i]
    texts = [part.strip() for part in (identifier[1:2] + identifier[4:5]) if part.strip()]
    if not any(code for code, _ in codes):
        codes = [(part.strip(), "") for part in identifier if part.strip()][:1]
    kind = segment.text(2).upper()
    own = segment.whole(4)
    return RawResult(
        codes=tuple(code for code in codes if code[0]),
        texts=tuple(texts),
        value=_value(segment, kind),
        unit=_unit(segment),
        range=segment.whole(7),
        flag=segment.whole(8),
        status=segment.text(11) or None,
        value_type=kind,
        notes=notes,
        context=f"{context} {own}".strip(),
        method=segment.whole(17) or None,
    )


def _unit(segment: Segment) -> str | None:
    """Return the unit; an unescaped 10^9/L is two components and is joined again."""
    whole = segment.whole(6)
    parts = segment.components(6)
    if not parts and segment.text(2).upper() == "CQ":
        return segment.text(5, 2) or None
    if len(parts) > 1 and re.search(r"(?:10|\bmm|L)\s*$", parts[0]) and re.match(r"\s*-?\d", parts[1]):
        return "^".join(part for part in parts if part).strip()
    return (parts[0].strip() if parts else whole) or None


def _value(segment: Segment, kind: str) -> str | None:
    if kind == "SN":
        parts = [part.strip() for part in segment.components(5)]
        if len(parts) <= 2 or not any(parts[2:]):
            return "".join(parts) or None
        return "^".join(parts)
    if kind == "CQ":
        return segment.text(5) or None
    if kind in {"CE", "CWE"}:
        parts = segment.components(5)
        return (next((p for p in (parts[1:2] + parts[:1]) if p.strip()), "") or "").strip() or None
    return segment.whole(5) or None
