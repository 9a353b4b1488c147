"""The keys that a question takes out of those pressed, and placeholder keys that replace customer data."""

from datetime import datetime

from ivr.engine.actions import Gather
from ivr.engine.bundle import Bundle
from ivr.engine.checks.caller_actions import step_of
from ivr.engine.events import DigitsPressed, Event
from ivr.engine.question import Question
from ivr.engine.session import Session

PhoneAction = tuple[str, str]  # "keys" and what was pressed, "heard" and what was said, "no_input" and nothing


def collected(gather: Gather, keys: str) -> str:
    """The keys that a question takes out of those that were pressed."""
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
    """The event for keys that are pressed at the current step."""
    node = step_of(bundle, session).node
    return node.event_for_keys(keys, session, at) if isinstance(node, Question) else DigitsPressed(at, keys)


def placeholder_keys(bundle: Bundle, session: Session, keys: str) -> str:
    """Fictitious keys of the same number and form; an amount is kept, because it identifies nobody."""
    node = step_of(bundle, session).node
    return node.placeholder_keys(keys) if isinstance(node, Question) else keys
