"""What a command prints: one JSON document, or lines for people; progress goes to standard error."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def print_json(document: Mapping[str, Any]) -> None:
    """Print exactly one JSON document."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def say(*lines: str) -> None:
    """Print lines for people."""
    for line in lines:
        sys.stdout.write(line + "\n")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return aligned lines with a header; the last column is not padded."""
    widths = [max(len(str(row[column])) for row in [headers, *rows]) for column in range(len(headers))]
    return ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [headers, *rows]]


def progress(label: str) -> Callable[[int, int], None]:
    """Return a reporter (done, total) that draws on standard error when it is a terminal, else nothing."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def report(done: int, total: int) -> None:
        end = "\n" if total and done >= total else ""
        sys.stderr.write(f"\r{label}: {done} of {total}{end}" if total else f"\r{label}: {done}")
        sys.stderr.flush()

    return report
