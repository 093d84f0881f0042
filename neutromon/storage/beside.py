"""A second connection to an open store, for a worker thread; the first one keeps the lock."""

from neutromon.storage import schema
from neutromon.storage.connection import DatabaseError, connect
from neutromon.storage.errors import not_opened
from neutromon.storage.store import Store


def beside(store: Store) -> Store:
    """Return a second connection; it must be used and closed in the thread that asked for it."""
    try:
        database = connect(store.path, store.key, frozenset(schema.LOGS))
    except (DatabaseError, OSError, RuntimeError) as error:
        raise not_opened(error) from error
    return Store(store.path, database, store.key, None, store.store_id, store.station)
