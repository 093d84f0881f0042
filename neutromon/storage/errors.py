"""Errors of the database as sentences that a person can act on."""

from neutromon.models.errors import NotSaved, StoreError

DAMAGED = "Restore the last backup: `neutromon store restore`, or Administration, Backup. The damaged file is kept."
ADVICE: tuple[tuple[str, str, str], ...] = (
    ("file is not a database", "The store cannot be opened: wrong passphrase, or the file is damaged.", DAMAGED),
    ("disk image is malformed", "The store is damaged.", DAMAGED),
    ("database is locked", "The store is in use by another program.", "Close the other NeutroMon and try again."),
    ("database or disk is full", "The disk is full.", "Free some space and try again; what was saved before is there."),
    ("readonly database", "The store cannot be written.", "Check that you may write to its folder."),
    ("unable to open database", "The store's file cannot be opened.", "Check the path and your rights to the folder."),
    ("disk i/o error", "The disk reported an error.", "Check the disk; what was saved before is there."),
)


def advice(error: BaseException) -> tuple[str, str]:
    """Return the sentence and the hint for a database error."""
    text = str(error).casefold()
    for part, message, hint in ADVICE:
        if part in text:
            return message, hint
    return "The store reported an error.", "Check the store: `neutromon store check`."


def not_opened(error: BaseException) -> StoreError:
    """Return the error for a store that cannot be opened."""
    return StoreError(*advice(error))


def not_saved(error: BaseException) -> NotSaved:
    """Return the error for a write that was thrown away."""
    message, hint = advice(error)
    return NotSaved(f"Not saved. {message}", hint)
