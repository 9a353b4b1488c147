"""Variables that hold customer data, and everything derived from them (taint analysis). Pure.

The calling number proves nothing, so customer data is never texted to it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.contracts import TEXT_SERVICE, ServiceContract
from ivr.engine.findings import Finding
from ivr.engine.introspection import VariableId
from ivr.foundation.messages import all_of, message

_LEAKED = message("Anyone who calls with the customer's number would read customer data")
_OF_A_CUSTOMER = frozenset({"identity", "query", "transaction", "second_factor", "old_password"})


def private_variables(bundle: Bundle) -> Mapping[str, frozenset[str]]:
    """Flow -> its variables that hold, or are derived from, customer data returned by a service."""
    found = {(step.flow, fact) for step in graph.every_step(bundle) for fact in _told(bundle, step)}
    copies: dict[VariableId, set[VariableId]] = defaultdict(set)
    for step in graph.every_step(bundle):
        for source, target in _copied(bundle, step):
            copies[source].add(target)
    todo = list(found)
    while todo:
        new = copies[todo.pop()] - found
        found |= new
        todo += new
    by_flow: dict[str, set[str]] = defaultdict(set)
    for flow, name in found:
        by_flow[flow].add(name)
    return {flow: frozenset(names) for flow, names in by_flow.items()}


def _told(bundle: Bundle, step: Step) -> Iterator[str]:
    contract = graph.contract_of(bundle, step)
    if contract is not None and _is_of_a_customer(contract):
        yield from step.node.service_outputs(contract)


def _is_of_a_customer(contract: ServiceContract) -> bool:
    """True where the service requires or gives an identity, takes a secret, or returns cards, accounts or payees."""
    granted = frozenset[str]().union(*contract.grants.values())
    return bool(contract.needs & _OF_A_CUSTOMER or "identity" in granted or contract.secrets or contract.parts)


def _copied(bundle: Bundle, step: Step) -> Iterator[tuple[VariableId, VariableId]]:
    """Pairs (source, target) of variables between which a step carries data."""
    node, flow, contract = step.node, step.flow, graph.contract_of(bundle, step)
    yield from node.copied_variables(flow)
    set_here = (name for name in node.writes() if name in step.expressions)
    yield from (((flow, read), (flow, str(name))) for name in set_here for read in step.expressions[name].reads)
    if contract is not None:
        yield from (
            ((flow, str(ours)), (flow, fact))
            for ours in node.service_inputs().values()
            for fact in node.service_outputs(contract)
        )


def check(bundle: Bundle) -> Iterator[Finding]:
    """Text messages to the calling number that contain customer data."""
    for step in graph.every_step(bundle):
        private, text = bundle.private.get(step.flow, frozenset()), step.node.text_to_caller()
        if text is not None and (named := sorted(step.spoken & private)):
            problem = message(
                "the text '{text}' tells {words}, and goes to the number that calls", text=text,
                words=all_of(named),
            )  # fmt: skip
            yield finding(bundle, step, "private", problem, _LEAKED, message("write  to: registered"), word=text)
        elif step.node.service() == TEXT_SERVICE:
            given = sorted({str(name) for name in step.node.service_inputs().values()} & private)
            if given:
                problem = message(
                    "'{service}' is given {words}, and may go to the number that calls", service=TEXT_SERVICE,
                    words=all_of(given),
                )  # fmt: skip
                yield finding(
                    bundle, step, "private", problem, _LEAKED, message("send it by a text: step, to: registered")
                )
