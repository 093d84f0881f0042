"""Errors that a person can act on; everything else that is raised is a bug."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit status of the command line: what a script learns from it."""

    DONE = 0
    NEEDS_A_PERSON = 1
    WRONG_USAGE = 2
    STORE_NOT_OPENED = 3


class UserError(Exception):
    """A problem that the user can solve: one sentence that says what is wrong, and a hint on what to do."""

    def __init__(self, message: str, hint: str = "", status: ExitStatus = ExitStatus.WRONG_USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status

    def __str__(self) -> str:
        """Return the sentence and the hint as one line."""
        return f"{self.message} {self.hint}".strip()


class StoreError(UserError):
    """The store cannot be opened or written: missing, locked, wrong passphrase, damaged, newer, on a share, disk full."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, ExitStatus.STORE_NOT_OPENED)


class NotSaved(UserError):
    """A write was thrown away as a whole; nothing of it is stored."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, ExitStatus.STORE_NOT_OPENED)
