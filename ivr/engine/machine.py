"""advance(bundle, session, event) -> Turn: the whole engine in one pure function."""

from dataclasses import dataclass, replace
from datetime import datetime

from ivr.engine import hearing
from ivr.engine.actions import Action, Hangup, Invoke
from ivr.engine.bundle import Bundle, Step
from ivr.engine.events import (
    CallStarted,
    DigitsPressed,
    Event,
    FlowReturned,
    HungUp,
    QueueLeft,
    ServiceAnswered,
    SpeechHeard,
    TurnFailed,
)
from ivr.engine.node import Finish, Goto, Move, Push, Question, Wait
from ivr.engine.references import Target
from ivr.engine.run import NOT_TAKEN, Run
from ivr.engine.session import Frame, Session
from ivr.errors import FlowLoop

LAST_TURNS = 40  # a call past its limits has these to reach a person or be called back; then it ends
LAST_WORDS = "common.time_over"
_ESCAPED = 1_000_000  # added to the steps of a turn that passed the limit once and went to the exit


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of an event: the new session, what to do, and a service to ask before going on (or None).

    `trail` holds (flow.step, what happened) in order.
    """

    session: Session
    actions: tuple[Action, ...]
    invoke: Invoke | None
    trail: tuple[tuple[str, str], ...]


def open_session(bundle: Bundle, call: str, at: datetime, language: str | None = None) -> Session:
    """A call that has not heard anything yet."""
    return Session(call, bundle.hash, language or bundle.languages[0], at.timestamp())


def advance(bundle: Bundle, session: Session, event: Event) -> Turn:
    """Take one event. Pure: the session given is left as it was. Raises `FlowLoop` where even the exit loops."""
    run = Run(bundle, session.copy(), event.at)
    if not isinstance(event, ServiceAnswered):
        run.session.steps = 0  # an answer carries on the turn that asked; everything else begins one
    if run.session.ended or isinstance(event, HungUp):
        run.session.ended = True
        return _turn(run)
    try:
        _carry_on(run, _first_move(run, event))
    except FlowLoop:
        if run.session.steps > _ESCAPED:
            raise
        run.note("limit")
        run.session.frames = run.session.frames[:1]
        run.session.steps, run.spoken = _ESCAPED, []
        _carry_on(run, Goto(bundle.exit))
    return _turn(run)


def _turn(run: Run) -> Turn:
    if run.session.ended and not isinstance(run.invoked, Invoke):
        run.flush()
        run.actions.append(Hangup())
    run.flush()
    return Turn(run.session, tuple(run.actions), run.invoked, tuple(run.trail))


def _first_move(run: Run, event: Event) -> Move:
    if isinstance(event, CallStarted):
        run.session.caller, run.session.address = event.caller, event.address
        return Goto(run.bundle.entry)
    if isinstance(event, TurnFailed):
        if not run.session.frames:  # the very first turn broke
            run.session.frames = [Frame(run.bundle.entry.flow, run.bundle.entry.step)]
        run.say((event.prompt,))
        return Goto(run.bundle.exit)
    if isinstance(event, ServiceAnswered):
        _take_answer(run, event)
    elif (move := _limited(run, event)) is not None:
        return move
    if isinstance(event, DigitsPressed):
        target = _global_key(run.step, event.digits)
        if target is not None:
            return Goto(target)
    if isinstance(event, SpeechHeard) and run.step.node.asks:
        target = _global_word(run, event.text)
        if target is not None:
            return Goto(target)
    return run.step.node.resume(run, event)


def _limited(run: Run, event: Event) -> Move | None:
    """Where a call goes that used up its turns or minutes: to the exit, on through what that leads to, then to its end.

    Whoever comes out of a queue is heard out: what they waited for is no turn too many.
    """
    limits, session = run.bundle.limits, run.session
    late = run.at - session.started > limits.minutes * 60 or session.turn >= limits.turns_a_call
    if not late or isinstance(event, QueueLeft):
        return None
    session.over += 1
    if session.over > LAST_TURNS:
        run.note("limit")
        run.say((LAST_WORDS,))
        return Finish()
    if run.frame.flow in run.bundle.last_flows:
        return None
    run.note("limit")
    run.say((NOT_TAKEN,))
    return Goto(run.bundle.exit)


def _take_answer(run: Run, answer: ServiceAnswered) -> None:
    session = run.session
    if answer.customer is not None and answer.customer != session.customer:
        session.customer = answer.customer
        session.grants = {}  # what someone else proved proves nothing of this one
    for grant in answer.grants:
        session.grants[grant.name] = grant
    if answer.committed:
        session.history.clear()
        session.drop_once()


def _global_key(step: Step, digits: str) -> Target | None:
    node = step.node
    if not isinstance(node, Question) or node.own_key(digits):
        return None
    return step.keys.get(digits)


def _global_word(run: Run, text: str) -> Target | None:
    """The target of a global key whose words fit better than every word of the step's own."""
    step, words = run.step, run.prompts.words
    if not isinstance(step.node, Question):
        return None
    common = {key: words.get(name, ()) for key, name in run.bundle.key_words.items() if key in step.keys}
    own = step.node.words(run, run.session.language)
    key = hearing.match(text, {**{f"own {k}": w for k, w in own.items()}, **common}, run.session.language)
    return step.keys.get(key) if key is not None else None


