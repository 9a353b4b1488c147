"""`back`: return to the question before this one."""

from ivr.engine.runtime.run import Run
from ivr.engine.session import Frame


def step_back(run: Run) -> bool:
    """Return to the previous question; across flows only to one without live variables. False where there is none.

    The caller may continue with something else, so single-use grants are removed.
    """
    session = run.session
    session.drop_single_use_grants()
    here = (len(session.frames), run.frame.flow, run.frame.step)
    while session.history:
        depth, flow, step = session.history.pop()
        if (depth, flow, step) == here or depth > len(session.frames):
            continue
        if session.frames[depth - 1].flow == flow:
            del session.frames[depth:]
            session.frames[-1].arrive(step)
            return True
        if depth == 1 and not run.bundle.live_variables.get((flow, step)):
            session.frames = [Frame(flow, step)]
            return True
    return False
