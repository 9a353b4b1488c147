"""Checks that a variable that changes what a service does, and that no prompt speaks, is set only by a yes, or to
false.
"""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks import graph
from ivr.engine.checks.graph import finding
from ivr.engine.checks.variables import writes
from ivr.engine.findings import Finding
from ivr.engine.read_back import fixed_variables
from ivr.foundation.messages import message

_UNASKED = message("More would be done than callers were asked for")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Steps that set such a variable without a yes directly before."""
    for flow in bundle.flows.values():
        fixed = set(fixed_variables(flow, bundle.services))
        for step in flow.steps.values() if fixed else ():
            for name in sorted(_set_true(bundle, step) & fixed):
                if not _follows_a_yes(bundle, step):
                    yield finding(
                        bundle,
                        step,
                        "unasked",
                        message("'{name}' changes what is done, and is set here without a question", name=name),
                        _UNASKED,
                        message(
                            "lead here only by the yes of a confirm that says what '{name}' means, or set false",
                            name=name,
                        ),
                    )


def _set_true(bundle: Bundle, step: Step) -> frozenset[str]:
    """The variables that a step sets to anything but the literal false."""
    plain = {name for name, value in step.expressions.items() if value.source.strip() == "false"}
    return writes(bundle, step) - plain


def _follows_a_yes(bundle: Bundle, step: Step) -> bool:
    """True where every way here is a yes to a question that speaks a value."""
    place = (step.flow, step.name)
    ways = [
        (each, way) for each in graph.every_step(bundle) for way in graph.exits(bundle, each) if way.step_id == place
    ]
    asked = all(way.target is each.node.yes_target() and each.spoken for each, way in ways)
    return bool(ways) and asked and bundle.flows[step.flow].start != step.name
