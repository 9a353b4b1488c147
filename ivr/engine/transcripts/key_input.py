"""What a question takes of the keys pressed at it, and the made-up keys that are written in place of data."""

from datetime import datetime

from ivr.engine.actions import Gather
from ivr.engine.bundle import Bundle
from ivr.engine.checks.caller_actions import step_of
from ivr.engine.events import DigitsPressed, Event
from ivr.engine.question import Question
from ivr.engine.session import Session

PhoneAction = tuple[str, str]  # "keys" and what was pressed, "heard" and what was said, "no_input" and nothing


def collected(gather: Gather, keys: str) -> str:
    """What a question takes of the keys that were pressed at it."""
    taken = ""
    for key in keys:
        if key == gather.finish_on_key:
            if taken:
                break
        else:
            taken += key
            if len(taken) == gather.num_digits:
                break
    return taken


def pressed_keys(bundle: Bundle, session: Session, keys: str, at: datetime) -> Event:
    """Keys as they arrive where a call stands."""
    node = step_of(bundle, session).node
    return node.event_for_keys(keys, session, at) if isinstance(node, Question) else DigitsPressed(at, keys)


def placeholder_keys(bundle: Bundle, session: Session, keys: str) -> str:
    """Keys that are data, as many and as right in shape, but nobody's; an amount says nothing of anybody."""
    node = step_of(bundle, session).node
    return node.placeholder_keys(keys) if isinstance(node, Question) else keys
