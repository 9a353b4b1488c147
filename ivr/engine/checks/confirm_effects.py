"""What a yes does: the greatest effect that lies behind each confirm and before the next one."""

from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Effect, Step
from ivr.engine.checks import graph
from ivr.engine.checks.effects import needs_of
from ivr.engine.checks.graph import Place
from ivr.engine.steps.callback import Callback
from ivr.engine.steps.confirm import Confirm
from ivr.engine.steps.menu import Menu

_RISING: tuple[Effect, ...] = ("menu", "contact", "security", "money")
_OF_SERVICES: Mapping[str, Effect] = {
    "stores_contact": "contact", "changes_security": "security", "moves_money": "money"
}  # fmt: skip


def confirm_effects(bundle: Bundle) -> dict[Place, Effect]:
    """The effect of a yes, by the place of its confirm."""
    return {
        (step.flow, step.name): max(_behind(bundle, step, step.node), key=_RISING.index, default="menu")
        for step in graph.every_step(bundle)
        if isinstance(step.node, Confirm)
    }


def _behind(bundle: Bundle, step: Step, node: Confirm) -> Iterator[Effect]:
    """Effects of what runs on this yes; beyond a menu only of what the yes itself allows."""
    begin = _places(bundle, step, node)
    soon = graph.reach(bundle, begin, past=Confirm | Menu)
    for place in graph.reach(bundle, begin, past=Confirm):
        met = graph.step_at(bundle, place)
        if place in soon or "confirmation" in needs_of(bundle, met):
            yield from _of(bundle, met)


def _places(bundle: Bundle, step: Step, node: Confirm) -> tuple[Place, ...]:
    """Where the yes leads; a return leads to every step that may have run this flow."""
    if not node.yes.command:
        return ((node.yes.flow, node.yes.step),)
    callers = (each for each in graph.every_step(bundle) if step.flow in graph.subflows(bundle, each))
    return (
        tuple(place for each in callers for place in graph.onward(bundle, each)) if node.yes.command == "return" else ()
    )


def _of(bundle: Bundle, step: Step) -> Iterator[Effect]:
    if isinstance(step.node, Callback):
        yield "contact"
    contract = graph.contract_of(bundle, step)
    yield from (_OF_SERVICES[each] for each in contract.effects if each in _OF_SERVICES) if contract is not None else ()
