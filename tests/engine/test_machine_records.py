"""Recording a message: cases that the step's case table cannot play, since no key or silence triggers them."""

from datetime import UTC, datetime

from ivr.engine.actions import Gather, Record, Speak
from ivr.engine.bundle import Bundle
from ivr.engine.events import DigitsPressed, Event, MessageRecorded
from ivr.engine.runtime.machine import TurnResult, advance, open_session
from ivr.engine.session import Frame, Session, dump, load
from tests.engine.small_bank import small_bundle
from tests.engine.step_cases import VOICE, flows, texts

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MESSAGE = MessageRecorded(AT, "RE1", "https://api.example/RE1", 9)
YES = DigitsPressed(AT, "1")


def bank() -> Bundle:
    words = {**texts(), "common.too_long": "转接人工。"}
    return small_bundle(flows(VOICE), words, words)


def agreed(bundle: Bundle, queued: bool = False) -> TurnResult:
    """A caller who says yes to the number that is called back; `queued`: who stands in a queue meanwhile."""
    session = open_session(bundle, "call", AT)
    session.frames = [Frame("main", "y", {"number": "1234"})]
    session.queued = [Frame("main", "to_agent")] if queued else []
    return advance(bundle, session, YES)


def after(bundle: Bundle, session: Session, *events: Event) -> TurnResult:
    """What comes of the last event; the session is stored between them."""
    for event in events:
        turn = advance(bundle, load(dump(session)), event)
        session = turn.session
    return turn


def test_a_message_is_taken_within_its_bounds_and_played_back_from_its_own_address() -> None:
    bundle = bank()
    turn = agreed(bundle)
    assert turn.actions[-1] == Record(max_seconds=120, silence_seconds=6)
    heard = after(bundle, turn.session, MESSAGE).actions
    said = [each for action in heard if isinstance(action, Speak | Gather) for each in action.utterances]
    assert [each.audio_url or each.key for each in said] == ["https://api.example/RE1", "main.keep"]


def test_the_message_that_is_kept_goes_to_the_callback_with_the_number_agreed_to() -> None:
    turn = after(bank(), agreed(bank()).session, MESSAGE, YES)
    assert turn.invoke is not None
    assert (turn.invoke.service, turn.invoke.inputs) == ("book_callback", {"number": "1234", "recording": "RE1"})


def test_a_message_without_a_word_is_a_silence_and_one_that_is_told_twice_is_one() -> None:
    bundle = bank()
    silent = after(bundle, agreed(bundle).session, MessageRecorded(AT, "RE0", "https://api.example/RE0", 0))
    assert (isinstance(silent.actions[-1], Record), silent.session.frames[-1].no_input) == (True, 1)
    twice = after(
        bundle, agreed(bundle).session, MESSAGE, MessageRecorded(AT, "RE9", "https://api.example/RE9", 9), YES
    )
    assert twice.invoke is not None
    assert twice.invoke.inputs["recording"] == "RE1"


def test_who_stands_in_a_queue_is_not_recorded_and_goes_on_waiting() -> None:
    turn = agreed(bank(), queued=True)
    assert not any(isinstance(action, Record) for action in turn.actions)
    assert turn.invoke is not None
    assert turn.invoke.service == "join_queue"
