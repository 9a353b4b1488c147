"""advance(bundle, session, event) -> Turn: the whole engine in one pure function."""

from dataclasses import dataclass
from datetime import datetime

from ivr.engine.actions import Action, Continue, Hangup, Invoke
from ivr.engine.bundle import Bundle, Step
from ivr.engine.events import (
    CallStarted,
    DigitsPressed,
    Event,
    FlowReturned,
    HungUp,
    Input,
    NothingHeard,
    QueueLeft,
    SentByAgent,
    ServiceAnswered,
    SpeechHeard,
    TurnFailed,
)
from ivr.engine.moves import Finish, Goto, Move, Push, Wait
from ivr.engine.question import Question
from ivr.engine.references import Target
from ivr.engine.runtime import stray
from ivr.engine.runtime.back import step_back
from ivr.engine.runtime.listening import choice
from ivr.engine.runtime.refusing import exhausted
from ivr.engine.runtime.run import NOT_TAKEN, Run
from ivr.engine.session import Frame, Session
from ivr.foundation.errors import FlowLoop

LAST_TURNS = 40  # a call past its limits has these to reach a person or be called back; then it ends
LAST_WORDS = "common.time_over"
CALLBACK = "callback"  # asked for by a caller who goes on standing in the queue
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
        run.session.stand_on(run.session.frames[:1])
        run.session.steps, run.spoken = _ESCAPED, []
        _carry_on(run, Goto(bundle.exit))
    return _turn(run)


def heard_out(bundle: Bundle, turn: Turn, at: datetime) -> Turn:
    """The turn and the one behind it, where it says something whole before keys are taken; that is over by `at`."""
    if not (turn.actions and isinstance(turn.actions[-1], Continue)):
        return turn
    after = advance(bundle, turn.session, NothingHeard(at))
    return Turn(after.session, turn.actions[:-1] + after.actions, after.invoke, turn.trail + after.trail)


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
        run.session.grants.pop("confirmation", None)  # what became of it, the apology tells
        return Goto(run.bundle.exit)
    if isinstance(event, QueueLeft):
        _to_the_wait(run, event)
    if isinstance(event, SentByAgent):
        return _sent_by_agent(run, event)
    if isinstance(event, ServiceAnswered):
        _take_answer(run, event)
    elif (move := _limited(run, event)) is not None:
        return move
    if isinstance(event, QueueLeft):
        stray.remember_queue_key(run, event)
    if isinstance(event, Input) and (move := stray.set_aside(run, event)) is not None:
        return move
    if isinstance(event, DigitsPressed):
        target = _global_key(run.step, event.digits)
        if target is not None:
            return Goto(target)
    if isinstance(event, SpeechHeard) and run.step.node.asks:
        target = _global_word(run, event)
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


def _to_the_wait(run: Run, event: QueueLeft) -> None:
    """What ended the wait is met where it began: a waiting caller may be looking at an offer meanwhile."""
    session = run.session
    began = session.queued
    if event.result == CALLBACK:
        return
    session.queued = []
    if began and (began[-1].flow, began[-1].step) != (run.frame.flow, run.frame.step):
        session.stand_on(began)
        session.history = []


def _sent_by_agent(run: Run, event: SentByAgent) -> Move:
    """Through a flow, whose end leads back to the agent; or on at the step where the self-service was left."""
    session = run.session
    session.history = []
    if event.level:
        session.with_agent = True
        session.stand_on([frame.copy() for frame in session.queued or session.frames[:1]])
        return Push(run.bundle.authenticate[event.level], {})
    session.with_agent, session.queued = False, []
    if not session.left:
        return Goto(run.bundle.exit)
    session.stand_on(session.left)
    session.left = []
    run.frame.arrive(run.frame.step)
    run.frame.no_match = 0
    run.frame.refused = {}
    return _enter(run)


