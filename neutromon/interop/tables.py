"""Delimited text and sheets to specimen sets: long (a row a result) and wide (a column an analyte); cells stay text."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from neutromon.interop.analytes import LOINC, fold
from neutromon.interop.dates import birth_date, date_order, row_time, stamped, with_number_month
from neutromon.interop.times import Stamp
from neutromon.interop.units import canonical, unit_class
from neutromon.models.errors import UserError
from neutromon.models.history import Identifier
from neutromon.models.imports import ParsedFile, RawResult, RawSet

ROLES: Mapping[str, frozenset[str]] = {
    "patient": frozenset(
        (
            "patient id|pid|patient|mrn|patient number|subject id|usubjid|person id|patientid|patient no|pat id|"
            "patienten nr|patientennummer|fallnummer|pat nr|patientennr|patienten id|n patient|no patient|numero patient|"
            "ipp|nip|nhc|historia clinica|id paciente|codice paziente|id paziente|hasta no|hasta numarasi|protokol no|"
            "prontuario|codigo do paciente|patientnummer|patientnr|patientunitstayid"
        ).split("|")
    ),
    "name": frozenset(
        "patient name|name of patient|full name|patientenname|adi soyadi|ad soyad|ad soyadi|nom complet|nombre completo".split("|")
    ),
    "family": frozenset(
        (
            "family name|last name|surname|nachname|familienname|family|lastname|nom|nom de famille|apellidos|apellido|"
            "cognome|sobrenome|soyad|soyadi|achternaam"
        ).split("|")
    ),
    "given": frozenset("given name|first name|vorname|given|firstname|prenom|ad|adi|voornaam".split("|")),
    "birth": frozenset(
        (
            "date of birth|birth date|dob|birthdate|geburtsdatum|geb datum|birth|date de naissance|fecha de nacimiento|"
            "data di nascita|data de nascimento|dogum tarihi|geboortedatum"
        ).split("|")
    ),
    "sex": frozenset("sex|gender|geschlecht|sexe|sexo|sesso|cinsiyet|geslacht".split("|")),
    "date": frozenset(
        (
            "date|analysis date|obs date|collected|collection date|collected at|test date|lbdt|sample date|datum|"
            "result date|specimen date|date time|datetime|analysis time|collected date|collection time|date collected|time|"
            "entnahmedatum|entnahmezeit|entnahmezeitpunkt|abnahmedatum|abnahmezeit|date de prelevement|date prelevement|"
            "fecha|fecha de extraccion|fecha de toma|data prelievo|data|data da coleta|tarih|numune tarihi|afnamedatum|"
            "charttime|lbdtc|measurement date|measurement datetime|adt"
        ).split("|")
    ),
    "time": frozenset("time|analysis time|uhrzeit|collection time".split("|")),
    "code": frozenset(
        (
            "loinc|test code|parameter code|analyte code|component code|"
            "code|test|lbtest|analyte|parameter|obs|testcode|lbtestcd|item|analyt|analyse|examen|prueba|"
            "esame|exame|tetkik|bepaling|itemid|measurement source value|marker|biomarker|param"
        ).split("|")
    ),
    "testname": frozenset(
        (
            "name|universalname|test name|component|analyte name|parameter name|component name|lbtest|bezeichnung|description|label|labname"
        ).split("|")
    ),
    "value": frozenset(
        (
            "value|result|obs value as string|lbstresn|lborres|wert|ergebnis|result value|messwert|resultat|obs value|"
            "resultado|risultato|sonuc|valeur|valor|waarde|uitslag|test value|labresult|value as number|aval"
        ).split("|")
    ),
    "unit": frozenset(
        (
            "unit|units|lbstresu|einheit|uom|lborresu|unite|unites|unidad|unidades|unidade|unita|unita di misura|birim|eenheid|"
            "valueuom|labmeasurenamesystem|unit source value"
        ).split("|")
    ),
    "low": frozenset(
        (
            "low|range min|obs range low|lbstnrlo|ref low|reference low|lower limit|untergrenze|unterer grenzwert|"
            "ref range lower|reference range low|range low|lbornrlo|ref min|anrlo"
        ).split("|")
    ),
    "high": frozenset(
        (
            "high|range max|obs range high|lbstnrhi|ref high|reference high|upper limit|obergrenze|oberer grenzwert|"
            "ref range upper|reference range high|range high|lbornrhi|ref max|anrhi"
        ).split("|")
    ),
    "range": frozenset(
        (
            "reference range|ref range|normal range|reference|reference interval|range|ref interval|biological ref interval|"
            "referenzbereich|normbereich|norm|bereich|referenz|referenzwerte|normwerte|valeurs de reference|intervalle de reference|"
            "valores de referencia|intervalo de referencia|valori di riferimento|referans araligi|referentiewaarden"
        ).split("|")
    ),
    "flag": frozenset("flag|flags|abnormal|interpretation|is abnormal".split("|")),
    "status": frozenset("status|result status".split("|")),
    "sample": frozenset(
        (
            "sample id|sample id no|specimen|accession|sample no|barcode|sample|specimen id|sample number|accession number|"
            "probennummer|auftragsnummer"
        ).split("|")
    ),
    "kind": frozenset("type|sample type|scale|lbcat|test type|category|material|fluid|specimen type|lbspec|paramcat".split("|")),
}
LONGEST_HEADER = 200
MOST_ROWS = 200_000
MARGIN = re.compile(r"\b(blank|qc|control|kontrolle|background)\b", re.IGNORECASE)
CLOSER = frozenset("parameter code|analyte code|component code|parameter name|analyte name|component name|measurement datetime".split("|"))
"""Columns that name the single result where another names the panel, and the time where another has the day only."""
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEADER_UNIT = re.compile(r"^(.*?)\s*[(\[]\s*(.*?)\s*[)\]]?$")
_SPACE_UNIT = re.compile(r"^(\S+)\s+(\S*[/%^]\S*|fl|pg|%)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A wide column: its header, the analyte's name and the unit that the header states."""

    index: int
    header: str
    name: str
    unit: str | None
    flag: int | None = None


