"""Units as laboratories write them, to 10*9/L, g/L and per cent: a fixed table of spellings, read per analyte."""

import re
from decimal import Decimal
from functools import cache

COUNT, HEMOGLOBIN, PERCENT = "count", "hemoglobin", "percent"
_MICROLITRES = (
    "/ul /mcl /mm3 /mm^3 /cmm /cumm /cu.mm /c.mm /cumm. /ccm /microl /microlitre /microliter /microlitro /mikrol /mmc /мкл"
).split(" ")
_LITRES = "/l /litre /liter /ltr /л".split(" ")
_THOUSANDS = "10^3 1000 k th thou thous thousand thousands tsd tsd. thds ths tys tys. tis tis. тыс тыс. miles mila mil/1000".split(" ")
_BILLIONS = "10^9 g giga gpt bil bill billion bio mrd".split(" ")
_MILLIONS = "10^6 mio mio. mill million millions mpt".split(" ")


def _spellings(numbers: list[str], volumes: list[str]) -> list[str]:
    return [f"{number}{volume}" for number in numbers for volume in volumes]


COUNT_FACTORS: dict[str, Decimal] = {
    **dict.fromkeys(_spellings(_BILLIONS, _LITRES), Decimal(1)),
    **dict.fromkeys(_spellings(_THOUSANDS, _MICROLITRES), Decimal(1)),
    **dict.fromkeys(("10^6/ml", "mio/ml", "/nl", "10^0/nl", "1/nl"), Decimal(1)),
    **dict.fromkeys(_spellings(["", "1", "#", "no", "n"], _MICROLITRES), Decimal("0.001")),
    **dict.fromkeys(_spellings(_MILLIONS, _LITRES), Decimal("0.001")),
    **dict.fromkeys(_spellings(["10", "10^1"], _MICROLITRES), Decimal("0.01")),
    **dict.fromkeys(_spellings(["10^2", "100"], _MICROLITRES), Decimal("0.1")),
    **dict.fromkeys(_spellings(["10^4", "10000"], _MICROLITRES), Decimal(10)),
    **dict.fromkeys(_spellings(["10^5", "100000", "lakh", "lakhs", "lac", "lacs"], _MICROLITRES), Decimal(100)),
}
HB_FACTORS = {
    **dict.fromkeys("g/l gr/l gm/l gram/l grams/l gms/l g/litre g/liter".split(" "), Decimal(1)),
    **dict.fromkeys(
        "g/dl gm/dl gr/dl gms/dl gm/dl. gram/dl grams/dl gm% g% gms% gr% g/100ml gm/100ml g/100.ml gdl gm/100dl".split(" "), Decimal(10)
    ),
    "mmol/l": Decimal("16.114"),
    "10^(-1)g/l": Decimal("0.1"),
}
PERCENT_FACTORS = {
    **dict.fromkeys(
        "% pct percent prozent vol% 1/100 rel.% rel% % %(100) perc per100 /100wbc% %wbc %ofwbc %of %leukocytes /100".split(" "), Decimal(1)
    ),
    "10^(-1)%": Decimal("0.1"),
}
NO_UNIT = frozenset({"", "1", "-", ".", "n/a", "na", "none", "null", "unitless", '""', "unit", "units", "#", "no unit", "nounit"})
_SIGNS = str.maketrans(
    {
        "µ": "u",
        "μ": "u",
        "㎕": "ul",
        "㎗": "dl",
        "ℓ": "l",
        "㎣": "mm3",
        "％": "%",
        "×": "x",
        "✕": "x",
        "·": ".",
        "•": ".",
        "∙": ".",
        **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
        "‑": "-",
        "–": "-",
        "−": "-",
        "／": "/",
        "∕": "/",
        "⁄": "/",
        "\xa0": " ",
    }
)
_POWER = re.compile(r"10(?:\*\*|\^\^|\\s\\|exp|e\+0?|[*^e+sx])?\(?(\d)\)?(.*)")
_BRACKETED = re.compile(r"10(?:[*^e+sx])?\(?(\d)\)?\((/.*)\)")


@cache
def _canonical(unit: str) -> str:
    text = unit.strip().casefold().translate(_SIGNS).split("^^")[0]
    text = re.sub(r"/[^\x00-\x7f]{1,3}u?l\b", "/ul", text)
    text = re.sub(r"\{[^}\d%]{0,40}\}|\[[^\]]{0,20}\]", "", text)
    text = re.sub(r"(?<![a-z])(?:cells?|leukocytes|leuk|wbcs?|zellen|zell|celulas|cellules|celules|células|cels?)(?![a-z])", "", text)
    text = re.sub(r"\bper\s+(?=[a-z])", "/", text.strip()).replace("\\", "" if "\\s\\" not in text else "\\")
    text = re.sub(r"^(.*[^/\s])[.\s](l|ul|ml|nl|dl|mm3)\^?-1$", r"\1/\2", text.strip())
    text = re.sub(r"\s+", "", text)
    text = text.lstrip("*") if not text.startswith("*10") else text[1:]
    text = re.sub(r"^x(?=[1\d*(k])", "", text).lstrip("*").lstrip(".")
    text = re.sub(r"^(?:10\.|1(?:\.0)?)?e(?=\d/)", "10^", text)
    return _powered(text).replace("./", "/").replace("//", "/")


def _powered(text: str) -> str:
    match = _BRACKETED.fullmatch(text) or _POWER.fullmatch(text)
    if match is None or not re.match(r"\.?/", match.group(2)):
        return text
    return f"10^{match.group(1)}{match.group(2)}"


def canonical(unit: str | None) -> str:
    """Return a unit in one spelling: annotations, blanks, case, factor signs settled; empty where it says nothing."""
    folded = _canonical((unit or "")[:60])
    return "" if folded in NO_UNIT else folded


def unit_class(unit: str | None) -> str | None:
    """Return count, percent or hemoglobin; None where the unit is missing or unknown; g/l stays open ("g/l")."""
    folded = canonical(unit)
    if folded in PERCENT_FACTORS:
        return PERCENT
    if folded in COUNT_FACTORS and folded in HB_FACTORS:
        return "g/l"
    if folded in COUNT_FACTORS:
        return COUNT
    return HEMOGLOBIN if folded in HB_FACTORS else None


def factor(unit: str | None, wanted: str) -> Decimal | None:
    """Return the multiplier to the wanted class's own unit; None where the unit does not fit."""
    table = {COUNT: COUNT_FACTORS, HEMOGLOBIN: HB_FACTORS, PERCENT: PERCENT_FACTORS}[wanted]
    return table.get(canonical(unit))
