"""advance(bundle, session, event) -> TurnResult: the whole engine in one pure function."""

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
from ivr.engine.question import Question
from ivr.engine.references import Target
from ivr.engine.runtime import stray_keys
from ivr.engine.runtime.back import step_back
from ivr.engine.runtime.refused_answers import exhausted
from ivr.engine.runtime.run import NOT_DONE_PROMPT, Run
from ivr.engine.runtime.spoken_choice import choice
from ivr.engine.session import Frame, Session
from ivr.engine.step_results import Finish, Goto, Push, StepResult, Wait
from ivr.foundation.errors import FlowLoop

MAX_TURNS_PAST_LIMIT = 40  # turns that a call past its limits has left to reach an agent or book a callback
TIME_OVER_PROMPT = "common.time_over"
CALLBACK = "callback"  # requested by a caller who stays in the queue
_EXIT_OFFSET = 1_000_000  # offset that marks a turn which already passed the step limit and went to the exit


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The result of an event: the new session, the actions, and a service to call before continuing (or None).

    `trail` holds (flow.step, what happened) in order.
    """

    session: Session
    actions: tuple[Action, ...]
    invoke: Invoke | None
    trail: tuple[tuple[str, str], ...]


def open_session(bundle: Bundle, call_id: str, at: datetime, language: str | None = None) -> Session:
    """The session of a new call."""
    return Session(call_id, bundle.hash, language or bundle.languages[0], at.timestamp())


def advance(bundle: Bundle, session: Session, event: Event) -> TurnResult:
    """Apply one event. Pure: the given session is not changed. Raises `FlowLoop` where even the exit loops."""
    run = Run(bundle, session.copy(), event.at)
    if not isinstance(event, ServiceAnswered):
        run.session.steps = 0  # a service's answer continues the turn; any other event starts one
    if run.session.ended or isinstance(event, HungUp):
        run.session.ended = True
        return _turn(run)
    try:
        _run_until_wait(run, _first_result(run, event))
    except FlowLoop:
        if run.session.steps > _EXIT_OFFSET:
            raise
        run.note("limit")
        run.session.replace_frames(run.session.frames[:1])
        run.session.steps, run.spoken = _EXIT_OFFSET, []
        _run_until_wait(run, Goto(bundle.exit))
    return _turn(run)


def heard_out(bundle: Bundle, turn: TurnResult, at: datetime) -> TurnResult:
    """The turn, joined with the next one where it plays facts before keys are accepted; these end at `at`."""
    if not (turn.actions and isinstance(turn.actions[-1], Continue)):
        return turn
    after = advance(bundle, turn.session, NothingHeard(at))
    return TurnResult(after.session, turn.actions[:-1] + after.actions, after.invoke, turn.trail + after.trail)


def _turn(run: Run) -> TurnResult:
    if run.session.ended and not isinstance(run.invoked, Invoke):
        run.flush()
        run.actions.append(Hangup())
    run.flush()
    return TurnResult(run.session, tuple(run.actions), run.invoked, tuple(run.trail))


def _first_result(run: Run, event: Event) -> StepResult:
    if isinstance(event, CallStarted):
        run.session.caller, run.session.address = event.caller, event.address
        return Goto(run.bundle.entry)
    if isinstance(event, TurnFailed):
        if not run.session.frames:  # the first turn failed
            run.session.frames = [Frame(run.bundle.entry.flow, run.bundle.entry.step)]
        run.say((event.prompt,))
        run.session.grants.pop("confirmation", None)  # the apology says what happened to it
        return Goto(run.bundle.exit)
    if isinstance(event, QueueLeft):
        _return_to_queue_step(run, event)
    if isinstance(event, SentByAgent):
        return _sent_by_agent(run, event)
    if isinstance(event, ServiceAnswered):
        _apply_service_answer(run, event)
    elif (move := _limited(run, event)) is not None:
        return move
    if isinstance(event, QueueLeft):
        stray_keys.remember_queue_key(run, event)
    if isinstance(event, Input) and (move := stray_keys.handle_stray(run, event)) is not None:
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


def _limited(run: Run, event: Event) -> StepResult | None:
    """The result for a call that used up its turns or minutes: continue at the exit, and end after more turns there.

    An event from a queue is always handled: the wait must not count as too long.
    """
    limits, session = run.bundle.limits, run.session
    late = run.timestamp - session.started_timestamp > limits.minutes * 60 or session.turn >= limits.turns_a_call
    if not late or isinstance(event, QueueLeft):
        return None
    session.turns_past_limit += 1
    if session.turns_past_limit > MAX_TURNS_PAST_LIMIT:
        run.note("limit")
        run.say((TIME_OVER_PROMPT,))
        return Finish()
    if run.frame.flow in run.bundle.last_flows:
        return None
    run.note("limit")
    run.say((NOT_DONE_PROMPT,))
    return Goto(run.bundle.exit)


def _return_to_queue_step(run: Run, event: QueueLeft) -> None:
    """Return to the step that enqueued the call: a waiting caller may be at an offer meanwhile."""
    session = run.session
    began = session.queued
    if event.result == CALLBACK:
        return
    session.queued = []
    if began and (began[-1].flow, began[-1].step) != (run.frame.flow, run.frame.step):
        session.replace_frames(began)
        session.history = []


def _sent_by_agent(run: Run, event: SentByAgent) -> StepResult:
    """Run the flow that proves the level, which ends with the agent; or continue at the step where the self-service was
    left.
    """
    session = run.session
    session.history = []
    if event.level:
        session.with_agent = True
        session.replace_frames([frame.copy() for frame in session.queued or session.frames[:1]])
        return Push(run.bundle.authenticate[event.level], {})
    session.with_agent, session.queued = False, []
    if not session.left:
        return Goto(run.bundle.exit)
    session.replace_frames(session.left)
    session.left = []
    run.frame.arrive(run.frame.step)
    run.frame.no_match = 0
    run.frame.refused = {}
    return _enter(run)


def _apply_service_answer(run: Run, answer: ServiceAnswered) -> None:
    session = run.session
    if answer.customer_id is not None:
        session.identified_by = answer.identified_by
    if answer.customer_id is not None and answer.customer_id != session.customer_id:
        if session.customer_id is not None:
            _forget_customer(run)
        session.customer_id = answer.customer_id
        session.grants = {}  # proofs of another customer are not valid
    for grant in answer.grants:
        session.grants[grant.name] = grant
    if answer.committed:
        session.history.clear()
        session.drop_single_use_grants()


def _forget_customer(run: Run) -> None:
    """Another customer was identified in this call: erase the previous customer's data and the history that needs it.

    History entries that read none of these variables stay, as for somebody who reports the cards of a family.
    """
    session, private, needs = run.session, run.bundle.private, run.bundle.live_variables
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
    if not isinstance(node, Question) or node.is_own_key(digits):
        return None
    return step.keys.get(digits)


def _global_word(run: Run, event: SpeechHeard) -> Target | None:
    """The target of a global key whose words match better than the step's own words."""
    key = choice(run, event.text) if run.is_confident(event) else None
    return run.step.keys.get(key) if key is not None else None


