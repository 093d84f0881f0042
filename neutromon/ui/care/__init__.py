"""Forms of the pathways: decision, triage, febrile neutropenia, scores, growth factor, work-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neutromon.ui.saved import FormContext
    from neutromon.ui.widgets.dialog import Dialog


def forms() -> Mapping[str, Callable[[FormContext], Dialog]]:
    """Return the care forms by name; a form's module is imported when it is first opened."""
    return {"decision": _decision, "triage": _triage, "pathway": _pathway, "scores": _scores, "gcsf": _gcsf, "work_up": _work_up}


def _decision(context: FormContext) -> Dialog:
    from neutromon.ui.care.decision import DecisionForm

    return DecisionForm(context)


def _triage(context: FormContext) -> Dialog:
    from neutromon.ui.care.triage import TriageForm

    return TriageForm(context)


def _pathway(context: FormContext) -> Dialog:
    from neutromon.ui.care.pathway import PathwayForm

    return PathwayForm(context)


def _scores(context: FormContext) -> Dialog:
    from neutromon.ui.care.scores import ScoresForm

    return ScoresForm(context)


def _gcsf(context: FormContext) -> Dialog:
    from neutromon.ui.care.gcsf import GcsfForm

    return GcsfForm(context)


def _work_up(context: FormContext) -> Dialog:
    from neutromon.ui.care.work_up import WorkUpForm

    return WorkUpForm(context)
