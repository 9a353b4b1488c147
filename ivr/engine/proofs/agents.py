"""A person within reach: a key of every menu leads to an agent, and so does giving up at every question."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.findings import Finding
from ivr.engine.node import Question
from ivr.engine.nodes.menu import Menu
from ivr.engine.nodes.transfer import Transfer
from ivr.engine.proofs import graph
from ivr.engine.proofs.graph import GIVE_UP, Exit, Place, finding
from ivr.messages import message

_LEFT_ALONE = message("Callers who need a person would not find one")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Questions that a caller meets before ever having been offered to an agent, and that do not lead to one."""
    before = graph.reach(bundle, graph.roots(bundle), past=Transfer)
    for step in graph.every_step(bundle):
        if not isinstance(step.node, Question) or (step.flow, step.name) not in before:
            continue
        ways = graph.exits(bundle, step)
        if isinstance(step.node, Menu) and not any(_leads(bundle, step, way) for way in ways if way.label != GIVE_UP):
            yield finding(
                bundle, step, "no-agent", message('no key of this menu leads to an agent'), _LEFT_ALONE,
                message('add "0": to_agent to its options, or to keys: of the flow'),
            )  # fmt: skip
        if not any(_leads(bundle, step, way) for way in ways if way.label == GIVE_UP):
            yield finding(
                bundle, step, "no-agent", message('a caller who gives up here does not come to an agent'), _LEFT_ALONE,
                message('lead give_up: to a transfer step'),
            )  # fmt: skip


def _leads(bundle: Bundle, step: Step, way: Exit) -> bool:
    """True where a key comes to an agent at once, and giving up if the caller goes on giving up."""
    through = way.label == GIVE_UP
    if way.target.command == "return":
        callers = [each for each in graph.every_step(bundle) if step.flow in graph.subflows(bundle, each)]
        after = [_returned(bundle, caller, way.target.outcome or "done") for caller in callers]
        return bool(after) and all(each.place is not None and _in_reach(bundle, each.place, through) for each in after)
    return way.place is not None and _in_reach(bundle, way.place, through)


def _returned(bundle: Bundle, caller: Step, word: str) -> Exit:
    ways = {way.label: way for way in graph.exits(bundle, caller)}
    return ways.get(word) or ways.get("then") or ways[GIVE_UP]


def _in_reach(bundle: Bundle, begin: Place, through: bool) -> bool:
    """True where a transfer is met; questions on the way are given up, or end the way."""
    seen, todo = {begin}, [begin]
    while todo:
        step = graph.step_at(bundle, todo.pop())
        if isinstance(step.node, Transfer):
            return True
        for place in _silently(bundle, step, through):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return False


def _silently(bundle: Bundle, step: Step, through: bool) -> Iterator[Place]:
    """Where a step leads while the caller says nothing."""
    asks = isinstance(step.node, Question)
    for way in graph.exits(bundle, step):
        if way.place is not None and (not asks or (through and way.label == GIVE_UP)):
            yield way.place
    yield from (graph.start_of(bundle, flow) for flow in graph.subflows(bundle, step))
