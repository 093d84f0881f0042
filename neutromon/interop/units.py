"""Units as laboratories write them, to 10*9/L, g/L and per cent: a fixed table, read per analyte."""

import re
from decimal import Decimal

COUNT, HEMOGLOBIN, PERCENT = "count", "hemoglobin", "percent"
_ONE = (
    "10^9/l 10^3/ul 10^3/mm3 10^3/cumm g/l giga/l gpt/l k/ul k/mm3 k/cumm th/ul tsd/ul thou/ul thou/mcl thousand/ul 1000/mm3 1000/ul "
    "10^6/ml /nl 10^3/mcl 10^3/mm^3 thds/ul x1000/ul thou/mm3 tsd/mm3 g/l"
)
_THOUSANDTH = "/ul /mm3 /mcl 10^6/l mio/l /cumm /mm^3"
COUNT_FACTORS: dict[str, Decimal] = {
    **dict.fromkeys(_ONE.split(" "), Decimal(1)),
    **dict.fromkeys(_THOUSANDTH.split(" "), Decimal("0.001")),
    "10/ul": Decimal("0.01"),
    "10^2/ul": Decimal("0.1"),
    "10^1/ul": Decimal("0.01"),
    "10^4/ul": Decimal(10),
}
HB_FACTORS = {
    "g/l": Decimal(1),
    "gr/l": Decimal(1),
    "gm/l": Decimal(1),
    "g/dl": Decimal(10),
    "gm/dl": Decimal(10),
    "gr/dl": Decimal(10),
    "g%": Decimal(10),
    "gm%": Decimal(10),
    "g/100ml": Decimal(10),
    "mmol/l": Decimal("16.114"),
    "10^(-1)g/l": Decimal("0.1"),
}
PERCENT_FACTORS = {
    "%": Decimal(1),
    "10^(-1)%": Decimal("0.1"),
    "pct": Decimal(1),
    "percent": Decimal(1),
    "vol%": Decimal(1),
    "1/100": Decimal(1),
}
_SUPER = str.maketrans({"µ": "u", "μ": "u", "³": "3", "⁹": "9", "⁶": "6", "²": "2", "×": "x", "‑": "-"})


def canonical(unit: str | None) -> str:
    """Return a unit in one spelling: annotations, blanks, case, factor signs settled."""
    text = (unit or "").strip().casefold().translate(_SUPER)
    text = text.split("^^")[0]
    text = re.sub(r"\{[^}]{0,40}\}|\[[^\]]{0,20}\]", "", text)
    text = re.sub(r"cells?|leuk|zellen|\(hpf\)", "", text).replace(" ", "")
    text = text.lstrip("*").removeprefix("x") if not text.startswith("x1000") else text
    text = text.lstrip("*")
    match = re.fullmatch(r"10(?:[*^e+s]|\*\*|\\s\\|exp|\^\^)?\(?(\d)\)?(/.*)", text)
    if match:
        text = f"10^{match.group(1)}{match.group(2)}"
    match = re.fullmatch(r"10(?:[*^e+s])?\(?(\d)\)?\((/.*)\)", text)
    return f"10^{match.group(1)}{match.group(2)}" if match else text


def unit_class(unit: str | None) -> str | None:
    """Return count, percent or hemoglobin; None where the unit is missing or unknown; g/l stays open ("g/l")."""
    folded = canonical(unit)
    if folded in PERCENT_FACTORS:
        return PERCENT
    if folded == "g/l":
        return "g/l"
    if folded in COUNT_FACTORS:
        return COUNT
    return HEMOGLOBIN if folded in HB_FACTORS else None


def factor(unit: str | None, wanted: str) -> Decimal | None:
    """Return the multiplier to the wanted class's own unit; None where the unit does not fit."""
    table = {COUNT: COUNT_FACTORS, HEMOGLOBIN: HB_FACTORS, PERCENT: PERCENT_FACTORS}[wanted]
    return table.get(canonical(unit))