def _carry_on(run: Run, move: Move) -> None:
    """Make moves until the turn ends."""
    while True:
        if isinstance(move, Goto):
            move = _go(run, move.target)
        elif isinstance(move, Push):
            move = _push(run, move)
        elif isinstance(move, Invoke):
            run.invoked = move
            return
        elif isinstance(move, Finish):
            run.session.ended = True
            return
        else:
            return


def _go(run: Run, target: Target) -> Move:
    if target.command:
        return _command(run, target)
    frame = run.frame if run.session.frames else None
    if frame is None or frame.flow != target.flow:
        run.session.frames = [Frame(target.flow, target.step)]
    else:
        frame.step, frame.no_input, frame.no_match, frame.page = target.step, 0, 0, 0
    return _enter(run)


def _enter(run: Run) -> Move:
    run.session.steps += 1
    if run.session.steps % _ESCAPED > run.bundle.limits.steps_a_turn:
        raise FlowLoop(f"more than {run.bundle.limits.steps_a_turn} steps in a turn at {run.step.place}")
    run.session.visit += 1
    run.walked(run.frame.flow)
    run.note("enter")
    return run.step.node.enter(run)


def _push(run: Run, move: Push) -> Move:
    if len(run.session.frames) >= run.bundle.limits.subflow_depth:
        raise FlowLoop(f"subflows nest deeper than {run.bundle.limits.subflow_depth} at {run.step.place}")
    flow = run.bundle.flows[move.flow]
    run.session.frames.append(Frame(flow.name, flow.start, dict(move.variables)))
    return _enter(run)


def _command(run: Run, target: Target) -> Move:
    if target.command == "return":
        return _return(run, target.outcome)
    if target.command == "repeat":
        run.note("repeat")
        return run.step.node.enter(run)
    if target.command == "back":
        return _back(run)
    return Finish()


def _return(run: Run, outcome: str) -> Move:
    session = run.session
    if len(session.frames) == 1:
        return Finish()
    run.note(f"return {outcome}".strip())
    ended = session.frames.pop()
    session.history = [entry for entry in session.history if entry[0] <= len(session.frames)]
    run.extra["returned"] = ended.variables
    move = run.step.node.resume(run, FlowReturned(run.moment, outcome or "done"))
    run.extra.pop("returned", None)
    return move


def _back(run: Run) -> Move:
    """To the question before this one; across flows only to one from where no variable is needed.

    Who goes back may come on again with something else: what was proven for one use is proven anew.
    """
    session = run.session
    run.note("back")
    session.drop_once()
    here = (len(session.frames), run.frame.flow, run.frame.step)
    while session.history:
        depth, flow, step = session.history.pop()
        if (depth, flow, step) == here or depth > len(session.frames):
            continue
        if session.frames[depth - 1].flow == flow:
            del session.frames[depth:]
            frame = session.frames[-1]
            session.frames[-1] = replace(frame, step=step, no_input=0, no_match=0, page=0)
            return _enter(run)
        if depth == 1 and not run.bundle.needs.get((flow, step)):
            session.frames = [Frame(flow, step)]
            return _enter(run)
    return _enter(run)


__all__ = ["Turn", "Wait", "advance", "open_session"]
