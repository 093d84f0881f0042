"""The one connection factory: SQLCipher under sqlite-utils, every pragma set and read back, append-only enforced."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlcipher3
import sqlcipher3.dbapi2 as cipher

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", cipher)
DatabaseError: type[Exception] = cipher.Error
PRAGMAS: dict[str, int | str] = {
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "secure_delete": 1,
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "mmap_size": 0,
    "cache_size": -65_536,
}
"""Cache in KiB, taken as it is needed: the index of a list of 100,000 patients has 40 MB, and each page that was let go is
decrypted and checked anew; with SQLCipher's 8 MB a sort of that list took 90 ms of CPU, with this 30."""
READING = frozenset(
    {
        "cache_size",
        "wal_checkpoint",
        "integrity_check",
        "quick_check",
        "foreign_key_check",
        "table_info",
        "table_xinfo",
        "index_list",
        "index_xinfo",
    }
)
SCHEMA = frozenset({getattr(cipher, n) for n in dir(cipher) if n.startswith(("SQLITE_CREATE_", "SQLITE_DROP_"))}) | {
    cipher.SQLITE_ALTER_TABLE,
    cipher.SQLITE_ATTACH,
    cipher.SQLITE_DETACH,
}


class Connected:
    """One open connection. sqlite-utils over it is imported when it is first asked for: with numpy it costs half a second at start."""

    def __init__(self, conn: Any) -> None:
        self.conn = conn

    @cached_property
    def utils(self) -> Any:
        """Return sqlite-utils on this connection; the shim above makes it use SQLCipher's exception classes."""
        import sqlite_utils
        import sqlite_utils.utils

        if getattr(sqlite_utils.utils, "sqlite3", None) is not sqlcipher3:
            raise RuntimeError("sqlite-utils does not use SQLCipher")
        database = sqlite_utils.Database(self.conn, execute_plugins=False, recursive_triggers=False)
        database._supports_on_conflict = database._supports_strict = True
        return database


def _authorizer(logs: frozenset[str]) -> Callable[..., int]:
    def decide(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
        name = first or ""
        if action in SCHEMA:
            return int(cipher.SQLITE_DENY)
        if action in (cipher.SQLITE_UPDATE, cipher.SQLITE_DELETE) and (name in logs or name.startswith("sqlite_master")):
            return int(cipher.SQLITE_DENY)
        if action == cipher.SQLITE_PRAGMA and second is not None and name.lower() not in READING:
            return int(cipher.SQLITE_DENY)
        return int(cipher.SQLITE_OK)

    return decide


def connect(path: Path, key: bytes, logs: frozenset[str] = frozenset(), *, mode: str = "rw", locked: bool = True) -> Any:
    """Return a connection to an encrypted file; `mode` "rwc" makes a new file, `locked` False is for maintenance."""
    if len(key) != 32:
        raise ValueError("the key must have 32 bytes")
    connection = cipher.connect(f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise RuntimeError("not SQLCipher: the file would be plain text")
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}").fetchall()
            row = connection.execute(f"PRAGMA {name}").fetchone()
            if row and row[0] != value and mode != "ro":
                raise RuntimeError(f"{name} is {row[0]}")
        if connection.execute("PRAGMA temp_store").fetchone()[0] == 1:
            raise RuntimeError("temporary tables would be written in clear")
        if locked:
            connection.set_authorizer(_authorizer(logs))
        return Connected(connection)
    except BaseException:
        connection.close()
        raise


@contextmanager
def unit_of_work(database: Any) -> Iterator[Any]:
    """Run everything inside as one transaction; whatever goes wrong throws all of it away."""
    connection = database.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        if not connection.in_transaction:
            raise RuntimeError("the database rolled back by itself")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
