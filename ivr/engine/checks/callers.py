"""What a caller can do at a question: every answer, silence until it gives up, a wrong key."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.engine.actions import Enqueue
from ivr.engine.bundle import Bundle, Step
from ivr.engine.checks.worlds import AT
from ivr.engine.compile.flowfile import NAMED
from ivr.engine.events import DigitsPressed, Event, NothingHeard, QueueLeft
from ivr.engine.node import Question
from ivr.engine.runtime.machine import Turn
from ivr.engine.session import Session
from ivr.engine.steps.collect import Collect
from ivr.engine.steps.confirm import Confirm
from ivr.engine.steps.menu import PAGE, Menu
from ivr.engine.steps.transfer import LEFT
from ivr.foundation.messages import message

_SHOWN = {key: name for name, key in NAMED.items()}
_KEYS = "123456789*0#"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that happens next, in words that can be played, and its event."""

    words: str
    event: Event
    gives_up: bool = False  # after so many silences that this one is the last


SILENCE = Deed(message("silence"), NothingHeard(AT))


def stands_in_queue(turn: Turn) -> bool:
    """True after a turn that put the caller into a queue."""
    return any(isinstance(action, Enqueue) for action in turn.actions)


def step_of(bundle: Bundle, session: Session) -> Step:
    """The step where a call stands."""
    frame = session.frames[-1]
    return bundle.flows[frame.flow].steps[frame.step]


def press(keys: str) -> Deed:
    """Keys pressed; star and hash in words."""
    return Deed(
        " ".join(_SHOWN.get(key, key) for key in keys) if set(keys) & set("*#") else keys, DigitsPressed(AT, keys)
    )


def deeds(bundle: Bundle, session: Session, queued: bool) -> Iterator[Deed]:
    """Everything a caller can do where a call waits."""
    if queued:
        for result in sorted(LEFT):
            yield Deed(message("the queue ends: {result}", result=result), QueueLeft(AT, result))
        return
    step = step_of(bundle, session)
    node = step.node
    if not isinstance(node, Question):
        return
    yield from map(press, _answers(node))
    yield from (press(key) for key in step.keys if not node.own_key(key))
    if session.queued:
        yield Deed(
            "the queue ends: answered", QueueLeft(AT, "answered")
        )  # whoever looks at an offer waits all the while
    yield Deed(message("silence x{times}", times=step.ask.tries or 3), NothingHeard(AT), gives_up=True)


def _answers(node: Question) -> Iterator[str]:
    if isinstance(node, Menu):
        yield from (NAMED.get(key, key) for key in node.options)
        if node.choices is not None:
            yield from ("1", str(PAGE))
    elif isinstance(node, Confirm):
        yield from "12"
    elif isinstance(node, Collect):
        yield from _data(node)


def _data(node: Collect) -> Iterator[str]:
    if node.digits is not None:
        yield "1" * (node.digits.lengths or (node.digits.most,))[0]
    elif node.amount is not None:
        yield from (node.amount.at_least.replace(".", "*"), node.amount.at_most.replace(".", "*"))
    else:
        yield "20260131"


def wrong_key(step: Step) -> Deed:
    """A key that is no answer at a question; silence where every key is one."""
    node = step.node
    if isinstance(node, Collect):
        return Deed(message("wrong key * *"), DigitsPressed(AT, "**"))
    taken = set(_KEYS[:PAGE]) if isinstance(node, Menu) and node.choices is not None else set()
    for key in reversed(_KEYS[:9]):
        if isinstance(node, Question) and not node.own_key(key) and key not in step.keys and key not in taken:
            return Deed(message("wrong key {key}", key=key), DigitsPressed(AT, key))
    free = next((k for k in "#*0" if isinstance(node, Question) and not node.own_key(k) and k not in step.keys), None)
    return Deed(message("wrong key {key}", key=_SHOWN.get(free, free)), DigitsPressed(AT, free)) if free else SILENCE
