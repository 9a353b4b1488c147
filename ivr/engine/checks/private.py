"""Private variables: what the bank knows of a customer, and all that is made of it. Pure.

A number that calls is no proof, so none of these is ever texted to it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.contracts import ServiceContract
from ivr.engine.findings import Finding
from ivr.engine.steps.call import Call
from ivr.engine.steps.menu import Menu
from ivr.engine.steps.service import Service
from ivr.engine.steps.set import Set
from ivr.engine.steps.text import SERVICE, TextMessage
from ivr.foundation.messages import all_of, message

Variable = tuple[str, str]  # flow, name
_LEAKED = message("Who only shows a customer's number would read what is the customer's")
_OF_A_CUSTOMER = frozenset({"identity", "query", "transaction", "second_factor", "old_password"})


def private_variables(bundle: Bundle) -> Mapping[str, frozenset[str]]:
    """Flow -> its variables that hold, or are made of, what a service tells of a customer."""
    found = {(step.flow, fact) for step in graph.every_step(bundle) for fact in _told(bundle, step)}
    copies: dict[Variable, set[Variable]] = defaultdict(set)
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
    if contract is not None and isinstance(step.node, Service) and _is_of_a_customer(contract):
        yield from (fact for facts in contract.outcomes.values() for fact in facts)


def _is_of_a_customer(contract: ServiceContract) -> bool:
    """It needs to know whom it is about, finds that out, takes a secret, or tells of cards, accounts or payees."""
    granted = frozenset[str]().union(*contract.grants.values())
    return bool(contract.needs & _OF_A_CUSTOMER or "identity" in granted or contract.secrets or contract.parts)


def _copied(bundle: Bundle, step: Step) -> Iterator[tuple[Variable, Variable]]:
    """From which variable to which other a step carries what it holds."""
    node, flow = step.node, step.flow
    if isinstance(node, Menu) and node.choices is not None and node.into is not None:
        yield (flow, str(node.choices)), (flow, str(node.into))
    elif isinstance(node, Set):
        yield from (((flow, read), (flow, str(name))) for name in node.set for read in step.expressions[name].reads)
    elif isinstance(node, Call):
        yield from (((flow, str(ours)), (str(node.call), str(theirs))) for theirs, ours in node.inputs.items())
        yield from (((str(node.call), str(name)), (flow, str(name))) for name in node.take)
    elif isinstance(node, Service) and (contract := graph.contract_of(bundle, step)) is not None:
        facts = {fact for each in contract.outcomes.values() for fact in each}
        yield from (((flow, str(given)), (flow, fact)) for given in node.inputs.values() for fact in facts)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Texts to the number that calls that tell what is private."""
    for step in graph.every_step(bundle):
        node, private = step.node, bundle.private.get(step.flow, frozenset())
        if isinstance(node, TextMessage) and node.to == "caller" and (named := sorted(step.spoken & private)):
            problem = message(
                "the text '{text}' tells {words}, and goes to the number that calls", text=node.text,
                words=all_of(named),
            )  # fmt: skip
            yield finding(bundle, step, "private", problem, _LEAKED, message("write  to: registered"), word=node.text)
        elif isinstance(node, Service) and node.service() == SERVICE:
            given = sorted({str(name) for name in node.inputs.values()} & private)
            if given:
                problem = message(
                    "'{service}' is given {words}, and may go to the number that calls", service=SERVICE,
                    words=all_of(given),
                )  # fmt: skip
                yield finding(
                    bundle, step, "private", problem, _LEAKED, message("send it by a text: step, to: registered")
                )
