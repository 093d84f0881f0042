"""How a table is to be read: which column plays which role, in which units, decimals and dates; kept by the clinic as a profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Layout(StrEnum):
    """Long: a row a result. Wide: a column an analyte. Dates: a row an analyte, a column a date."""

    LONG = "long"
    WIDE = "wide"
    DATES = "dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """A way to read one kind of table.

    `roles` by name (patient, family, given, birth, date, time, code, testname, value, unit, low, high, flag, status, sample) to column;
    `analytes` and `units` by column (wide) or by folded test name (long, dates): the analyte ("" leaves it out) and the unit
    ("fraction" where 0.584 stands for 58.4 %); `decimal` "," or "." where it is known; `date_order` "dmy", "mdy" or "ymd".
    """

    id: str = ""
    name: str = ""
    header: tuple[str, ...] = ()
    layout: Layout = Layout.LONG
    roles: Mapping[str, int] = field(default_factory=dict)
    analytes: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    decimal: str = ""
    date_order: str = ""
