"""Parts: what the items of a list, and a thing chosen from one, are made of, by where their variable comes from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.steps.call import Call
from ivr.engine.steps.menu import Menu
from ivr.engine.steps.say import Say
from ivr.engine.steps.service import Service

Variable = tuple[str, str]  # flow, name
Parts = Mapping[str, str]  # part -> the type it is spoken as


def known_parts(bundle: Bundle) -> Mapping[Variable, Parts]:
    """The parts that a list or a choice has wherever it comes from; a variable that nothing fills is left out."""
    found: dict[Variable, Parts] = {}
    copies: dict[Variable, list[Variable]] = defaultdict(list)
    todo: list[tuple[Variable, Parts]] = []
    for step in graph.every_step(bundle):
        todo += _found(bundle, step)
        for source, target in _copied(step):
            copies[source].append(target)
    while todo:
        variable, parts = todo.pop()
        before = found.get(variable)
        now = parts if before is None else {name: kind for name, kind in before.items() if parts.get(name) == kind}
        if now != before:
            found[variable] = now
            todo += ((each, now) for each in copies[variable])
    return found


def spoken_variable(step: Step, head: str) -> str | None:
    """The variable that a slot's first word stands for: {item} is of the list that is spoken."""
    if head != "item":
        return head
    node = step.node
    return (node.each if isinstance(node, Say) else node.choices if isinstance(node, Menu) else None) or None


def _found(bundle: Bundle, step: Step) -> Iterator[tuple[Variable, Parts]]:
    contract = graph.contract_of(bundle, step)
    if contract is not None and isinstance(step.node, Service):
        for fact, parts in contract.parts.items():
            yield (step.flow, fact), parts


def _copied(step: Step) -> Iterator[tuple[Variable, Variable]]:
    node, flow = step.node, step.flow
    if isinstance(node, Menu) and node.choices is not None and node.into is not None:
        yield (flow, str(node.choices)), (flow, str(node.into))
    if isinstance(node, Call):
        for theirs, ours in node.inputs.items():
            yield (flow, str(ours)), (str(node.call), str(theirs))
        for name in node.take:
            yield (str(node.call), str(name)), (flow, str(name))
