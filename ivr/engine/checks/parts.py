"""The parts of list items and of chosen items, derived from the service that assigned the variable."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.introspection import VariableId

Parts = Mapping[str, str]  # part -> the type that it is spoken as


def known_parts(bundle: Bundle) -> Mapping[VariableId, Parts]:
    """Variable -> the parts that it has whatever assigned it; variables that nothing assigns are left out."""
    found: dict[VariableId, Parts] = {}
    copies: dict[VariableId, list[VariableId]] = defaultdict(list)
    todo: list[tuple[VariableId, Parts]] = []
    for step in graph.every_step(bundle):
        todo += _found(bundle, step)
        for source, target in step.node.copied_variables(step.flow):
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
    """The variable that the first word of a slot refers to: {item} refers to the list being spoken."""
    if head != "item":
        return head
    return step.node.iterated_list()


def _found(bundle: Bundle, step: Step) -> Iterator[tuple[VariableId, Parts]]:
    contract = graph.contract_of(bundle, step)
    if contract is not None:
        found = step.node.service_outputs(contract)
        yield from (((step.flow, fact), parts) for fact, parts in contract.parts.items() if fact in found)
