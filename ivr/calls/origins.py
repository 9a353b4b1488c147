"""Where a spoken value came from, told by the steps that a call walked: never the value itself."""

from collections.abc import Sequence
from typing import NamedTuple

from ivr.engine.bundle import Bundle, Step
from ivr.engine.steps.call import Call
from ivr.engine.steps.collect import Collect
from ivr.engine.steps.menu import IDENTIFIED, Menu
from ivr.engine.steps.say import Say
from ivr.engine.steps.service import Service
from ivr.engine.steps.set import Set

_OF_THE_CALL = {
    "language": "the language of the call",
    "identified": "whether the caller is known",
    "now": "the moment of this turn, in the bank's zone",
    "caller_known": "whether the call showed its number",
}


class Moment(NamedTuple):
    """One entry of a trail: flow.step, and what happened there."""

    place: str
    what: str


def origin(bundle: Bundle, walk: Sequence[Moment], at: int, step: Step | None, name: str) -> str:
    """What set `name`, as a sentence with file:line, when the step of `walk[at]` said it."""
    if step is None:
        return "not told by the trail"
    node = step.node
    if isinstance(node, Say) and node.each is not None and name in ("item", "position"):
        which = "an item" if name == "item" else "the place of an item"
        return f"{which} of {node.each}: {_variable(bundle, walk, at, step.flow, node.each)}"
    if isinstance(node, Menu) and node.choices is not None and name == "item":
        return f"an item of {node.choices}: {_listed(bundle, walk, at, step, node)}"
    if isinstance(node, Menu) and name == "key":
        return "the key of the item"
    return _variable(bundle, walk, at, step.flow, name)


def _variable(bundle: Bundle, walk: Sequence[Moment], at: int, flow: str, name: str) -> str:
    """The last step before that could set a variable of the flow; else its caller's, a constant, or the call itself."""
    for position in range(min(at, len(walk) - 1), -1, -1):
        step = _step(bundle, walk[position])
        found = _set_here(bundle, walk, position, step, name) if step.flow == flow else None
        if found is None and walk[position].what == "enter" and isinstance(step.node, Call) and step.node.call == flow:
            given = step.node.inputs.get(name)
            if given is not None:
                came = _variable(bundle, walk, position, step.flow, str(given))
                return f"given by {_place(bundle, step)}: {came}"
        if found is not None:
            return found
    if name in bundle.constants:
        return f"{name}, a constant of config.yaml as it was published"
    return _OF_THE_CALL.get(name, "not told by the trail")


def _set_here(bundle: Bundle, walk: Sequence[Moment], at: int, step: Step, name: str) -> str | None:
    """What this moment did to the variable; None where it left it alone."""
    node, what = step.node, walk[at].what
    if isinstance(node, Service):
        facts = bundle.services[node.service_name].outcomes.get(what, ())
        return f"service {node.service_name} answered {what}, {_place(bundle, step)}" if name in facts else None
    if isinstance(node, Collect) and node.collect == name and what == "collected":
        return f"collected at {_place(bundle, step)}"
    if isinstance(node, Set) and name in node.set:
        return f"set to {dict(node.set)[name]} at {_place(bundle, step)}"  # type: ignore[index] # a name is a text
    if isinstance(node, Menu) and node.into == name:
        unasked = "the identified card" if what == IDENTIFIED else "the only item"
        which = f"key {what}" if what.isdecimal() else unasked
        return f"{which}, chosen at {_place(bundle, step)} of {node.choices}: {_listed(bundle, walk, at, step, node)}"
    if isinstance(node, Call) and name in node.take and what != "enter":
        return f"brought back by {_place(bundle, step)}: {_variable(bundle, walk, at - 1, str(node.call), name)}"
    return None


def _listed(bundle: Bundle, walk: Sequence[Moment], at: int, step: Step, menu: Menu) -> str:
    return _variable(bundle, walk, at, step.flow, str(menu.choices))


def _step(bundle: Bundle, moment: Moment) -> Step:
    flow, _, name = moment.place.partition(".")
    return bundle.flows[flow].steps[name]


def _place(bundle: Bundle, step: Step) -> str:
    return f"{bundle.flows[step.flow].file}:{step.line}"
