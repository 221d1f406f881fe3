"""Why somebody may or may not do something, and what two sets of rights differ in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cms_desktop.modules.base.records import ExplainStep, Explanation, Holder, RightsDifference, RightsFacts


def explanation_of(facts: RightsFacts) -> Explanation:
    """The chain of conditions that the database asks, each met or not; for those not met, what would help and who may do it."""
    steps = tuple(_steps(facts))
    remedies = tuple(_remedy(step, facts) for step in steps if not step.is_met)
    return Explanation(facts.person_name, facts.function, facts.title, steps, remedies)


def _steps(facts: RightsFacts) -> Iterator[ExplainStep]:
    if not facts.company_is_active:
        yield ExplainStep("company", False, {"name": facts.company_name})
    yield ExplainStep("place", facts.place_count > 0, {"count": facts.place_count})
    yield ExplainStep("active", facts.is_active, {})
    yield ExplainStep("expiry", facts.expires_on is None or facts.expires_on >= facts.today, {"on": facts.expires_on})
    yield ExplainStep("lock", facts.locked_until is None or facts.locked_until <= facts.now, {"until": facts.locked_until})
    yield ExplainStep("password", not facts.must_change_password, {})
    if facts.client_version:
        is_new = _version(facts.client_version) >= _version(facts.minimum_client)
        yield ExplainStep("client", is_new, {"version": facts.client_version, "minimum": facts.minimum_client})
    yield ExplainStep("granted", facts.is_granted, {"by": facts.granted_by, "at": facts.granted_at} if facts.is_granted else {})


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _remedy(step: ExplainStep, facts: RightsFacts) -> ExplainStep:
    """`kind` as the step; facts: who may do it (`who`, never the person), which presets contain it."""
    return ExplainStep(step.kind, False, {**step.facts, "who": facts.givers, "presets": facts.presets, "name": facts.person_name})


def difference(held: frozenset[str], wanted: frozenset[str], order: Sequence[str]) -> RightsDifference:
    """What giving exactly `wanted` to somebody who holds `held` would change; base.read stays with whoever has any."""
    wanted = wanted | (held & {"base.read"})
    return RightsDifference(
        tuple(one for one in order if one in wanted and one not in held),
        tuple(one for one in order if one in held and one not in wanted),
        tuple(one for one in order if one in held and one in wanted),
    )


def nearest_preset(functions: frozenset[str], presets: Mapping[str, frozenset[str]]) -> str:
    """The job preset that a person's rights resemble most; '' without rights or presets."""
    if len(functions) <= 1 or not presets:
        return ""
    return min(sorted(presets), key=lambda name: (len(presets[name] ^ functions), -len(presets[name] & functions)))


def compared(one: Holder, other: Holder, order: Sequence[str]) -> tuple[tuple[str, bool, bool], ...]:
    """Functions in which two persons differ: (function, the one holds it, the other holds it)."""
    return tuple((key, key in one.functions, key in other.functions) for key in order if (key in one.functions) != (key in other.functions))
