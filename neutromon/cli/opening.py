"""How a command gets its store: path, user and passphrase, without ever taking a secret as an argument."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neutromon.cli.clock import clock
from neutromon.models.errors import StoreError
from neutromon.services.session import Session


def store_path(arguments: argparse.Namespace) -> Path:
    """Return the store that --store names, else the one of this user's data folder."""
    from neutromon.storage.files import default_store_path

    return Path(arguments.store) if arguments.store else default_store_path()


def credentials(question: str = "Passphrase: ") -> tuple[str, str]:
    """Return user and passphrase, from the environment or from a prompt; raise StoreError where neither is there."""
    user = os.environ.get("NEUTROMON_USER", "")
    passphrase = os.environ.get("NEUTROMON_PASSPHRASE", "")
    if user and passphrase:
        return user, passphrase
    if not sys.stdin.isatty():
        raise StoreError("No user and passphrase were given.", "Set NEUTROMON_USER and NEUTROMON_PASSPHRASE, or start from a terminal.")
    return user or input("User: "), passphrase or getpass.getpass(question)


@contextmanager
def session(arguments: argparse.Namespace) -> Iterator[Session]:
    """Open the store for one command and close it after."""
    from neutromon.services.store_admin import close_session, open_session

    user, passphrase = credentials()
    opened = open_session(store_path(arguments), user, passphrase, clock=clock(arguments.now))
    try:
        yield opened
    finally:
        close_session(opened)
