"""Which column of a table plays which role, told by its header in the languages of its senders."""

import re
from collections.abc import Mapping, Sequence

from neutromon.interop.analytes import LOINC, fold

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
    "time": frozenset(
        (
            "time|analysis time|uhrzeit|collection time|zeit|entnahmezeit|abnahmezeit|sample time|time collected|heure|"
            "heure de prelevement|hora|ora|ora prelievo|saat|numune saati|tijd|afnametijd"
        ).split("|")
    ),
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
            "resultado|risultato|sonuc|valeur|valor|waarde|uitslag|test value|labresult|value as number|aval|"
            "your value|patient value|observed value|measured value|reported value|numeric value|test result|lab result|final result|"
            "resultat du patient|valeur du patient|ist wert|ergebniswert|value numeric|result numeric|valuenum"
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
            "standard range|normal values|reference values|expected range|biological reference interval|normal|"
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
PEOPLES = frozenset({"name", "bezeichnung"})
"""Headers of names that are the patient's where no column holds results."""
CLOSER = frozenset("parameter code|analyte code|component code|parameter name|analyte name|component name|measurement datetime".split("|"))
"""Columns that name the single result where another names the panel, and the time where another has the day only."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return where the header stands: the first row, unless that is a title and one of the next ten names two roles."""
    best = max(range(min(len(rows), 10)), key=lambda i: (len(roles_of(rows[i])), -i))
    if len(roles_of(rows[best])) >= len(roles_of(rows[0])) + 2:
        return best
    if len(roles_of(rows[0])) or sum(1 for cell in rows[0] if cell) > 2:
        return 0
    return next((i for i, row in enumerate(rows[:10]) if len(roles_of(row)) >= 2), 0)


def roles_of(header: Sequence[str]) -> dict[str, int]:
    """Return which column plays which role, by folded header names; each column plays one."""
    folded = [fold(_CAMEL.sub(" ", name[:LONGEST_HEADER])) for name in header]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for role, names in ROLES.items():
        places = [i for i, name in enumerate(folded) if name in names and i not in taken]
        if places:
            found[role] = next((i for i in places if folded[i] in CLOSER), next((i for i in places if folded[i] != "patient"), places[0]))
            taken.add(found[role])
    people = [i for i, name in enumerate(folded) if name == "patient" and i not in taken]
    if people and not {"name", "family"} & set(found):
        found["name"] = people[0]  # beside a column of numbers, "Patient" has the names
        taken.add(people[0])
    tests = [i for i, name in enumerate(folded) if name in ROLES["code"] and i not in taken]
    if tests and "name" not in found and folded[found.get("testname", tests[0])] == "name" and "code" in found:
        found["name"], found["testname"] = found["testname"], tests[0]
    if "testname" not in found and "code" in found and found.get("name") is not None:
        found["testname"] = found.pop("name")
    return found


def peoples_names(header: Sequence[str], roles: Mapping[str, int]) -> dict[str, int]:
    """Return the roles of a wide table, where a column "Name" is the patient's: the family name beside a column of given names."""
    if "testname" not in roles or {"name", "family"} & set(roles) or fold(header[roles["testname"]]) not in PEOPLES:
        return dict(roles)
    role = "family" if "given" in roles else "name"
    return {known: place for known, place in roles.items() if known != "testname"} | {role: roles["testname"]}


def with_panel(body: Sequence[Sequence[str]], roles: Mapping[str, int]) -> dict[str, int]:
    """Return the roles with a column of codes that names the panel as such: one code over tests of many names is none of theirs."""
    if not {"code", "testname"} <= roles.keys():
        return dict(roles)
    pairs = {(cell(row, roles, "code"), fold(cell(row, roles, "testname"))) for row in body}
    codes = {code for code, _ in pairs if code}
    if any(LOINC.fullmatch(code) for code in codes) or not codes or 2 * len(codes) > len({name for _, name in pairs if name}):
        return dict(roles)
    return {role if role != "code" else "panel": place for role, place in roles.items()}


def cell(row: Sequence[str], roles: Mapping[str, int], role: str) -> str:
    """Return what stands in the column of a role; empty where the row has none."""
    index = roles.get(role)
    return row[index].strip() if index is not None and index < len(row) else ""
