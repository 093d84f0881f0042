"""What the rules would say of a stored sample if one of its values were another."""

from collections.abc import Mapping
from dataclasses import replace

from neutromon.models.evaluation import CountEvaluation
from neutromon.models.history import CountSample, PatientHistory
from neutromon.models.quantity import Reported
from neutromon.rules import evaluate
from neutromon.ui.port import ClinicPort


def judge_sample(clinic: ClinicPort, history: PatientHistory, sample: CountSample) -> CountEvaluation | None:
    """Return the evaluation of a sample in its history, the sample as given here; nothing is stored."""
    counts = tuple(sample if known.id == sample.id else known for known in history.counts)
    judged = evaluate(replace(history, counts=counts), clinic.rules, clinic.now(), clinic.protocol)
    return next((count for count in judged.counts if count.sample_id == sample.id), None)


def with_value(sample: CountSample, name: str, value: Reported) -> CountSample:
    """Return a sample with one value replaced or added."""
    values: Mapping[str, Reported] = {**sample.values, name: value}
    return replace(sample, values=values)
