"""Names of report files: what it is and when it was written, never whose it is, and never one that is there already."""

from datetime import datetime
from pathlib import Path


def report_name(kind: str, at: datetime) -> str:
    """Return "flow-sheet-2026-03-12-0904", without an ending; a name on disk must not tell a patient."""
    return f"{kind.replace('_', '-')}-{at:%Y-%m-%d-%H%M}"


def free_path(folder: Path, name: str, *, ending: str = ".pdf") -> Path:
    """Return the first path of this name that does not exist yet: "name.pdf", then "name-2.pdf", "name-3.pdf"."""
    path, number = folder / f"{name}{ending}", 2
    while path.exists():
        path, number = folder / f"{name}-{number}{ending}", number + 1
    return path
