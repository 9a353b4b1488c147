"""Misses, steps, turns and minutes are limited, and a call that used them up still ends well."""

from datetime import timedelta

import pytest

from ivr.engine.actions import Enqueue, Hangup
from ivr.engine.events import DigitsPressed, HungUp, QueueLeft, TurnFailed
from ivr.engine.runtime.machine import MAX_TURNS_PAST_LIMIT
from ivr.engine.session import Session, dump, load
from ivr.foundation.errors import FlowLoop
from tests.engine.played_call import AT, SILENCE, PlayedCall, bank
from tests.engine.small_bank import DEFAULTS, small_bundle

# --- misses ----------------------------------------------------------------------------------------------------------


def test_silence_and_wrong_keys_are_counted_apart() -> None:
    line = PlayedCall(bank()).take(SILENCE).take(SILENCE).press("5", "5")
    assert line.step == "menu"
    assert line.take(SILENCE).turn.invoke is not None  # the third silence: on to the agent


def test_the_counters_of_a_step_begin_anew_at_the_next() -> None:
    line = PlayedCall(bank()).take(SILENCE).take(SILENCE).press("1").take(SILENCE).take(SILENCE)
    assert line.step == "menu"


def test_all_misses_of_a_call_together_have_a_limit() -> None:
    line = PlayedCall(bank(misses=4))
    for _ in range(3):
        line.take(SILENCE).press("1")
    assert line.session.misses == 3
    assert line.take(SILENCE).step == "to_agent"


def test_a_miss_is_answered_before_the_question_is_asked_again() -> None:
    assert PlayedCall(bank()).take(SILENCE).keys == ["common.again", "main.menu"]
    assert PlayedCall(bank()).press("7").keys == ["common.wrong", "main.menu"]


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_circle_of_steps_is_cut_and_the_caller_goes_to_the_exit() -> None:
    line = PlayedCall(bank("main.one"))
    assert line.step == "to_agent"
    assert ("main.one", "limit") in line.turn.trail or ("main.other", "limit") in line.turn.trail


def test_a_circle_through_a_service_is_cut_too() -> None:
    """Every answer begins an advance of its own; the steps of a turn are counted over all of them."""
    line = PlayedCall(bank("main.spin"))
    for _ in range(60):
        if line.turn.invoke is None or line.turn.invoke.service != "ping":
            break
        line.answer("up")
    assert line.step == "to_agent"


def test_an_exit_that_loops_as_well_is_reported_and_not_played_for_ever() -> None:
    with pytest.raises(FlowLoop):
        PlayedCall(bank("main.one", "main.one"))
    line = PlayedCall(bank("main.spin", "main.spin"))
    with pytest.raises(FlowLoop):
        _ = [line.answer("up") for _ in range(500)]


def test_the_steps_of_a_turn_are_not_stored() -> None:
    session = PlayedCall(bank()).session
    assert load(dump(session)).steps == 0
    assert load(dump(session)) == session


@pytest.mark.parametrize("used_up", ["minutes", "turns"])
def test_a_call_that_used_up_its_time_or_turns_goes_to_the_exit_once(used_up: str) -> None:
    late = AT + timedelta(minutes=31 if used_up == "minutes" else 0)
    line = PlayedCall(bank("main", "verify"))
    line.session.turn = 200 if used_up == "turns" else 1
    line.take(DigitsPressed(late, "1"))
    assert (line.session.frames[-1].flow, line.turn.trail[0]) == ("verify", ("main.menu", "limit"))
    assert line.keys[0] == "common.too_long", "nobody told the caller that what they keyed was not carried out"
    line.take(DigitsPressed(late, "12"))
    assert [what for _, what in line.turn.trail] == ["no_match"]


AFTER = """
flow: after
start: leave
steps:
  leave: {menu: main.menu, options: {"1": other.ask}}
"""
OTHER = """
flow: other
start: ask
steps:
  ask: {menu: main.hello, options: {"1": end}}
"""


def spent() -> PlayedCall:
    """A call that used up its turns, at an exit that leads on to another flow."""
    defaults = DEFAULTS.replace("exit: main.to_agent", "exit: after").replace(
        "star: back", "star: back, hash: main.menu"
    )
    words = {"common.time_over": "再见。", "common.too_long": "转接人工。"}
    line = PlayedCall(small_bundle({"after": AFTER, "other": OTHER}, words, words, defaults=defaults))
    line.session.turn = 200
    return line


def test_a_spent_call_goes_on_through_the_flows_that_the_exit_leads_to() -> None:
    line = spent().press("1")
    assert (line.session.frames[-1].flow, line.step) == ("after", "leave")
    assert line.press("1").session.frames[-1].flow == "other"
    line.press("1")
    assert line.session.ended, "the flow behind the exit was cut off"


def test_a_spent_call_that_turns_back_is_brought_to_the_exit_again() -> None:
    line = spent().press("1", "1", "#")
    assert line.session.frames[-1].flow == "main"
    assert line.press("1").session.frames[-1].flow == "after"


def test_a_spent_call_that_circles_ends_in_words() -> None:
    line = spent()
    for _ in range(MAX_TURNS_PAST_LIMIT):
        assert not line.take(DigitsPressed(AT, "9")).session.ended
    line.press("9")
    assert line.session.ended
    assert line.keys == ["common.time_over"]
    assert isinstance(line.turn.actions[-1], Hangup)


def test_whoever_comes_out_of_a_queue_is_heard_out() -> None:
    line = PlayedCall(bank())
    line.press("0").answer("joined")
    line.session.turn, line.session.turns_past_limit = 200, MAX_TURNS_PAST_LIMIT
    assert line.take(QueueLeft(AT, "timeout")).keys == ["common.bye"]


def test_a_clock_that_is_set_back_is_followed_and_the_time_of_a_call_never_goes_back() -> None:
    session = Session("call", "bundle", "en", AT.timestamp())
    minutes = [session.call_time(AT + timedelta(minutes=m)) for m in (0, 5, -20, -19, -5, -25, -24)]
    assert minutes == [AT + timedelta(minutes=m) for m in (0, 5, 5, 6, 20, 20, 21)]
    assert load(dump(session)) == session


def test_a_turn_that_broke_apologises_and_goes_to_the_exit() -> None:
    line = PlayedCall(bank()).take(TurnFailed(AT, "common.system_down"))
    assert line.step == "to_agent"
    assert line.keys == ["common.system_down"]
    assert isinstance(line.answer("joined").turn.actions[-1], Enqueue)


def test_a_call_that_is_over_stays_over() -> None:
    line = PlayedCall(bank()).take(HungUp(AT)).press("1")
    assert line.session.ended
    assert line.turn.actions == (Hangup(),)
