"""Variables live at each step (backward data-flow analysis): those that the step or a later one reads before assigning.
Pure.

A flow that is left loses its variables, so `back` returns across flows only to a step without live variables.
"""

from collections import defaultdict
from collections.abc import Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.variables import reads
from ivr.engine.introspection import StepId

Names = frozenset[str]


def live_variables(bundle: Bundle) -> Mapping[StepId, Names]:
    """Step -> the variables of its flow that some path from it reads before assigning them (a fixed point)."""
    before: dict[StepId, set[StepId]] = defaultdict(set)
    found: dict[StepId, Names] = {}
    for step in graph.every_step(bundle):
        for way in graph.exits(bundle, step):
            if way.step_id is not None and way.step_id[0] == step.flow:
                before[way.step_id].add((step.flow, step.name))
    todo = [(step.flow, step.name) for step in graph.every_step(bundle)]
    while todo:
        place = todo.pop()
        step = graph.step_at(bundle, place)
        now = _live_before(bundle, step, found)
        if now != found.get(place):
            found[place] = now
            todo += before[place]
    return found


def _live_before(bundle: Bundle, step: Step, found: Mapping[StepId, Names]) -> Names:
    own = (reads(step) | step.spoken) & bundle.flows[step.flow].variables.keys()
    later = (
        found.get(way.step_id, frozenset()) - step.node.assigned_at_exit(way.label, graph.contract_of(bundle, step))
        for way in graph.exits(bundle, step)
        if way.step_id is not None and way.step_id[0] == step.flow
    )
    return own.union(*later)
