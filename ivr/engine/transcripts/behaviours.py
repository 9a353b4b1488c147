"""The behaviours that a call covered: the engine's trail, and what the trail does not record."""

from collections.abc import Iterator

from ivr.engine.bundle import Bundle
from ivr.engine.checks.caller_actions import step_of
from ivr.engine.events import DigitsPressed, Event, HungUp, SpeechHeard
from ivr.engine.references import Target
from ivr.engine.runtime.machine import TurnResult
from ivr.engine.session import Session

Behaviour = tuple[str, str]  # flow.step, what happens there
HANG_UP = "hang_up"


def entered_in(language: str) -> str:
    """The behaviour of entering a step in a language."""
    return f"in {language}"


def pressed(key: str) -> str:
    """The behaviour of taking a global key."""
    return f"key {key}"


def shown(bundle: Bundle, before: Session, event: Event, turn: TurnResult) -> Iterator[Behaviour]:
    """A turn's behaviours: its trail, the language of each step, the global key that was taken, the hang-up."""
    yield from turn.trail
    yield from ((place, entered_in(turn.session.language)) for place, what in turn.trail if what == "enter")
    if not before.frames:
        return
    step = step_of(bundle, before)
    if isinstance(event, HungUp):
        yield step.qualified_name, HANG_UP
    elif isinstance(event, DigitsPressed | SpeechHeard):
        taken = (key for key, target in step.keys.items() if turn.trail[:1] == (_led(step.qualified_name, target),))
        yield from ((step.qualified_name, pressed(key)) for key in taken)


def _led(place: str, target: Target) -> Behaviour:
    """The first trail entry after a global key has led to its target."""
    if target.command:
        return place, f"{target.command} {target.outcome}".strip()
    return f"{target.flow}.{target.step}", "enter"
