"""One family wins: febrile neutropenia takes the count's own findings and the signs of its episode into itself (product 3.5)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from neutromon.models.evaluation import Finding, Tier

FN_RULES = frozenset({"fn.confirmed", "fn.suspected"})
SIGNS = frozenset({"triage.red", "triage.amber", "sepsis.signs"})
INSIDE_FN = SIGNS | {"anc.grade3", "anc.grade4", "anc.profound", "anc.protracted", "anc.rapid_fall", "fever.only", "fever.call"}
_TOLD_ALREADY = frozenset({"anc.grade3", "anc.grade4", "anc.profound", "fever.only", "fever.call"})
"""Their count and temperature stand in the text of febrile neutropenia itself."""


def with_precedence(findings: Sequence[Finding], tier_of: Callable[[Finding], Tier]) -> list[Finding]:
    """Return one finding per key; what febrile neutropenia takes into itself is listed in it, never what has a worse tier.

    `tier_of` gives the tier at which a finding would be raised: a late one hides no emergency.
    """
    fn = min((f for f in findings if f.rule in FN_RULES), key=lambda f: (tier_of(f), f.key), default=None)
    inside = [f for f in findings if fn is not None and f.rule in INSIDE_FN and tier_of(f) >= tier_of(fn)]
    by_key: dict[str, Finding] = {}
    for finding in (f for f in findings if f not in inside):
        known = by_key.get(finding.key)
        if known is None or finding.tier < known.tier:
            by_key[finding.key] = _with_inside(finding, inside) if finding is fn else finding
    return sorted(by_key.values(), key=lambda finding: (finding.tier, finding.key))


def _with_inside(fn: Finding, inside: Sequence[Finding]) -> Finding:
    """Return febrile neutropenia with the others as evidence: their words, and their signs as mechanisms, so that a new one calls again."""
    told = [_what(f) for f in sorted(inside, key=lambda f: (f.rule, f.key)) if f.rule not in _TOLD_ALREADY]
    signs = {code for f in inside if f.rule in SIGNS for code in (f.mechanism or f.rule).split(",")}
    own = [part for part in fn.mechanism.split(",") if part]
    also = f"Also: {'; '.join(told)}." if told else ""
    return replace(
        fn,
        text=" ".join(part for part in (fn.text, also) if part),
        lines=(*fn.lines, also) if also else fn.lines,
        mechanism=",".join((*own, *sorted(signs - set(own)))),
    )


def _what(finding: Finding) -> str:
    """Return what a finding says first, without its tier and full stop."""
    first = finding.lines[0] if finding.lines else finding.text
    return first.partition(" – ")[2].rstrip(".") or first
