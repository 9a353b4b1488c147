"""The values that were read back before a yes. The service must find them unchanged. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ivr.engine.bundle import Flow
from ivr.engine.contracts import Catalogue, ServiceContract
from ivr.engine.events import ReadBack
from ivr.engine.speech.prompts import Prompts

Given = Mapping[str, str]  # service input -> the variable passed to it


def read_back(
    keys: Sequence[str], prompts: Prompts, flow: Flow, services: Catalogue, values: Mapping[str, Any], depth: int
) -> ReadBack:
    """What a yes to these prompts binds, in the language of `prompts`."""
    known = prompts.prompts
    said = {slot.path for key in keys if key in known for slot in known[key].slots}
    names = {path.partition(".")[0] for path in said} | set(fixed_variables(flow, services))
    return ReadBack(
        {name: values.get(name) for name in sorted(names & flow.variables.keys())}, tuple(sorted(said)), depth
    )


def fixed_variables(flow: Flow, services: Catalogue) -> Iterator[str]:
    """Variables that change what a service does but that no prompt can speak; a yes binds their current values."""
    for step in flow.steps.values():
        contract = services.get(step.node.service() or "")
        given = step.node.service_inputs()
        yield from (given[name] for name in (contract.fixed if contract is not None else ()) if name in given)


def must_say(contract: ServiceContract, given: Given) -> Iterator[str]:
    """The slots that a question must have spoken before the service runs."""
    for name, parts in contract.reads_back.items():
        variable = given.get(name, name)
        yield from (f"{variable}.{part}" for part in parts) if parts else (variable,)


def covers(bound: ReadBack | None, depth: int, contract: ServiceContract, given: Given) -> bool:
    """True where the last yes, given in this frame, named everything that the service is about to do."""
    if not contract.bound_inputs:
        return True
    if bound is None or bound.depth != depth:
        return False
    fixed = {given.get(name, name) for name in contract.fixed}
    return fixed <= bound.values.keys() and set(bound.said) >= set(must_say(contract, given))
