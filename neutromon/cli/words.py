"""Types of the command groups."""

import argparse
from typing import Protocol, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class Common(Protocol):
    """Adds the options that every subcommand understands."""

    def __call__(self, parser: argparse.ArgumentParser, *, store: bool = True) -> argparse.ArgumentParser:
        """Return the parser with the common options."""
        ...