def csv_rows(text: str) -> list[list[str]]:
    """Return the cells of delimited text; the delimiter is the one that the first lines have most of."""
    delimiter = max("\t;,|", key=lambda d: sum(line.count(d) for line in text.splitlines()[:20]))
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if delimiter == "|":
        plain = _unruled(plain)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(plain), delimiter=delimiter)]
    except csv.Error as error:
        raise UserError(f"The table cannot be read: {error}.", "Save it again as CSV.") from None
    found = [row for row in rows if any(row)]
    if len(found) > MOST_ROWS:
        raise UserError(f"The table has more than {MOST_ROWS} rows.", "Split it and import the parts.")
    return found


def _unruled(text: str) -> str:
    """Return a table between bars without its rules, and without the bars that open and close its lines."""
    lines = [line.strip() for line in text.split("\n")]
    bars = [line.removeprefix("|").removesuffix("|") if line.startswith("|") else line for line in lines]
    return "\n".join(line for line in bars if not re.fullmatch(r"[-+|:=\s]*", line))


def parse_csv(text: str, site: tzinfo) -> ParsedFile:
    """Return the specimen sets of delimited text."""
    return parse_rows(csv_rows(text), site, "csv")


def dated_columns(header: Sequence[str]) -> list[tuple[int, str]]:
    """Return the columns that a date heads."""
    cells = [(i, with_number_month(cell.strip())) for i, cell in enumerate(header)]
    return [(i, cell) for i, cell in cells if _DATED.fullmatch(cell)]


def by_dates(
    body: Sequence[Sequence[str]], header: Sequence[str], roles: Mapping[str, int], site: tzinfo, order: str | None
) -> list[RawSet]:
    """Return one set for each column that a date heads; names stand in their column, else in the first that plays no role."""
    dated = dated_columns(header)
    order = order or date_order([text for _, text in dated])
    taken = set(roles.values()) | {column for column, _ in dated}
    free = next((i for i in range(len(header)) if i not in taken), 0)
    named = {"testname": roles.get("testname", roles.get("code", free))}
    kept = {role: place for role, place in roles.items() if role in {"unit", "range", "low", "high", "kind"}} | named
    sets = []
    for column, text in dated:
        found, problem = stamped(text, site, order)
        rows = [row for row in body if _cell(row, {"value": column}, "value") and _cell(row, named, "testname")]
        if rows:
            results = [_long_result(row, {**kept, "value": column}) for row in rows]
            sets.append(_made(results, {}, found, problem, ""))
    return sets


def parse_rows(rows: Sequence[Sequence[str]], site: tzinfo, form: str) -> ParsedFile:
    """Return the specimen sets of a table."""
    if len(rows) < 2:
        return _ignored(form)
    place = header_place(rows)
    header, body = with_units(rows[place], rows[place + 1 :])
    roles = roles_of(header)
    if "date" not in roles and "value" not in roles and dated_columns(header):
        return ParsedFile(format=form, sets=tuple(by_dates(body, header, roles, site, None)) or _ignored(form).sets)
    if not roles and sum(1 for cell in header if cell) < 2:
        return _ignored(form)
    order = date_order([row[roles["date"]] for row in body if "date" in roles and roles["date"] < len(row)])
    sets = read_sets(body, header, roles, site, order, long="value" in roles and ("code" in roles or "testname" in roles))
    return ParsedFile(format=form, sets=tuple(sets)) if sets else _ignored(form)


