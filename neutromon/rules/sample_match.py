"""Whether values may be another patient's: what changed more than blood can within weeks, for a person to compare with the slip."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from neutromon.models.evaluation import CountEvaluation
from neutromon.models.history import ClinicalEvent, CountSample
from neutromon.models.quantity import parse_number
from neutromon.rules.book_parts import Numbers
from neutromon.rules.units import hemoglobin_in

TELLING = ("mcv", "hemoglobin", "platelets")
"""The values that tell one patient's blood from another's; white cells move with every cycle."""


def unlike_the_patient(
    own: CountSample, judged: Sequence[CountEvaluation], known: Iterable[CountSample], events: Iterable[ClinicalEvent], numbers: Numbers
) -> tuple[str, ...]:
    """Return what does not fit the counts before, worst sign first, then platelets to compare; () where nothing asks.

    The signs are the jump of the MCV that raises the data finding, and a haemoglobin that fell or rose by the share that counts as
    another line failing. A transfusion in between explains both. Platelets move too much under chemotherapy to be a sign of their own.
    """
    if own.collected_at is None:
        return ()
    span = timedelta(days=numbers.wholes["mcv_days"])
    transfused = [e.at for e in events if e.kind == "transfusion" and e.at is not None]
    after = max((at for at in transfused if at <= own.collected_at), default=None)
    near = [(s.collected_at, s) for s in known if s.id != own.id and s.collected_at is not None]
    fitting = [(at, s) for at, s in near if timedelta() < own.collected_at - at <= span and (after is None or at > after)]
    before = [s for _, s in sorted(fitting, key=lambda pair: pair[0], reverse=True)]
    by_id = {count.sample_id: count for count in judged}
    signs = [*_mcv_jump(own, before, numbers), *_hemoglobin_jump(by_id.get(own.id), before, by_id, numbers)]
    return (*signs, *_platelets(by_id.get(own.id), before, by_id)) if signs else ()


def _mcv_jump(own: CountSample, before: Sequence[CountSample], numbers: Numbers) -> Iterable[str]:
    new = mcv_of(own)
    old = next((found for sample in before if (found := mcv_of(sample)) is not None), None)
    if new is not None and old is not None and abs(new - old) >= numbers.decimals["wrong_patient_mcv"]:
        yield f"MCV {new} fL after {old} fL"


def mcv_of(sample: CountSample) -> Decimal | None:
    """Return the MCV of a sample as a number, or None."""
    parsed = parse_number(sample.values["mcv"].value) if "mcv" in sample.values else None
    return parsed[1] if parsed else None


def _hemoglobin_jump(
    own: CountEvaluation | None, before: Sequence[CountSample], judged: dict[str, CountEvaluation], numbers: Numbers
) -> Iterable[str]:
    new = own.values.get("hemoglobin") if own else None
    old = next((q for s in before if (c := judged.get(s.id)) and (q := c.values.get("hemoglobin"))), None)
    if new is None or old is None:
        return
    same = hemoglobin_in(old, new.unit)
    kept = 1 - numbers.decimals["other_lines_fall_percent"] / 100
    if new.value <= same.value * kept or same.value <= new.value * kept:
        yield f"haemoglobin {new.text} {new.unit} after {old.text} {old.unit}"


def _platelets(own: CountEvaluation | None, before: Sequence[CountSample], judged: dict[str, CountEvaluation]) -> Iterable[str]:
    new = own.values.get("platelets") if own else None
    old = next((q for s in before if (c := judged.get(s.id)) and (q := c.values.get("platelets"))), None)
    if new is not None and old is not None:
        yield f"platelets {new.text} after {old.text} ×10⁹/L"
