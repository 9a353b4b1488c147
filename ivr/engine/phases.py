"""The phases of a confirm step, and which answers come too early to be answers. Pure.

The figures and their reasons: docs/decisions/0015-a-yes-is-heard-first.md.
"""

from ivr.engine.events import DigitsPressed, Input, SpeechHeard
from ivr.engine.session import Session

FACTS = "facts"  # a confirm's facts are being said; no key is asked for yet
ASKED = "asked"  # its keys are asked for, and the facts took no time: this client plays no speech
HEARD = "heard"  # its keys are asked for, and the facts took the time that speech takes

SPOKEN_SECONDS = 1.0  # no facts are said sooner
TYPED_AHEAD_SECONDS = 0.5  # nobody hears that a question has begun, and answers, sooner

FINISHED = "finishing key"  # the trail's word for a # that belonged to the entry before
TOO_EARLY = "too early"  # and for an answer that came before it was asked for


def phase_after(facts_seconds: float) -> str:
    """The phase of a confirm whose facts took so many seconds."""
    return HEARD if facts_seconds >= SPOKEN_SECONDS else ASKED


def is_typed_ahead(session: Session, at: float, event: Input) -> bool:
    """True for keys or words that arrived before the caller could have heard the question. `at` in epoch seconds."""
    at_once = at - session.asked_timestamp < TYPED_AHEAD_SECONDS
    return session.phase == HEARD and at_once and isinstance(event, DigitsPressed | SpeechHeard)
