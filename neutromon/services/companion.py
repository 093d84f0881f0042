"""A session of its own for a worker thread, beside the one of the window."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from neutromon.services.session import Session
from neutromon.storage.beside import beside
from neutromon.storage.ids import id_maker


@contextmanager
def companion(s: Session) -> Iterator[Session]:
    """Give a second connection to the open store; it must be used in the thread that asked for it, and is closed there."""
    own = replace(s, store=beside(s.store), ids=id_maker(s.clock))
    known = vars(s)
    if "rules" in known:  # read already; never through the window's connection, which belongs to its thread
        own.rules = known["rules"]
    if "protocol" in known:
        own.protocol = known["protocol"]
    try:
        yield own
    finally:
        own.store.close()
