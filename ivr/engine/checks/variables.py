"""Checks that every variable that is spoken, passed or compared is assigned on some path to the step."""

from collections import defaultdict
from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.prompt_uses import prompt_uses
from ivr.engine.expressions import BUILT_IN
from ivr.engine.findings import Finding, suggestion
from ivr.engine.introspection import StepId
from ivr.foundation.messages import message

_EFFECT = message("The call would break here and go to an agent")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Variables that no path to the step assigns, and variables that a subflow does not declare."""
    known = _known(bundle)
    for step in graph.every_step(bundle):
        yield from _subflow(bundle, step)
        have = known.get((step.flow, step.name))
        for name in sorted(_reads(bundle, step) - (have or frozenset())) if have is not None else ():
            yield finding(
                bundle, step, "unset", message("'{name}' is used here, and no way to this step sets it", name=name),
                _EFFECT, message("collect it, set it, or let a service find it before {name}", name=step.name),
            )  # fmt: skip


def writes(bundle: Bundle, step: Step) -> frozenset[str]:
    """The variables that a step can assign."""
    contract = graph.contract_of(bundle, step)
    found = step.node.service_outputs(contract) if contract is not None else frozenset()
    return found | frozenset(map(str, step.node.writes()))


def forgotten(bundle: Bundle, step: Step) -> frozenset[str]:
    """The secrets that are erased once the step's service has answered."""
    contract = graph.contract_of(bundle, step)
    return step.node.erased_secrets(contract) if contract is not None else frozenset()


def reads(step: Step) -> frozenset[str]:
    """The variables that a step reads, except those that its prompts speak."""
    return step.node.reads().union(*(e.reads for e in step.expressions.values()))


def _reads(bundle: Bundle, step: Step) -> frozenset[str]:
    """Variables of the flow that are read or spoken; a prompt said after a service may speak its outputs."""
    declared = bundle.flows[step.flow].variables
    # speaking them is reported by the secrets check
    secrets = {name for name, variable in declared.items() if variable.secret}
    spoken = {slot.path.partition(".")[0] for use in prompt_uses(bundle, step) for slot in use.slots(bundle)}
    offered = {name for use in prompt_uses(bundle, step) for name in use.offers}
    return frozenset(
        ((reads(step) | (spoken - offered - secrets)) & declared.keys()) - bundle.constants.keys() - BUILT_IN.keys()
    )


def _known(bundle: Bundle) -> dict[StepId, frozenset[str]]:
    """Reachable step -> the variables that some path to it assigns (forward analysis)."""
    have: dict[StepId, frozenset[str]] = defaultdict(frozenset)
    todo: list[StepId] = []

    def arrive(place: StepId, names: frozenset[str]) -> None:
        if place not in have or not names <= have[place]:
            have[place] |= names
            todo.append(place)

    for root in graph.roots(bundle):
        arrive(root, frozenset())
    while todo:
        step = graph.step_at(bundle, todo.pop())
        after = (have[step.flow, step.name] - forgotten(bundle, step)) | writes(bundle, step)
        for way in graph.exits(bundle, step):
            if way.step_id is not None:
                arrive(way.step_id, after if way.step_id[0] == step.flow else frozenset())
        for flow in graph.subflows(bundle, step):
            arrive(graph.start_of(bundle, flow), frozenset(map(str, step.node.subflow_inputs())))
    return dict(have)


def _subflow(bundle: Bundle, step: Step) -> Iterator[Finding]:
    """A subflow is passed and asked for variables that it declares, of the same type."""
    flow = step.node.subflow(bundle.authenticate)
    if flow is None:
        return
    ours, theirs = bundle.flows[step.flow].variables, bundle.flows[flow].variables
    inputs, outputs = step.node.subflow_inputs(), step.node.subflow_outputs()
    pairs = [*((str(name), word) for name, word in inputs.items()), *((word, word) for word in outputs)]
    for name, word in pairs:
        if name not in theirs:
            problem = message("the flow '{call}' has no variable '{name}'", call=flow, name=name)
            yield finding(bundle, step, "variable", problem, _EFFECT, suggestion(name, theirs), word=word)
        elif str(word) in ours and ours[word].type != theirs[name].type:
            problem = message(
                "'{word}' is {type}, '{name}' of '{call}' is {type2}", word=word, type=ours[word].type, name=name,
                call=flow, type2=theirs[name].type,
            )  # fmt: skip
            yield finding(bundle, step, "type", problem, _EFFECT, message("give it a variable of that type"), word=word)
