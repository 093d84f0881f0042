"""The command line of the contract: scripts, auditors and tests use the same services as the window."""

import os
import sys
from collections.abc import Sequence

from neutromon.models.errors import ExitStatus, UserError


def main(words: Sequence[str]) -> int:
    """Run one subcommand and return its exit status; a problem is one line on standard error, never a traceback."""
    from neutromon.cli.parser import build_parser

    use_utf8()
    arguments = build_parser().parse_args(list(words))
    try:
        return int(arguments.run(arguments))
    except UserError as error:
        print(f"neutromon: {error}", file=sys.stderr)
        return int(error.status)
    except KeyboardInterrupt:
        print("neutromon: stopped by the user; everything reported as stored is stored.", file=sys.stderr)
        return int(ExitStatus.NEEDS_A_PERSON)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (the reader went away; keeps the exit quiet)
        return int(ExitStatus.DONE)


def use_utf8() -> None:
    """Write UTF-8 whatever the terminal's locale is, so that names in every script and JSON come out whole."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
