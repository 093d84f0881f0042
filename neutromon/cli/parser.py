"""The words of the command line; each command group adds its own."""

import argparse

from neutromon import __version__
from neutromon.cli import commands_bench, commands_data, commands_pure, commands_store, commands_view
from neutromon.cli.clock import moment

WINDOW_HELP = (
    "Without a subcommand the window opens: `neutromon`, or `neutromon --practice` for a practice clinic of synthetic patients. "
    "The passphrase comes from a prompt, or from NEUTROMON_USER and NEUTROMON_PASSPHRASE; never from an argument. "
    "Exit status: 0 done; 1 done, but something needs a person; 2 wrong usage or unreadable input; 3 the store cannot be opened."
)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every subcommand; each sets `run`."""
    parser = argparse.ArgumentParser(prog="neutromon", description=__doc__, epilog=WINDOW_HELP)
    parser.add_argument("--version", action="version", version=f"neutromon {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for group in (commands_store, commands_data, commands_view, commands_pure, commands_bench):
        group.add(commands, common_options)
    return parser


def common_options(parser: argparse.ArgumentParser, *, store: bool = True) -> argparse.ArgumentParser:
    """Add the options that every subcommand understands."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON document")
    parser.add_argument("--now", type=moment, metavar="TIME", help="fix the clock, for example 2026-03-12T09:00:00+00:00")
    if store:
        parser.add_argument("--store", metavar="PATH", help="the store's file (default: this user's data folder)")
    return parser
