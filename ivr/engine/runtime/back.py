"""The way back: to the question before this one."""

from ivr.engine.runtime.run import Run
from ivr.engine.session import Frame


def step_back(run: Run) -> bool:
    """Stand at the question before this one, across flows only at one that needs no variable; False where none is.

    Who goes back may come on again with something else: what was proven for one use is proven anew.
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
