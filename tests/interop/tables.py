"""The shipped code table, for tests of the readers."""

from pathlib import Path

from neutromon.interop.analytes import load_codes

CODES = load_codes((Path(__file__).parents[2] / "resources" / "interop" / "analytes.toml").read_text(encoding="utf-8"))
