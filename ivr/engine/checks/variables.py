"""Variables: what is spoken, passed or compared must have been set on some way to the step."""

from collections import defaultdict
from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.wording import uses
from ivr.engine.expressions import BUILT_IN
from ivr.engine.findings import Finding, near
from ivr.engine.telling import Place
from ivr.foundation.messages import message

_EFFECT = message("The call would break here and go to an agent")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Variables that no way to a step ever sets, and variables a subflow does not know."""
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
    """The variables that a step can set."""
    contract = graph.contract_of(bundle, step)
    found = step.node.finds(contract) if contract is not None else frozenset()
    return found | frozenset(map(str, step.node.writes()))


def forgotten(bundle: Bundle, step: Step) -> frozenset[str]:
    """The secrets that are gone when the step's service has answered."""
    contract = graph.contract_of(bundle, step)
    return step.node.forgets(contract) if contract is not None else frozenset()


def reads(step: Step) -> frozenset[str]:
    """The variables that a step takes, apart from those its prompts speak."""
    return step.node.reads().union(*(e.reads for e in step.expressions.values()))


def _reads(bundle: Bundle, step: Step) -> frozenset[str]:
    """Variables of the flow that are taken or spoken; a prompt said after a service may speak what it found."""
    declared = bundle.flows[step.flow].variables
    secrets = {name for name, variable in declared.items() if variable.secret}  # spoken, they are told as secrets
    spoken = {slot.path.partition(".")[0] for use in uses(bundle, step) for slot in use.slots(bundle)}
    offered = {name for use in uses(bundle, step) for name in use.offers}
    return frozenset(
        ((reads(step) | (spoken - offered - secrets)) & declared.keys()) - bundle.constants.keys() - BUILT_IN.keys()
    )


def _known(bundle: Bundle) -> dict[Place, frozenset[str]]:
    """For each place that is reached, what some way to it may have set."""
    have: dict[Place, frozenset[str]] = defaultdict(frozenset)
    todo: list[Place] = []

    def arrive(place: Place, names: frozenset[str]) -> None:
        if place not in have or not names <= have[place]:
            have[place] |= names
            todo.append(place)

    for root in graph.roots(bundle):
        arrive(root, frozenset())
    while todo:
        step = graph.step_at(bundle, todo.pop())
        after = (have[step.flow, step.name] - forgotten(bundle, step)) | writes(bundle, step)
        for way in graph.exits(bundle, step):
            if way.place is not None:
                arrive(way.place, after if way.place[0] == step.flow else frozenset())
        for flow in graph.subflows(bundle, step):
            arrive(graph.start_of(bundle, flow), frozenset(map(str, step.node.passes())))
    return dict(have)


def _subflow(bundle: Bundle, step: Step) -> Iterator[Finding]:
    """A subflow is given and asked for variables that it declares, of the same type."""
    flow = step.node.runs(bundle.authenticate)
    if flow is None:
        return
    ours, theirs = bundle.flows[step.flow].variables, bundle.flows[flow].variables
    pairs = [
        *((str(name), word) for name, word in step.node.passes().items()), *((w, w) for w in step.node.takes_back())
    ]  # fmt: skip
    for name, word in pairs:
        if name not in theirs:
            problem = message("the flow '{call}' has no variable '{name}'", call=flow, name=name)
            yield finding(bundle, step, "variable", problem, _EFFECT, near(name, theirs), word=word)
        elif str(word) in ours and ours[word].type != theirs[name].type:
            problem = message(
                "'{word}' is {type}, '{name}' of '{call}' is {type2}", word=word, type=ours[word].type, name=name,
                call=flow, type2=theirs[name].type,
            )  # fmt: skip
            yield finding(bundle, step, "type", problem, _EFFECT, message("give it a variable of that type"), word=word)