def _take_answer(run: Run, answer: ServiceAnswered) -> None:
    session = run.session
    if answer.customer is not None:
        session.identified_by = answer.identified_by
    if answer.customer is not None and answer.customer != session.customer:
        if session.customer is not None:
            _forget_customer(run)
        session.customer = answer.customer
        session.grants = {}  # what someone else proved proves nothing of this one
    for grant in answer.grants:
        session.grants[grant.name] = grant
    if answer.committed:
        session.history.clear()
        session.drop_once()


def _forget_customer(run: Run) -> None:
    """Another customer goes on in this call: what the bank told of the one before is gone, and no way leads back to it.

    Questions that need nothing of it are still gone back to, as by somebody who reports the cards of a family.
    """
    session, private, needs = run.session, run.bundle.private, run.bundle.needs
    for frame in (*session.frames, *session.queued, *session.left):
        for name in private.get(frame.flow, ()):
            frame.variables.pop(name, None)
    nothing = frozenset[str]()
    session.history = [
        (depth, flow, step)
        for depth, flow, step in session.history
        if not needs.get((flow, step), nothing) & private.get(flow, nothing)
    ]


def _global_key(step: Step, digits: str) -> Target | None:
    node = step.node
    if not isinstance(node, Question) or node.own_key(digits):
        return None
    return step.keys.get(digits)


def _global_word(run: Run, event: SpeechHeard) -> Target | None:
    """The target of a global key whose words fit better than every word of the step's own."""
    key = choice(run, event.text) if run.sure(event) else None
    return run.step.keys.get(key) if key is not None else None


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
    if frame is not None and _leaves_undone(run, target):
        run.say((NOT_TAKEN,))
    if frame is None or frame.flow != target.flow:
        _remember_leaving(run, target)
        run.session.stand_on([Frame(target.flow, target.step)])
    else:
        frame.arrive(target.step)
    return _enter(run)


def _remember_leaving(run: Run, target: Target) -> None:
    """Where the self-service is left for a person: an agent may send the caller back to it."""
    session, helped = run.session, run.bundle.last_flows
    if target.flow in helped and session.frames and run.frame.flow not in helped and not session.with_agent:
        session.left = [frame.copy() for frame in session.frames]


def _leaves_undone(run: Run, target: Target) -> bool:
    """True where a caller who said yes goes to a person while more was asked of them: they may think it is done."""
    bound, leaving = run.bound, run.bundle.exit
    is_told = any(utterance.key == NOT_TAKEN for utterance in run.spoken)
    is_there = target.flow == leaving.flow and (target.step == leaving.step or run.frame.flow != leaving.flow)
    if bound is None or is_told or not is_there:
        return False
    return run.step.node.asks or len(run.session.frames) > bound.depth


def _enter(run: Run) -> Move:
    run.session.steps += 1
    if run.session.steps % _ESCAPED > run.bundle.limits.steps_a_turn:
        raise FlowLoop(f"more than {run.bundle.limits.steps_a_turn} steps in a turn at {run.step.place}")
    run.session.visit += 1
    run.walked(run.frame.flow)
    run.note("enter")
    if (onward := exhausted(run)) is not None:
        run.note("give_up")
        return Goto(onward)
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
        return run.again()
    if target.command == "back":
        run.note("back")
        return _enter(run) if step_back(run) else run.again()
    return Finish()


def _return(run: Run, outcome: str) -> Move:
    session = run.session
    if len(session.frames) == 1:
        return Finish()
    run.note(f"return {outcome}".strip())
    ended = run.frame
    session.stand_on(session.frames[:-1])
    session.history = [entry for entry in session.history if entry[0] <= len(session.frames)]
    run.extra["returned"] = ended.variables
    move = run.step.node.resume(run, FlowReturned(run.moment, outcome or "done"))
    run.extra.pop("returned", None)
    return move


__all__ = ["Turn", "Wait", "advance", "heard_out", "open_session"]
