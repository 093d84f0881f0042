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
    except Exception as error:
        print(f"neutromon: {unexpected(error)}", file=sys.stderr)
        return int(ExitStatus.WRONG_USAGE)


def unexpected(error: Exception) -> str:
    """Return one line on a bug: what and where, without any value, since values may be a patient's."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{os.path.basename(last.tb_frame.f_code.co_filename)}, line {last.tb_lineno}" if last is not None else "an unknown place"
    return f"Something unexpected went wrong ({type(error).__name__} in {where}). Nothing was half-stored. Please report this line."


def use_utf8() -> None:
    """Write UTF-8 whatever the terminal's locale is, so that names in every script and JSON come out whole."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
