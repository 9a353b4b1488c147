"""Checks that an agent is reachable: 0 leads to an agent at every menu, and giving up does at every question."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.findings import Finding
from ivr.engine.introspection import GIVE_UP, Exit, StepId
from ivr.engine.question import Question
from ivr.foundation.messages import message

_NO_ZERO = message("Callers who press 0 for a person, as everywhere, would not reach one")
_LEFT_ALONE = message("Callers who need a person would not find one")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Menus at which 0 does not lead to an agent, and questions at which giving up does not.

    A question that is met only after a transfer was offered need not lead to an agent by giving up.
    """
    before = graph.reach(bundle, graph.roots(bundle), past=lambda node: node.enqueues)
    reached = graph.reach(bundle, graph.roots(bundle))
    for step in graph.every_step(bundle):
        place = (step.flow, step.name)
        if not isinstance(step.node, Question) or place not in reached:
            continue
        if not step.node.takes_data:  # 0 is a digit there
            yield from _zero(bundle, step, step.node)
        if place in before and not any(_leads(bundle, step, way) for way in _ways(bundle, step, GIVE_UP)):
            problem = message("a caller who gives up here does not reach an agent")
            yield finding(bundle, step, "no-agent", problem, _LEFT_ALONE, message("lead give_up: to a transfer step"))


def _zero(bundle: Bundle, step: Step, node: Question) -> Iterator[Finding]:
    ways = _ways(bundle, step, "0" if node.is_own_key("0") else "key 0")
    if not ways:
        problem = message("the key 0 does nothing here")
        remedy = message('add "0": and a step that transfers, to its options or to keys: of defaults.yaml')
        yield finding(bundle, step, "no-agent", problem, _NO_ZERO, remedy)
    elif not any(_leads(bundle, step, way) for way in ways):
        problem = message("the key 0 leads to {target} and not to an agent", target=repr(ways[0].target))
        remedy = message("lead 0 to a step that transfers, and give the other a key of its own")
        yield finding(bundle, step, "no-agent", problem, _NO_ZERO, remedy, word=ways[0].target)


def _ways(bundle: Bundle, step: Step, label: str) -> list[Exit]:
    return [way for way in graph.exits(bundle, step) if way.label == label]


def _leads(bundle: Bundle, step: Step, way: Exit) -> bool:
    """True where a key leads directly to an agent, and giving up does if the caller keeps giving up."""
    through = way.label == GIVE_UP
    if way.target.command == "return":
        callers = [each for each in graph.every_step(bundle) if step.flow in graph.subflows(bundle, each)]
        after = [_returned(bundle, caller, way.target.outcome or "done") for caller in callers]
        return bool(after) and all(
            each.step_id is not None and _in_reach(bundle, each.step_id, through) for each in after
        )
    return way.step_id is not None and _in_reach(bundle, way.step_id, through)


def _returned(bundle: Bundle, caller: Step, word: str) -> Exit:
    ways = {way.label: way for way in graph.exits(bundle, caller)}
    return ways.get(word) or ways.get("then") or ways[GIVE_UP]


def _in_reach(bundle: Bundle, begin: StepId, through: bool) -> bool:
    """True where a transfer is reached; with `through`, the caller gives up at questions on the way, otherwise they end
    it.
    """
    seen, todo = {begin}, [begin]
    while todo:
        step = graph.step_at(bundle, todo.pop())
        if step.node.enqueues:
            return True
        for place in _silently(bundle, step, through):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return False


def _silently(bundle: Bundle, step: Step, through: bool) -> Iterator[StepId]:
    """The steps that follow while the caller says nothing."""
    for way in graph.exits(bundle, step):
        if way.step_id is not None and (not step.node.asks or (through and way.label == GIVE_UP)):
            yield way.step_id
    yield from (graph.start_of(bundle, flow) for flow in graph.subflows(bundle, step))
