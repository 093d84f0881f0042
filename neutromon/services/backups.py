"""Backups: made and verified, listed, looked into before anything is restored, and restored with the present store kept."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from neutromon.models.errors import StoreError, UserError
from neutromon.models.history import Patient
from neutromon.services.roles import FIRST, RANK, Right, Role, needs, refusal, standings_in
from neutromon.services.session import PRACTICE_MARK, Session
from neutromon.storage import opening, restoring
from neutromon.storage.codec import decode
from neutromon.storage.restoring import Contents
from neutromon.storage.store import Store

SHOWN = 60
"""So many patients are named in a preview; the number of the others is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A backup file in the folder beside the store."""

    path: Path
    at: datetime
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What would no longer be there of one patient; an empty name stands for the clinic itself (settings, waiting results)."""

    name: str
    mrn: str
    records: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a verified backup holds, and what the present store has that it has not; `lost` is None where that cannot be read."""

    path: Path
    contents: Contents
    lost: tuple[Lost, ...] | None
    more: int = 0

    @property
    def last_at(self) -> datetime | None:
        """Return when the last record of the backup was written."""
        return datetime.fromisoformat(self.contents.last_at) if self.contents.last_at else None


def backup_folder(store: Path) -> Path:
    """Return the folder of backups beside a store."""
    return store.parent / "backups"


def back_up(s: Session, target: Path | None = None) -> Path:
    """Make a verified backup, by default in the backup folder beside the store, and return where it is."""
    now = s.clock()
    place = target or backup_folder(s.store.path) / f"{s.store.path.stem}-{now.strftime('%Y%m%dT%H%M%S')}.neutromon"
    if place.resolve() == s.store.path.resolve():
        raise StoreError("This is the store itself.", "Choose another place or name for the backup.")
    made = opening.back_up(s.store, place)
    with s.store.unit() as unit:
        unit.audit(now.isoformat(), s.user, "backup made", "{}")
        unit.set_meta("last_backup", now.isoformat())
    return made


def last_backup(s: Session) -> datetime | None:
    """Return when the last backup was made."""
    found = s.store.meta("last_backup")
    return datetime.fromisoformat(found) if found else None


def kept_backups(folder: Path, now: datetime) -> list[Kept]:
    """Return the backups in a folder, newest first."""
    if not folder.is_dir():
        return []
    found = []
    for path in folder.glob("*.neutromon"):
        state = path.stat()
        found.append(Kept(path=path, at=datetime.fromtimestamp(state.st_mtime, now.tzinfo), bytes=state.st_size))
    return sorted(found, key=lambda one: one.at, reverse=True)


def look_into(s: Session, backup: Path, passphrase: str = "") -> Preview:
    """Verify a backup and say what the present, open store has that it has not; a passphrase is needed for one of another key."""
    key = _key(s, backup, passphrase)
    contents = restoring.contents(backup, key)
    with restoring.reading(backup, key) as store:
        _same_kind(_is_practice(store), s.practice)
    newer = restoring.newer_in(s.store, backup, key)
    lost = tuple(_lost(s, line) for line in newer[:SHOWN])
    return Preview(path=backup, contents=contents, lost=lost, more=len(newer) - len(lost))


def _is_practice(store: Store) -> bool:
    return store.meta(PRACTICE_MARK) is not None


def _same_kind(backup: bool, present: bool) -> None:
    """Refuse real patients under the published passphrase, and made-up ones in a real clinic."""
    if backup and not present:
        raise UserError("This is a backup of the practice clinic.", "Choose a backup of this clinic.")
    if present and not backup:
        raise UserError("This is a backup of a real clinic, and the practice clinic is open.", "Restore it from the clinic's own window.")


def _key(s: Session, backup: Path, passphrase: str) -> bytes:
    try:
        return restoring.backup_key(backup, s.user, passphrase, s.store.key)
    except StoreError:
        if passphrase or not backup.exists():
            raise
        raise StoreError(
            "This backup has another key than the present store.", "Type the passphrase that you had when it was made."
        ) from None


def _lost(s: Session, line: restoring.Newer) -> Lost:
    facts = [fact for fact in s.store.revisions(line.patient) if fact.kind == "patient"] if line.patient else []
    patient = decode(Patient, facts[-1].body) if facts else Patient()
    name = ", ".join(part for part in (patient.family_name, patient.given_name) if part)
    mrn = patient.identifier.value if patient.identifier else ""
    return Lost(name=name, mrn=mrn, records=line.records, last_at=datetime.fromisoformat(line.last_at))


def look_before_sign_in(backup: Path, user: str, passphrase: str) -> Preview:
    """Verify a backup with its own key file, for a store that does not open; what is newer there cannot be told."""
    return Preview(path=backup, contents=restoring.contents(backup, restoring.backup_key(backup, user, passphrase)), lost=None)


def restore(
    backup: Path, target: Path, user: str, passphrase: str, *, now: datetime, present: bytes | None = None, practice: bool | None = None
) -> str:
    """Put a verified backup in the place of a store that nobody has open; return the mark under which what was there is kept.

    `practice` says whether that is the practice clinic's place, where the caller knows it: a file that may be damaged is not opened.
    """
    key = restoring.backup_key(backup, user, passphrase, present)
    user = opening.name_in(backup, user)
    with restoring.reading(backup, key) as store:
        role, made_up = standings_in(store).get(user, FIRST).role, _is_practice(store)
    if RANK[role] < RANK[Role.ADMINISTRATOR]:
        raise refusal(Right.RESTORE)
    if practice is not None:
        _same_kind(made_up, practice)
    today = present or restoring.present_key(target, user, passphrase)
    return restoring.put_in_place(backup, target, key, now, by=user, present=today)


def may_restore(s: Session) -> None:
    """Refuse a restore for whoever is no administrator today."""
    needs(s, Right.RESTORE)
