"""All findings of an evaluation: each family by its own function, in order of tier."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from neutromon.models.evaluation import Evaluation, Finding
from neutromon.rules.findings_anc import anc_findings
from neutromon.rules.findings_care import care_findings
from neutromon.rules.findings_clozapine import clozapine_findings
from neutromon.rules.findings_data import data_findings
from neutromon.rules.findings_fn import fn_findings
from neutromon.rules.findings_gcsf import gcsf_findings
from neutromon.rules.findings_prophylaxis import prophylaxis_findings
from neutromon.rules.findings_trend import trend_findings
from neutromon.rules.situation import Facts
from neutromon.rules.work_up import work_up_findings

FAMILIES: tuple[Callable[[Facts], Iterable[Finding]], ...] = (
    fn_findings,
    anc_findings,
    trend_findings,
    care_findings,
    prophylaxis_findings,
    work_up_findings,
    clozapine_findings,
    gcsf_findings,
    data_findings,
)


def findings_of(facts: Facts) -> Evaluation:
    """Return the evaluation with its findings, worst tier first."""
    found = [finding for family in FAMILIES for finding in family(facts)]
    return replace(facts.evaluation, findings=tuple(sorted(found, key=lambda f: (f.tier, f.rule, f.key))))
