"""Properties of the engine for any call; Hypothesis prints the events, and a blob that replays them."""

from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from ivr.engine.actions import Enqueue, Gather, Hangup, Poll, Record
from ivr.engine.events import (
    DigitsPressed,
    Event,
    Grant,
    HungUp,
    MessageRecorded,
    QueueLeft,
    ServiceAnswered,
    ServiceWorking,
    SpeechHeard,
    TurnFailed,
)
from ivr.engine.session import Frame, Session, dump, load
from ivr.engine.values import Secret
from ivr.foundation.errors import FlowLoop
from tests.engine.played_call import AT, SILENCE, PlayedCall, bank

PARTS = st.text(min_size=1, max_size=5).filter(lambda part: part != "*")  # which marks a secret where it is stored
WORDS = st.sampled_from(["", "余额", "1", "人工", "返回", "yes", "不是", "\x00", "转账" * 50])
EVENTS = st.one_of(
    st.text("0123456789*#", max_size=8).map(lambda keys: DigitsPressed(AT, keys)),
    WORDS.map(lambda text: SpeechHeard(AT, text)),
    st.just(SILENCE),
    st.sampled_from(["answered", "callback", "timeout", "full", "never"]).map(lambda end: QueueLeft(AT, end)),
    st.just(ServiceWorking(AT)),
    st.sampled_from([0, 9]).map(lambda seconds: MessageRecorded(AT, "RE1", "https://api.example/RE1", seconds)),
    st.just(TurnFailed(AT, "common.system_down")),
    st.builds(
        lambda outcome, customer_id, committed: ServiceAnswered(
            AT, outcome, {"balance": 5, "accounts": []}, (Grant("query"),), customer_id, committed
        ),
        st.sampled_from(["up", "down", "found", "unavailable", "joined", "closed", "right", "wrong", "done", "never"]),
        st.sampled_from([None, "1", "2"]),
        st.booleans(),
    ),
    st.just(HungUp(AT)),
)
STARTS = st.sampled_from(["main", "main.second", "main.fork", "main.spin", "main.one", "main.speak", "verify"])
BANKS = {
    start: bank(start)
    for start in ("main", "main.second", "main.fork", "main.spin", "main.one", "main.speak", "verify")
}


@given(start=STARTS, events=st.lists(EVENTS, max_size=30))
@settings(deadline=None, print_blob=True)
def test_any_events_end_in_a_wait_an_end_or_a_loop_that_is_reported(start: str, events: list[Event]) -> None:
    line = PlayedCall(BANKS[start])
    for event in events:
        note(str(event))
        before = dump(line.session)
        try:
            line.take(event)
        except FlowLoop:
            return
        assert dump(load(before)) == before
        ends = (Gather, Record, Enqueue, Hangup, Poll)
        assert line.turn.invoke is not None or isinstance(line.turn.actions[-1], ends)
        assert line.session.ended == any(isinstance(action, Hangup) for action in line.turn.actions)
        assert load(dump(line.session)) == line.session


@given(events=st.lists(EVENTS, max_size=12))
@settings(deadline=None, print_blob=True)
def test_advance_leaves_the_session_it_was_given_as_it_was(events: list[Event]) -> None:
    line = PlayedCall(BANKS["main"])
    for event in events:
        before, given_session = dump(line.session), line.session
        line.take(event)
        assert dump(given_session) == before


@given(
    value=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.text(max_size=6).map(Secret)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(PARTS, inner, max_size=3)),
        max_leaves=6,
    ),
    until=st.none() | st.floats(0, 2e9),
    counts=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
)
@settings(deadline=None, print_blob=True)
def test_a_stored_session_reloads_equal(value: Any, until: float | None, counts: tuple[int, int, int]) -> None:
    session = Session("call", "hash", "zh-CN", 1.5, "+8613800138000", turn=3, visit=9, misses=2)
    session.frames = [Frame("main", "menu", {"x": value}, *counts)]
    session.queued = [frame.copy() for frame in session.frames]
    session.grants = {"query": Grant("query", until, single_use=True)}
    session.history, session.path = [(1, "main", "menu")], ["main"]
    assert load(dump(session)) == session
