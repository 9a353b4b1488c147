"""Provenance: which step set a spoken value, from the trail of a call; never the value itself."""

from collections.abc import Sequence
from typing import NamedTuple

from ivr.engine.bundle import Bundle, Step
from ivr.engine.introspection import Provenance

_OF_THE_CALL = {
    "language": "the language of the call",
    "identified": "whether the caller is identified",
    "now": "the time of this turn, in the bank's zone",
    "caller_known": "whether the call showed its number",
}


class TrailEntry(NamedTuple):
    """One entry of a trail: the step (flow.step), and what happened there."""

    place: str
    what: str


def origin(bundle: Bundle, walk: Sequence[TrailEntry], at: int, step: Step | None, name: str) -> str:
    """What set `name` when the step of `walk[at]` spoke it, as a sentence with file:line."""
    if step is None:
        return "not told by the trail"
    offered = step.node.slot_provenance(name)
    if offered is not None:
        return _told(bundle, walk, at, step, offered)
    return _variable(bundle, walk, at, step.flow, name)


def _variable(bundle: Bundle, walk: Sequence[TrailEntry], at: int, flow: str, name: str) -> str:
    """The last earlier step that could set the variable; else the calling flow, a constant, or the call itself."""
    for position in range(min(at, len(walk) - 1), -1, -1):
        step = _step(bundle, walk[position])
        found = _set_here(bundle, walk, position, step, name) if step.flow == flow else None
        if found is None and walk[position].what == "enter" and step.node.subflow(bundle.authenticate) == flow:
            given = step.node.subflow_inputs().get(name)
            if given is not None:
                came = _variable(bundle, walk, position, step.flow, str(given))
                return f"given by {_place(bundle, step)}: {came}"
        if found is not None:
            return found
    if name in bundle.constants:
        return f"{name}, a constant of config.yaml as it was published"
    return _OF_THE_CALL.get(name, "not told by the trail")


def _set_here(bundle: Bundle, walk: Sequence[TrailEntry], at: int, step: Step, name: str) -> str | None:
    """How this trail entry set the variable; None when it did not."""
    contract = bundle.services.get(step.node.service() or "")
    filled = step.node.provenance_of(name, walk[at].what, contract)
    return _told(bundle, walk, at, step, filled) if filled is not None else None


def _told(bundle: Bundle, walk: Sequence[TrailEntry], at: int, step: Step, origin: Provenance) -> str:
    """The sentence, followed by the provenance of the variable that it names."""
    said = origin.sentence.replace("{place}", _place(bundle, step))
    if not origin.variable:
        return said
    flow, before = (origin.flow, at - 1) if origin.flow else (step.flow, at)
    return f"{said}: {_variable(bundle, walk, before, flow, origin.variable)}"


def _step(bundle: Bundle, moment: TrailEntry) -> Step:
    flow, _, name = moment.place.partition(".")
    return bundle.flows[flow].steps[name]


def _place(bundle: Bundle, step: Step) -> str:
    return f"{bundle.flows[step.flow].file}:{step.line}"
