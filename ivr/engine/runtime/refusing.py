"""Answers of the right form that a service turns down: counted where they were asked for, and ended like any miss."""

from ivr.engine.references import Target
from ivr.engine.runtime.run import Run


def refuse(run: Run) -> None:
    """A service turned down what was keyed: a wrong answer at the question that asked, kept when it is asked again.

    What the outcome says is still said; after too many, the next question is not asked any more.
    """
    session = run.session
    session.misses += 1
    depth, flow, name = session.history[-1] if session.history else (0, "", "")
    frame = session.frames[depth - 1] if 0 < depth <= len(session.frames) else None
    step, count = run.step, 0
    if frame is not None and frame.flow == flow:
        step = run.bundle.flows[flow].steps[name]
        count = frame.refused[name] = frame.refused.get(name, 0) + 1
    if count >= (step.ask.tries or 3) or session.misses >= run.bundle.limits.misses:
        run.onward = step.ask.give_up or run.bundle.exit


def exhausted(run: Run) -> Target | None:
    """Where a question leads that has refused too many answers already; None while it may be asked."""
    step = run.step
    if not step.node.asks:
        return None
    onward, run.onward = run.onward, None
    if onward is None and run.frame.refused.get(step.name, 0) >= (step.ask.tries or 3):
        onward = step.ask.give_up or run.bundle.exit
    return onward
