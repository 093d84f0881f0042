"""Febrile neutropenia by each definition as rows: name, word and sign; a definition that cannot tell is never "no"."""

from dataclasses import dataclass

from neutromon.models.evaluation import Evaluation
from neutromon.models.protocol import Protocol
from neutromon.rules.fn_shown import shown_status
from neutromon.ui.text import tr
from neutromon.ui.widgets.marks import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow:
    """One definition; `chosen` is the site's."""

    name: str
    word: str
    mark: Mark
    ink: str
    chosen: bool = False


def definition_rows(evaluation: Evaluation, protocol: Protocol, why: str = "") -> list[DefinitionRow]:
    """Return every definition, the site's first; with `why`, a "no" rests on nothing of today and is shown as "cannot tell"."""
    found = []
    for name, value in evaluation.febrile_neutropenia.items():
        word, mark, ink = status_word(shown_status(value, why))
        found.append(
            DefinitionRow(name=name.replace("-", " ").upper(), word=word, mark=mark, ink=ink, chosen=name == protocol.fn_definition)
        )
    return sorted(found, key=lambda line: (not line.chosen, line.name))


def status_word(value: str) -> tuple[str, Mark, str]:
    """Return word, sign and ink of a status."""
    words = {
        "yes": (tr("met"), Mark.CHECK, "hold"),
        "no": (tr("not met"), Mark.DASH, "text_muted"),
        "borderline": (tr("at the bound"), Mark.QUESTION, "hold"),
        "suspected": (tr("suspected, count unknown"), Mark.QUESTION, "hold"),
        "cannot_tell": (tr("cannot tell"), Mark.QUESTION, "hold"),
    }
    return words.get(value, (value, Mark.QUESTION, "hold"))
