"""The forecast on the screen: the panel of a patient, what-if beside the plan, and the backtest of the clinic's own cycles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neutromon.ui.saved import FormContext
    from neutromon.ui.widgets.dialog import Dialog


def forms() -> Mapping[str, Callable[[FormContext], Dialog]]:
    """Return the forms of the forecast by name; a form's module is imported when it is first opened."""
    return {"what_if": _what_if}


def _what_if(context: FormContext) -> Dialog:
    from neutromon.ui.forecast.what_if import WhatIfForm

    return WhatIfForm(context)
