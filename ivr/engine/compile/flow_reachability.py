"""Which flows are reachable through the steps of other flows. Pure."""

from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Flow, Step
from ivr.engine.references import FlowName, Target, references


def reachable_flows(flows: Mapping[str, Flow], begin: Target) -> frozenset[str]:
    """The flow of a target and all flows that its steps lead to; global keys are ignored."""
    found: set[str] = set()
    todo = [begin.flow] if begin.flow in flows else []
    while todo:
        flow = todo.pop()
        found.add(flow)
        for step in flows[flow].steps.values():
            todo += (name for name in _flows_of(step) if name in flows and name not in found)
    return frozenset(found)


def _flows_of(step: Step) -> Iterator[str]:
    for word in references(step.node):
        if isinstance(word, Target):
            yield word.flow
        elif isinstance(word, FlowName):
            yield str(word)
