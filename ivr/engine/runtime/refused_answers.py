"""Limits well-formed answers that a service refuses: they count at their question like any miss."""

from ivr.engine.references import Target
from ivr.engine.runtime.run import Run


def exhausted(run: Run) -> Target | None:
    """The target of a question that has had too many refused answers; None while it may be asked."""
    step = run.step
    if not step.node.asks:
        return None
    onward, run.onward = run.onward, None
    if onward is None and run.frame.refused.get(step.name, 0) >= (step.ask.tries or 3):
        onward = step.ask.give_up or run.bundle.exit
    return onward
