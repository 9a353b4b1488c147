"""Finds billers of config.yaml that no menu offers, so that nobody can pay them."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.variables import writes
from ivr.engine.findings import Finding
from ivr.foundation.messages import message

_SECTION = "billers"


def check(bundle: Bundle) -> Iterator[Finding]:
    """A finding for each biller that no flow passes to a service, as far as flows name billers as literals."""
    offered: set[str] = set()
    asked = False
    for step in graph.every_step(bundle):
        for variable in _variables(bundle, step):
            asked = True
            words = _words(bundle, step.flow, variable)
            if words is None:
                return  # a keyed or looked-up biller can be any of them
            offered |= words
    for biller in bundle.billers if asked else ():
        if biller not in offered:
            yield Finding(
                "config.yaml", 1, 1, _SECTION, f"{_SECTION}.{biller}",
                message("no menu offers the biller '{biller}'", biller=biller), message("Nobody could pay it"),
                message("add an option that sets it, a word for it and its prompts, or take it out of billers:"),
            )  # fmt: skip


def _variables(bundle: Bundle, step: Step) -> Iterator[str]:
    """The variables that the step passes to a service as a biller."""
    contract = graph.contract_of(bundle, step)
    given = step.node.service_inputs()
    if contract is not None:
        yield from (str(given[g]) for g, section in contract.words.items() if section == _SECTION and g in given)


def _words(bundle: Bundle, flow: str, variable: str) -> frozenset[str] | None:
    """The literals that a flow assigns to a variable; None where anything else assigns it."""
    words = set()
    for step in bundle.flows[flow].steps.values():
        if variable in writes(bundle, step):
            value = step.expressions.get(variable)
            if value is None or not value.literal:
                return None
            words.add(str(value.evaluate({})))
    return frozenset(words)
