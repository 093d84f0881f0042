"""What a person chose for the window on this computer: typed, versioned, kept as a small file; nothing clinical is in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

VERSION = 1
THEMES = ("light", "dark")
SCALES = (0.9, 1.0, 1.15, 1.3, 1.5, 2.0)
LANGUAGES = ("en", "de", "tr")
COUNT_UNITS = ("10*9/L", "/uL")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSettings:
    """Appearance and habits; `hidden_columns` by column name, `order` a sort order of the worklist.

    `column_order` holds, by list, the columns in the order in which a person has put them.
    """

    theme: str = "light"
    scale: float = 1.0
    language: str = "en"
    right_to_left: bool = False
    hidden_columns: tuple[str, ...] = ()
    column_widths: dict[str, int] = field(default_factory=dict)
    column_order: dict[str, list[str]] = field(default_factory=dict)
    order: str = "urgency"
    descending: bool = False
    last_list: str = "tomorrow"
    lock_after_minutes: int = 10
    count_unit: str = "10*9/L"


def read_settings(path: Path) -> WindowSettings:
    """Return what was kept; a missing, damaged or newer file gives the defaults, and one wrong value only its own default."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WindowSettings()
    if not isinstance(kept, dict) or kept.get("version") != VERSION:
        return WindowSettings()
    return _checked(kept)


def _checked(kept: dict[str, Any]) -> WindowSettings:
    default = WindowSettings()
    known: dict[str, Any] = {}
    for item in fields(WindowSettings):
        value = kept.get(item.name)
        wanted = getattr(default, item.name)
        if isinstance(wanted, tuple) and isinstance(value, list):
            value = tuple(str(part) for part in value)
        if isinstance(wanted, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is type(wanted):
            known[item.name] = value
    settings = WindowSettings(**known)
    scale = settings.scale if 0.5 <= settings.scale <= 3 else default.scale
    theme = settings.theme if settings.theme in THEMES else default.theme
    language = settings.language if settings.language in LANGUAGES else default.language
    order = {name: [str(column) for column in put] for name, put in kept_orders(settings.column_order).items()}
    unit = settings.count_unit if settings.count_unit in COUNT_UNITS else default.count_unit
    return replace(settings, scale=scale, theme=theme, language=language, count_unit=unit, column_order=order)


def kept_orders(kept: Mapping[str, object]) -> dict[str, list[object]]:
    """Return the orders of columns that are lists; anything else in a damaged file is passed over."""
    return {name: put for name, put in kept.items() if isinstance(put, list)}


def write_settings(path: Path, settings: WindowSettings) -> bool:
    """Keep the settings by replacing the file as a whole; return False where the folder cannot be written."""
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"version": VERSION, **asdict(settings)}, indent=1), encoding="utf-8")
        beside.replace(path)
    except OSError:
        return False
    return True
