"""The effect of a yes: the greatest effect that is reachable from a confirm step before the next one."""

from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.effects import required_proofs
from ivr.engine.introspection import StepId, YesEffect
from ivr.engine.references import Target

_RISING: tuple[YesEffect, ...] = ("menu", "contact", "security", "money")
_OF_SERVICES: Mapping[str, YesEffect] = {
    "stores_contact": "contact", "changes_security": "security", "moves_money": "money"
}  # fmt: skip


def confirm_effects(bundle: Bundle) -> dict[StepId, YesEffect]:
    """Confirm step -> the effect of its yes."""
    return {
        (step.flow, step.name): max(_behind(bundle, step, yes), key=_RISING.index, default="menu")
        for step in graph.every_step(bundle)
        if (yes := step.node.yes_target()) is not None
    }


def _behind(bundle: Bundle, step: Step, yes: Target) -> Iterator[YesEffect]:
    """The effects of the steps that run after this yes. Beyond the next menu only those that need the yes."""
    begin = _places(bundle, step, yes)
    soon = graph.reach(bundle, begin, past=graph.chooses)
    for place in graph.reach(bundle, begin, past=lambda node: node.yes_target() is not None):
        met = graph.step_at(bundle, place)
        if place in soon or "confirmation" in required_proofs(bundle, met):
            effects = met.node.effects(graph.contract_of(bundle, met))
            yield from (_OF_SERVICES[each] for each in effects if each in _OF_SERVICES)


def _places(bundle: Bundle, step: Step, yes: Target) -> tuple[StepId, ...]:
    """The steps that the yes leads to; a return leads to every step that may have run this flow."""
    if not yes.command:
        return ((yes.flow, yes.step),)
    callers = (each for each in graph.every_step(bundle) if step.flow in graph.subflows(bundle, each))
    return tuple(place for each in callers for place in graph.onward(bundle, each)) if yes.command == "return" else ()
