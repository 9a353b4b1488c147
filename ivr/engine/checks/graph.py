"""The bundle as a graph: exits and subflows of each step, and the caller's action that takes an exit."""

from collections.abc import Callable, Iterator
from typing import Any

from ivr.engine.bundle import Bundle, Step
from ivr.engine.contracts import ServiceContract
from ivr.engine.findings import Finding, OptionalMessage
from ivr.engine.introspection import GIVE_UP, Exit, StepId
from ivr.engine.keypad import NAMES
from ivr.engine.node import Node
from ivr.engine.question import Question
from ivr.foundation.messages import Message, message


def exits(bundle: Bundle, step: Step) -> tuple[Exit, ...]:
    """Every exit: the step's own, the global keys that work there, and giving up."""
    node = step.node
    found = list(node.exits())
    if isinstance(node, Question):
        found += [Exit(f"key {key}", target) for key, target in step.keys.items() if not node.is_own_key(key)]
    if node.may_give_up():
        found.append(Exit(GIVE_UP, step.ask.give_up or bundle.exit))
    return tuple(found)


def contract_of(bundle: Bundle, step: Step) -> ServiceContract | None:
    """The contract of the step's service, if it calls a known one."""
    name = step.node.service()
    return bundle.services.get(name) if name else None


def subflows(bundle: Bundle, step: Step) -> tuple[str, ...]:
    """The flows that a step may run and return from."""
    return step.node.subflows(bundle.authenticate, contract_of(bundle, step))


def every_step(bundle: Bundle) -> Iterator[Step]:
    """All steps of all flows."""
    for flow in bundle.flows.values():
        yield from flow.steps.values()


def step_at(bundle: Bundle, place: StepId) -> Step:
    """The step with an id."""
    return bundle.flows[place[0]].steps[place[1]]


def start_of(bundle: Bundle, flow: str) -> StepId:
    """The first step of a flow."""
    return flow, bundle.flows[flow].start


def roots(bundle: Bundle) -> tuple[StepId, ...]:
    """The entry step, the exit step, and the first steps of the verification flows."""
    targets = [(t.flow, t.step) for t in (bundle.entry, bundle.exit) if t.step]
    return (*targets, *(start_of(bundle, flow) for flow in bundle.authenticate.values()))


def onward(bundle: Bundle, step: Step) -> tuple[StepId, ...]:
    """The steps that follow a step, including the first steps of its subflows."""
    places = [way.step_id for way in exits(bundle, step) if way.step_id is not None]
    return (*places, *(start_of(bundle, flow) for flow in subflows(bundle, step)))


def nothing(_node: Node) -> bool:
    """True for no step: the search passes through all of them."""
    return False


def asks(node: Node) -> bool:
    """True for a question."""
    return node.asks


def chooses(node: Node) -> bool:
    """True for a question that is answered by one of several keys."""
    return node.asks and not node.takes_data


def reach(bundle: Bundle, begin: tuple[StepId, ...], past: Callable[[Node], bool] = nothing) -> frozenset[StepId]:
    """Every reachable step. Steps for which `past` holds are reached but not passed through."""
    seen, todo = set(begin), list(begin)
    while todo:
        step = step_at(bundle, todo.pop())
        if past(step.node):
            continue
        for place in onward(bundle, step):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return frozenset(seen)


def returned_words(bundle: Bundle, flow: str) -> frozenset[str]:
    """The words that a flow can return; a bare return is "done"."""
    steps = bundle.flows[flow].steps.values()
    ways = [way.target for step in steps for way in exits(bundle, step)]
    return frozenset(target.outcome or "done" for target in ways if target.command == "return")


def exit_trigger(step: Step, label: str) -> str:
    """What a caller (or the bank) does to take an exit; empty where nobody does anything."""
    if label == GIVE_UP:
        return message("silence, until it gives up") if step.node.asks else ""
    if label.startswith("key "):
        return NAMES.get(label[4:], label[4:])
    return step.node.trigger(label)


def finding(
    bundle: Bundle,
    step: Step,
    code: str,
    problem: Message,
    effect: OptionalMessage,
    remedy: OptionalMessage = "",
    *,
    word: Any = None,
    script: tuple[str, ...] = (),
) -> Finding:
    """A finding at a step, or at a token inside it that knows its position."""
    line, column = (getattr(word, "line", 0), getattr(word, "column", 0)) if word is not None else (0, 0)
    at = (line, column) if line else (step.line, step.column)
    return Finding(bundle.flows[step.flow].file, *at, code, step.qualified_name, problem, effect, remedy, script)
