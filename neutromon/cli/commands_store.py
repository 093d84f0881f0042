"""Commands for the store itself: create, check, backup, restore, rekey, and the audit trail."""

import argparse
from pathlib import Path

from neutromon.cli.clock import clock
from neutromon.cli.output import print_json, say
from neutromon.cli.words import Commands, Common
from neutromon.models.errors import ExitStatus


def add(commands: Commands, common: Common) -> None:
    """Add `store` with its own words, and `audit`."""
    store = commands.add_parser("store", help="create, check, back up, restore or re-key the store")
    words = store.add_subparsers(title="store commands", metavar="ACTION", required=True)
    common(words.add_parser("create", help="create a store and its first user")).set_defaults(run=create)
    common(words.add_parser("check", help="check integrity, audit chain and schema")).set_defaults(run=check)
    backup = common(words.add_parser("backup", help="make a backup and test-restore it"))
    backup.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: the backup folder beside the store)")
    backup.set_defaults(run=back_up)
    restore = common(words.add_parser("restore", help="restore a backup into a new store"))
    restore.add_argument("backup", metavar="BACKUP")
    restore.set_defaults(run=restore_backup)
    common(words.add_parser("rekey", help="change the passphrase of a user")).set_defaults(run=rekey)
    common(commands.add_parser("audit", help="print and verify the audit trail")).set_defaults(run=audit)


def create(arguments: argparse.Namespace) -> int:
    """Create a store with its first user."""
    from neutromon.cli.opening import credentials, store_path
    from neutromon.services.store_admin import create_store

    path = store_path(arguments)
    user, passphrase = credentials("New passphrase: ")
    result = create_store(path, user, passphrase, now=clock(arguments.now)())
    if arguments.json:
        print_json({"store": str(path), "user": user, "recovery_key": result.recovery_key})
    else:
        say(f"The store {path} is made; its first user is {user}.")
        if result.recovery_key:
            say(f"Recovery key, to keep on paper in a safe place: {result.recovery_key}")
    return ExitStatus.DONE


def check(arguments: argparse.Namespace) -> int:
    """Check the store and say what was found; status 1 where a check failed."""
    from neutromon.cli.opening import session
    from neutromon.services.store_admin import check_store

    with session(arguments) as opened:
        found = check_store(opened)
    if arguments.json:
        print_json({"format": "neutromon-check/1", "ok": found.ok, "checks": [check.as_dict() for check in found.checks]})
    else:
        say(*(f"{'ok    ' if check.ok else 'FAILED'} {check.name}: {check.text}" for check in found.checks))
    return ExitStatus.DONE if found.ok else ExitStatus.NEEDS_A_PERSON


def back_up(arguments: argparse.Namespace) -> int:
    """Make a backup, verify it and say where it is."""
    from neutromon.cli.opening import session
    from neutromon.services.backups import back_up as make_backup

    with session(arguments) as opened:
        made = make_backup(opened, Path(arguments.output) if arguments.output else None)
    if arguments.json:
        print_json({"backup": str(made), "verified": True})
    else:
        say(f"The backup {made} is made and was verified by a test restore.")
    return ExitStatus.DONE


def restore_backup(arguments: argparse.Namespace) -> int:
    """Restore a backup to a store path that is still free."""
    from neutromon.cli.opening import credentials, store_path
    from neutromon.services.backups import restore

    path = store_path(arguments)
    user, passphrase = credentials()
    restore(Path(arguments.backup), path, user, passphrase, now=clock(arguments.now)())
    if arguments.json:
        print_json({"store": str(path), "restored_from": arguments.backup})
    else:
        say(f"{arguments.backup} is restored to {path}.")
    return ExitStatus.DONE


def rekey(arguments: argparse.Namespace) -> int:
    """Change the passphrase of the user who opens the store."""
    import getpass
    import os

    from neutromon.cli.opening import session
    from neutromon.services.store_admin import rekey as change_key

    with session(arguments) as opened:
        new = os.environ.get("NEUTROMON_NEW_PASSPHRASE") or getpass.getpass("New passphrase: ")
        change_key(opened, new)
    if arguments.json:
        print_json({"rekeyed": True})
    else:
        say("The passphrase is changed.")
    return ExitStatus.DONE


def audit(arguments: argparse.Namespace) -> int:
    """Print the audit trail and whether its chain holds; status 1 where it does not."""
    from neutromon.cli.opening import session
    from neutromon.services.store_admin import audit_trail

    with session(arguments) as opened:
        trail = audit_trail(opened)
    if arguments.json:
        print_json({"format": "neutromon-audit/1", "verified": trail.verified, "entries": [entry.as_dict() for entry in trail.entries]})
    else:
        say(*(entry.line for entry in trail.entries))
        say(f"{len(trail.entries)} entries; the chain {'holds' if trail.verified else 'is BROKEN: ' + trail.problem}.")
    return ExitStatus.DONE if trail.verified else ExitStatus.NEEDS_A_PERSON
