"""Where a store may lie, and the lock that keeps a second program out."""

import os
import sys
from pathlib import Path
from typing import IO

from neutromon.models.errors import StoreError

SHARES = frozenset({"nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.gvfsd-fuse", "afpfs", "webdav", "davfs"})
CLOUDS = ("onedrive", "dropbox", "icloud", "google drive", "googledrive", "nextcloud")
ADVICE = "Put the store on this computer's own disk; a network folder is a fine place for backups."


def refuse_shared_place(path: Path, mounts: str | None = None) -> None:
    """Raise StoreError where the folder is on a network share or in a cloud folder: locks do not hold there."""
    resolved = path.resolve()
    if str(path).startswith("\\\\") or _mount_kind(resolved, mounts) in SHARES:
        raise StoreError("The store lies on a network share, where data can be lost.", ADVICE)
    if any(part.casefold().startswith(CLOUDS) for part in resolved.parts[:-1]):
        raise StoreError("The store lies in a cloud-synchronised folder, where data can be lost.", ADVICE)


def _mount_kind(path: Path, mounts: str | None) -> str:
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text(encoding="utf-8", errors="replace") if table.exists() else ""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = point == "/" or str(path) == point or str(path).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind


class StoreLock:
    """An exclusive lock in a file of its own beside the store; it goes with the process."""

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(store.name + ".lock")
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        """Take the lock; raise StoreError where another program holds it."""
        try:
            file = open(self._path, "ab")  # noqa: SIM115  (held until release)
        except OSError as error:
            raise StoreError(f"The folder of the store cannot be written: {error.strerror}.", "Check your rights to it.") from None
        try:
            _lock(file)
        except OSError:
            file.close()
            raise StoreError("The store is in use by another program.", "Close the other NeutroMon and try again.") from None
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync_folder(folder: Path) -> None:
    """Make a rename durable where the platform can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
