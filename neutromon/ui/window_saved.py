"""What the main window does with what was stored: every view is told, and it can be taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from neutromon.models.errors import UserError
from neutromon.ui.message_bar import MessageBar, UndoStep
from neutromon.ui.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from neutromon.models.changes import Outcome
    from neutromon.ui.notifier import ChangeNotifier
    from neutromon.ui.saved import Saved


class Storing:
    """Announces changes and offers their undo in the bar."""

    def __init__(self, notifier: ChangeNotifier, messages: MessageBar) -> None:
        self._notifier, self._messages = notifier, messages

    def take(self, saved: Saved) -> None:
        """Tell what was stored to every view, and offer to take it back."""
        self._notifier.announce(saved.changes)
        step = UndoStep(title=saved.title, inverse=partial(self._undo, saved.title, saved.undo)) if saved.undo else None
        self._messages.show_saved(saved.title, step)

    def _undo(self, title: str, undo: Callable[[], Outcome[None]]) -> None:
        try:
            outcome = undo()
        except UserError as error:
            self._messages.show_error(error)
            return
        self._notifier.announce(outcome.changes)
        self._messages.show_saved(tr("Taken back: {title}", title=title))
