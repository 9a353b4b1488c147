"""The phases of a confirm step, and which answers come too early to be answers. Pure.

The figures and their reasons: docs/decisions/0015-a-yes-is-heard-first.md.
"""

from ivr.engine.events import DigitsPressed, Input, SpeechHeard
from ivr.engine.session import Session

FACTS = "facts"  # the facts of a confirm are being played; no key is accepted yet
ASKED = "asked"  # keys are accepted, and the facts took no time: this client plays no speech
HEARD = "heard"  # keys are accepted, and the facts took as long as speech takes

MIN_FACTS_SECONDS = 1.0  # playing facts takes at least this long
TYPED_AHEAD_SECONDS = 0.5  # nobody hears a question begin and answers faster

FINISHED = "finishing key"  # trail label of a # that belongs to the previous entry
TOO_EARLY = "too early"  # trail label of an answer before its question


def phase_after(facts_seconds: float) -> str:
    """The phase of a confirm whose facts took so many seconds."""
    return HEARD if facts_seconds >= MIN_FACTS_SECONDS else ASKED


def is_typed_ahead(session: Session, at: float, event: Input) -> bool:
    """True for keys or words that arrived before the caller could have heard the question. `at` in epoch seconds."""
    at_once = at - session.asked_timestamp < TYPED_AHEAD_SECONDS
    return session.phase == HEARD and at_once and isinstance(event, DigitsPressed | SpeechHeard)
