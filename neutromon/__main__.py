"""Start NeutroMon: the window without a subcommand, the command line with one."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit status of the contract."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if opens_window(words):
        from neutromon.app import run

        return run(words)
    from neutromon.cli import main as command_line

    return command_line(words)


def opens_window(words: Sequence[str]) -> bool:
    """Return whether the words hold no subcommand: nothing, or options of the window only."""
    options_with_value = {"--store", "--now", "--tour", "--language"}
    position = 0
    while position < len(words):
        word = words[position]
        if word in {"-h", "--help", "--version"} or not word.startswith("--"):
            return False
        position += 2 if word in options_with_value else 1
    return True


if __name__ == "__main__":
    sys.exit(main())
