"""Answers of the right form that a service turns down: counted where they were asked for, and ended like any miss."""

from ivr.engine.references import Target
from ivr.engine.runtime.run import Run


def exhausted(run: Run) -> Target | None:
    """Where a question leads that has refused too many answers already; None while it may be asked."""
    step = run.step
    if not step.node.asks:
        return None
    onward, run.onward = run.onward, None
    if onward is None and run.frame.refused.get(step.name, 0) >= (step.ask.tries or 3):
        onward = step.ask.give_up or run.bundle.exit
    return onward