def _run_until_wait(run: Run, move: StepResult) -> None:
    """Follow step results until the turn ends."""
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


def _go(run: Run, target: Target) -> StepResult:
    if target.command:
        return _command(run, target)
    frame = run.frame if run.session.frames else None
    if frame is not None and _abandons_confirmed_order(run, target):
        run.say((NOT_DONE_PROMPT,))
    if frame is None or frame.flow != target.flow:
        _remember_leaving(run, target)
        run.session.replace_frames([Frame(target.flow, target.step)])
    else:
        frame.arrive(target.step)
    return _enter(run)


def _remember_leaving(run: Run, target: Target) -> None:
    """Record where the self-service is left for an agent, who may send the caller back to it."""
    session, helped = run.session, run.bundle.last_flows
    if target.flow in helped and session.frames and run.frame.flow not in helped and not session.with_agent:
        session.left = [frame.copy() for frame in session.frames]


def _abandons_confirmed_order(run: Run, target: Target) -> bool:
    """True where a caller who said yes is sent to an agent before the service ran: they may believe it was done."""
    bound, leaving = run.last_read_back, run.bundle.exit
    is_told = any(utterance.key == NOT_DONE_PROMPT for utterance in run.spoken)
    is_there = target.flow == leaving.flow and (target.step == leaving.step or run.frame.flow != leaving.flow)
    if bound is None or is_told or not is_there:
        return False
    return run.step.node.asks or len(run.session.frames) > bound.depth


def _enter(run: Run) -> StepResult:
    run.session.steps += 1
    if run.session.steps % _EXIT_OFFSET > run.bundle.limits.steps_a_turn:
        raise FlowLoop(f"more than {run.bundle.limits.steps_a_turn} steps in a turn at {run.step.qualified_name}")
    run.session.visit += 1
    run.record_path(run.frame.flow)
    run.note("enter")
    if (onward := exhausted(run)) is not None:
        run.note("give_up")
        return Goto(onward)
    return run.step.node.enter(run)


def _push(run: Run, move: Push) -> StepResult:
    if len(run.session.frames) >= run.bundle.limits.subflow_depth:
        raise FlowLoop(f"subflows nest deeper than {run.bundle.limits.subflow_depth} at {run.step.qualified_name}")
    flow = run.bundle.flows[move.flow]
    run.session.frames.append(Frame(flow.name, flow.start, dict(move.variables)))
    return _enter(run)


def _command(run: Run, target: Target) -> StepResult:
    if target.command == "return":
        return _return(run, target.outcome)
    if target.command == "repeat":
        run.note("repeat")
        return run.repeat_question()
    if target.command == "back":
        run.note("back")
        return _enter(run) if step_back(run) else run.repeat_question()
    return Finish()


def _return(run: Run, outcome: str) -> StepResult:
    session = run.session
    if len(session.frames) == 1:
        return Finish()
    run.note(f"return {outcome}".strip())
    ended = run.frame
    session.replace_frames(session.frames[:-1])
    session.history = [entry for entry in session.history if entry[0] <= len(session.frames)]
    run.extra["returned"] = ended.variables
    move = run.step.node.resume(run, FlowReturned(run.now, outcome or "done"))
    run.extra.pop("returned", None)
    return move


__all__ = ["TurnResult", "Wait", "advance", "heard_out", "open_session"]