def read_sets(
    body: Sequence[Sequence[str]], header: Sequence[str], roles: dict[str, int], site: tzinfo, order: str | None, *, long: bool
) -> list[RawSet]:
    """Return the sets of a table whose columns play known roles; in a wide one a column "Name" is the patient's."""
    if not long and "testname" in roles and not {"name", "family"} & set(roles):
        roles = {**roles, "name": roles["testname"]}
    return _long(body, header, roles, site, order) if long else _wide(body, header, roles, site, order)


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return where the header stands: the first row, unless that is a title and one of the next ten names two roles."""
    best = max(range(min(len(rows), 10)), key=lambda i: (len(roles_of(rows[i])), -i))
    if len(roles_of(rows[best])) >= len(roles_of(rows[0])) + 2:
        return best
    if len(roles_of(rows[0])) or sum(1 for cell in rows[0] if cell) > 2:
        return 0
    return next((i for i, row in enumerate(rows[:10]) if len(roles_of(row)) >= 2), 0)


def with_units(header: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[list[str], Sequence[Sequence[str]]]:
    """Return header and rows, a row of nothing but units below the header joined to it."""
    units = list(body[0]) if body else []
    if not any(units) or len(units) > len(header) or not all(unit_class(cell) or not canonical(cell) for cell in units if cell):
        return list(header), body
    units += [""] * (len(header) - len(units))
    return [f"{name} ({unit})" if unit and name else name for name, unit in zip(header, units, strict=True)], body[1:]


def _ignored(form: str) -> ParsedFile:
    return ParsedFile(format=form, sets=(RawSet(results=(), ignored=("NO_COUNTS", "The table holds no result that can be told.")),))


def roles_of(header: Sequence[str]) -> dict[str, int]:
    """Return which column plays which role, by folded header names; each column plays one."""
    folded = [fold(_CAMEL.sub(" ", name[:LONGEST_HEADER])) for name in header]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for role, names in ROLES.items():
        places = [i for i, name in enumerate(folded) if name in names and i not in taken]
        if places:
            found[role] = next((i for i in places if folded[i] in CLOSER), places[0])
            taken.add(found[role])
    tests = [i for i, name in enumerate(folded) if name in ROLES["code"] and i not in taken]
    if tests and "name" not in found and folded[found.get("testname", tests[0])] == "name" and "code" in found:
        found["name"], found["testname"] = found["testname"], tests[0]
    if "testname" not in found and "code" in found and found.get("name") is not None:
        found["testname"] = found.pop("name")
    return found


def _cell(row: Sequence[str], roles: Mapping[str, int], role: str) -> str:
    index = roles.get(role)
    return row[index].strip() if index is not None and index < len(row) else ""


def _who(row: Sequence[str], roles: Mapping[str, int], birth_order: str | None) -> dict[str, object]:
    number = _cell(row, roles, "patient")
    family, given = _cell(row, roles, "family") or None, _cell(row, roles, "given") or None
    full = _cell(row, roles, "name")
    if full and family is None:
        parts = [part for part in re.split(r"[,^\s]+", full) if part]
        family, given = (parts[0], " ".join(parts[1:]) or None) if parts else (None, None)
    born = _cell(row, roles, "birth")
    return {
        "identifiers": (Identifier(value=number),) if number and number not in {"0", "-"} else (),
        "family": family,
        "given": given,
        "birth_date": birth_date(born, birth_order),
        "birth_text": born or None,
        "sex": _cell(row, roles, "sex") or None,
    }


def _birth_order(rows: Sequence[Sequence[str]], roles: Mapping[str, int], order: str | None) -> str | None:
    """Return the order of day and month in the column of birth dates; where that is open, as in the column of dates."""
    found = date_order([text for row in rows if (text := _cell(row, roles, "birth"))])
    return next((known for known in (found, order) if known in {"dmy", "mdy"}), None)


def _long(rows: Sequence[Sequence[str]], header: Sequence[str], roles: Mapping[str, int], site: tzinfo, order: str | None) -> list[RawSet]:
    groups: dict[tuple[str, str, str, str], list[tuple[Sequence[str], RawResult]]] = {}
    for row in rows:
        date_text, time_text = _when(row, header, roles)
        key = (_cell(row, roles, "patient"), date_text, time_text, _cell(row, roles, "sample"))
        groups.setdefault(key, []).append((row, _long_result(row, roles)))
    sets = []
    birth_order = _birth_order(rows, roles, order)
    for (_, date_text, time_text, sample), members in groups.items():
        found, problem = row_time(date_text, time_text, site, order or date_order([date_text]))
        sets.append(_made([result for _, result in members], _who(members[0][0], roles, birth_order), found, problem, sample))
    return sets


def _when(row: Sequence[str], header: Sequence[str], roles: Mapping[str, int]) -> tuple[str, str]:
    """Return date and time of a row; a ragged row has them behind the last column of the header."""
    if len(row) <= len(header) or not _shifted(row, header):
        return _cell(row, roles, "date"), _cell(row, roles, "time")
    behind = row[len(header) :]
    date_text = next((cell for cell in behind if re.match(r"\d{4}-\d\d-\d\d", cell)), "")
    return date_text, next((cell for cell in behind if re.fullmatch(r"\d\d:\d\d(:\d\d)?", cell)), "")


def _shifted(row: Sequence[str], header: Sequence[str]) -> bool:
    return any(re.match(r"\d{4}-\d\d-\d\d", cell) for cell in row[len(header) :])


def _long_result(row: Sequence[str], roles: Mapping[str, int]) -> RawResult:
    code, name = _cell(row, roles, "code"), _cell(row, roles, "testname")
    low, high = _cell(row, roles, "low"), _cell(row, roles, "high")
    bare, behind = (name or code, None) if "unit" in roles else _unit_behind(name or code)
    return RawResult(
        codes=tuple((part, "") for part in dict.fromkeys((code, name)) if part),
        texts=tuple(part for part in ((bare, code) if behind else (name, code)) if part),
        value=_cell(row, roles, "value") or None,
        unit=_cell(row, roles, "unit") or behind,
        range=f"{low}-{high}" if low and high else _cell(row, roles, "range"),
        flag=_cell(row, roles, "flag"),
        status=_cell(row, roles, "status") or None,
        context=f"{_cell(row, roles, 'kind')} {code}",
    )


def _unit_behind(name: str) -> tuple[str, str | None]:
    """Return a test's name and the known unit in brackets behind it, for tables that have no column of units."""
    bracket = _HEADER_UNIT.match(name)
    known = bracket is not None and unit_class(bracket.group(2)) is not None
    return (bracket.group(1), bracket.group(2)) if bracket and known else (name, None)


