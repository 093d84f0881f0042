"""The alert inbox, the hand-over desk, the forms that answer, pause, end and give alerts, and the PIN that signs for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neutromon.ui.saved import FormContext
    from neutromon.ui.widgets.dialog import Dialog


def forms() -> Mapping[str, Callable[[FormContext], Dialog]]:
    """Return the forms of alerts by name; a form's module is imported when it is first opened."""
    return {"acknowledge": _acknowledge, "snooze": _snooze, "resolve": _resolve, "owner": _owner, "pin": _pin}


def _acknowledge(context: FormContext) -> Dialog:
    from neutromon.ui.alerts.acknowledge import AcknowledgeForm

    return AcknowledgeForm(context)


def _snooze(context: FormContext) -> Dialog:
    from neutromon.ui.alerts.other_forms import SnoozeForm

    return SnoozeForm(context)


def _resolve(context: FormContext) -> Dialog:
    from neutromon.ui.alerts.other_forms import ResolveForm

    return ResolveForm(context)


def _owner(context: FormContext) -> Dialog:
    from neutromon.ui.alerts.other_forms import OwnerForm

    return OwnerForm(context)


def _pin(context: FormContext) -> Dialog:
    from neutromon.ui.pin import PinForm

    return PinForm(context)
