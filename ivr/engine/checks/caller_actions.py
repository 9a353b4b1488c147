"""The actions of a caller at a question: each answer, silence until the step gives up, a wrong key."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.actions import Enqueue
from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks.simulation import AT
from ivr.engine.events import QUEUE_RESULTS, DigitsPressed, Event, NothingHeard, QueueLeft
from ivr.engine.keypad import NAMES, SENT
from ivr.engine.question import Question
from ivr.engine.runtime.machine import TurnResult
from ivr.engine.session import Session
from ivr.foundation.messages import message


@dataclass(frozen=True, slots=True)
class CallerAction:
    """One action of a caller, in words that can be played, and its event."""

    words: str
    event: Event
    gives_up: bool = False  # this silence is the last before the step gives up


SILENCE = CallerAction(message("silence"), NothingHeard(AT))


def is_in_queue(turn: TurnResult) -> bool:
    """True after a turn that put the caller into a queue."""
    return any(isinstance(action, Enqueue) for action in turn.actions)


def step_of(bundle: Bundle, session: Session) -> Step:
    """The current step of a call."""
    frame = session.frames[-1]
    return bundle.flows[frame.flow].steps[frame.step]


def press(keys: str) -> CallerAction:
    """Pressing keys; star and hash in words."""
    return CallerAction(
        " ".join(NAMES.get(key, key) for key in keys) if set(keys) & set("*#") else keys, DigitsPressed(AT, keys)
    )


def caller_actions(bundle: Bundle, session: Session, queued: bool) -> Iterator[CallerAction]:
    """Every action that a caller can take where the call waits."""
    if queued:
        for result in sorted(QUEUE_RESULTS):
            yield CallerAction(message("the queue ends: {result}", result=result), QueueLeft(AT, result))
        return
    step = step_of(bundle, session)
    node = step.node
    if not isinstance(node, Question):
        return
    yield from (
        CallerAction(press(keys).words, node.event_for_keys(keys, session, AT)) for keys in node.sample_answers()
    )
    yield from (press(key) for key in step.keys if not node.is_own_key(key))
    if session.queued:
        # a caller at an offer keeps waiting in the queue
        yield CallerAction("the queue ends: answered", QueueLeft(AT, "answered"))
    yield CallerAction(message("silence x{times}", times=step.ask.tries or 3), NothingHeard(AT), gives_up=True)


def wrong_key(step: Step) -> CallerAction:
    """A key that is not an answer to the question; silence where every key is one."""
    node = step.node
    if not isinstance(node, Question):
        return SILENCE
    if node.takes_data:
        return CallerAction(message("wrong key * *"), DigitsPressed(AT, "**"))
    taken = node.working_keys() | step.keys.keys()
    free = next((key for key in (*reversed(SENT[:9]), "#", "*", "0") if key not in taken), None)
    return (
        CallerAction(message("wrong key {key}", key=NAMES.get(free, free)), DigitsPressed(AT, free))
        if free
        else SILENCE
    )