def _wide(rows: Sequence[Sequence[str]], header: Sequence[str], roles: Mapping[str, int], site: tzinfo, order: str | None) -> list[RawSet]:
    columns = _columns(header, set(roles.values()))
    telling = set(roles.values()) | {i for i, name in enumerate(header) if fold(name) in {"type", "mode"}}
    sets = []
    birth_order = _birth_order(rows, roles, order)
    for row in rows:
        if any(MARGIN.search(cell) for i, cell in enumerate(row) if i in telling):
            continue
        found, problem = row_time(_cell(row, roles, "date"), _cell(row, roles, "time"), site, order)
        results = [_wide_result(row, column) for column in columns if column.index < len(row) and row[column.index]]
        if results:
            sets.append(_made(results, _who(row, roles, birth_order), found, problem, _cell(row, roles, "sample")))
    return sets


def _columns(header: Sequence[str], taken: set[int]) -> list[Column]:
    found = []
    for index, whole in enumerate(header):
        name = whole[:LONGEST_HEADER]
        if index in taken or not name or fold(name).endswith("flag"):
            continue
        bracket, space = _HEADER_UNIT.match(name), _SPACE_UNIT.match(name)
        bare, unit = (bracket.group(1), bracket.group(2)) if bracket else (space.group(1), space.group(2)) if space else (name, None)
        following = header[index + 1] if index + 1 < len(header) else ""
        flag = (
            index + 1
            if fold(following).endswith("flag") or (fold(following) in {f"{fold(bare)} m", ""} and "flag" in fold(following))
            else None
        )
        found.append(Column(index, name, bare, _clean(unit), flag))
    return found


def _clean(unit: str | None) -> str | None:
    """Return a header's unit; a micro sign that two wrong bytes stand for is a micro sign."""
    if not unit:
        return None
    return re.sub(r"(?<=/)[^\x00-\x7f]+(?=l\b|L\b)", "u", unit)


def _wide_result(row: Sequence[str], column: Column) -> RawResult:
    flag = row[column.flag].strip() if column.flag is not None and column.flag < len(row) else ""
    value = row[column.index]
    doubtful = flag.startswith("E") and re.fullmatch(r"0+([.,]0+)?", value) is not None
    return RawResult(
        codes=((column.name if LOINC.fullmatch(column.name) else column.header, ""),),
        texts=(column.name,),
        value=value,
        unit=column.unit,
        flag=flag,
        context="",
        absent=doubtful,
    )


def _made(
    results: Sequence[RawResult],
    who: Mapping[str, object],
    found: Stamp | None,
    problem: tuple[str, str] | None,
    sample: str,
) -> RawSet:
    return RawSet(
        results=tuple(results),
        collected=found.text if found else None,
        collected_at=found.at if found else None,
        day_only=found.day_only if found else False,
        specimen=sample or None,
        sender="table",
        problem=problem,
        **who,  # type: ignore[arg-type]
    )
