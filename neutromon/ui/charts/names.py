"""The words of a chart's data in the window's language: ranges and kinds of events; a word that is not known stays as it is."""

from neutromon.models.trend_chart import LANE_NAMES, PointShape
from neutromon.ui.text import tr


def preset_word(name: str) -> str:
    """Return the name of a range."""
    words = {
        "Recent": tr("Recent"),
        "This cycle": tr("This cycle"),
        "Last 2 cycles": tr("Last 2 cycles"),
        "All cycles": tr("All cycles"),
        "All": tr("All"),
        "Around event": tr("Around event"),
        "Custom": tr("Custom"),
    }
    return words.get(name, name)


def shape_word(shape: PointShape) -> str:
    """Return how a count is known."""
    words = {
        PointShape.MEASURED: tr("measured"),
        PointShape.DERIVED: tr("derived"),
        PointShape.CENSORED: tr("limit, true count beyond it"),
        PointShape.BOUNDED: tr("upper bound from WBC"),
        PointShape.REJECTED: tr("rejected"),
        PointShape.UNKNOWN: tr("no usable ANC"),
    }
    return words[shape]


def lane_word(kind: str) -> str:
    """Return the name of a kind of event."""
    words = {
        "chemo": tr("chemotherapy"),
        "gcsf": tr("growth factor"),
        "antibiotic": tr("antibiotic"),
        "drug": tr("other drug"),
        "fever": tr("fever"),
        "transfusion": tr("transfusion"),
        "admission": tr("admission"),
        "note": tr("note"),
        "symptom": tr("sign or symptom"),
        "call": tr("call"),
    }
    return words.get(kind, LANE_NAMES.get(kind, kind).split(" (")[0])
