"""The engine: counters of misses, limits, global keys, back and repeat, and what holds for any call whatever."""

from datetime import timedelta

import pytest

from ivr.engine.actions import Enqueue, Hangup, Poll
from ivr.engine.bundle import Bundle
from ivr.engine.events import (
    DigitsPressed,
    Grant,
    HungUp,
    QueueLeft,
    ServiceAnswered,
    ServiceWorking,
    TurnFailed,
)
from ivr.engine.machine import LAST_TURNS, advance, open_session
from ivr.engine.session import Frame, Session, dump, load
from ivr.errors import FlowLoop
from tests.engine.house import DEFAULTS, MAIN, house
from tests.engine.line import AT, HEAD, SILENCE, ZH, Line, bank

# --- misses ----------------------------------------------------------------------------------------------------------


def test_silence_and_wrong_keys_are_counted_apart() -> None:
    line = Line(bank()).take(SILENCE).take(SILENCE).press("5", "5")
    assert line.step == "menu"
    assert line.take(SILENCE).turn.invoke is not None  # the third silence: on to the agent


def test_the_counters_of_a_step_begin_anew_at_the_next() -> None:
    line = Line(bank()).take(SILENCE).take(SILENCE).press("1").take(SILENCE).take(SILENCE)
    assert line.step == "menu"


def test_all_misses_of_a_call_together_have_a_limit() -> None:
    line = Line(bank(misses=4))
    for _ in range(3):
        line.take(SILENCE).press("1")
    assert line.session.misses == 3
    assert line.take(SILENCE).step == "to_agent"


def test_a_miss_is_answered_before_the_question_is_asked_again() -> None:
    assert Line(bank()).take(SILENCE).keys == ["common.again", "main.menu"]
    assert Line(bank()).press("7").keys == ["common.wrong", "main.menu"]


# --- limits ----------------------------------------------------------------------------------------------------------


def test_a_circle_of_steps_is_cut_and_the_caller_goes_to_the_exit() -> None:
    line = Line(bank("main.one"))
    assert line.step == "to_agent"
    assert ("main.one", "limit") in line.turn.trail or ("main.other", "limit") in line.turn.trail


def test_a_circle_through_a_service_is_cut_too() -> None:
    """Every answer begins an advance of its own; the steps of a turn are counted over all of them."""
    line = Line(bank("main.spin"))
    for _ in range(60):
        if line.turn.invoke is None or line.turn.invoke.service != "ping":
            break
        line.answer("up")
    assert line.step == "to_agent"


def test_an_exit_that_loops_as_well_is_reported_and_not_played_for_ever() -> None:
    with pytest.raises(FlowLoop):
        Line(bank("main.one", "main.one"))
    line = Line(bank("main.spin", "main.spin"))
    with pytest.raises(FlowLoop):
        _ = [line.answer("up") for _ in range(500)]


def test_the_steps_of_a_turn_are_not_stored() -> None:
    session = Line(bank()).session
    assert load(dump(session)).steps == 0
    assert load(dump(session)) == session


@pytest.mark.parametrize("used_up", ["minutes", "turns"])
def test_a_call_that_used_up_its_time_or_turns_goes_to_the_exit_once(used_up: str) -> None:
    late = AT + timedelta(minutes=31 if used_up == "minutes" else 0)
    line = Line(bank("main", "verify"))
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


def spent() -> Line:
    """A call that used up its turns, at an exit that leads on to another flow."""
    defaults = DEFAULTS.replace("exit: main.to_agent", "exit: after").replace(
        "star: back", "star: back, hash: main.menu"
    )
    words = {"common.time_over": "再见。", "common.too_long": "转接人工。"}
    line = Line(house({"after": AFTER, "other": OTHER}, words, words, defaults=defaults))
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
    for _ in range(LAST_TURNS):
        assert not line.take(DigitsPressed(AT, "9")).session.ended
    line.press("9")
    assert line.session.ended
    assert line.keys == ["common.time_over"]
    assert isinstance(line.turn.actions[-1], Hangup)


def test_whoever_comes_out_of_a_queue_is_heard_out() -> None:
    line = Line(bank())
    line.press("0").answer("joined")
    line.session.turn, line.session.over = 200, LAST_TURNS
    assert line.take(QueueLeft(AT, "timeout")).keys == ["common.bye"]


def test_a_clock_that_is_set_back_is_followed_and_the_time_of_a_call_never_goes_back() -> None:
    session = Session("call", "bundle", "en", AT.timestamp())
    minutes = [session.tell_time(AT + timedelta(minutes=m)) for m in (0, 5, -20, -19, -5, -25, -24)]
    assert minutes == [AT + timedelta(minutes=m) for m in (0, 5, 5, 6, 20, 20, 21)]
    assert load(dump(session)) == session


def test_a_turn_that_broke_apologises_and_goes_to_the_exit() -> None:
    line = Line(bank()).take(TurnFailed(AT, "common.system_down"))
    assert line.step == "to_agent"
    assert line.keys == ["common.system_down"]
    assert isinstance(line.answer("joined").turn.actions[-1], Enqueue)


# --- global keys, back, repeat ---------------------------------------------------------------------------------------


def test_zero_is_an_agent_and_nine_says_it_again() -> None:
    assert Line(bank()).press("9").keys == ["main.menu"]
    assert Line(bank()).press("0").turn.invoke is not None


def test_repeat_is_no_miss() -> None:
    line = Line(bank()).press("9", "9", "9", "9")
    assert (line.step, line.session.misses) == ("menu", 0)


def test_back_goes_to_the_question_before() -> None:
    line = Line(bank("main.second")).press("1")
    assert line.step == "third"
    assert line.press("*").step == "second"


def test_back_at_the_first_question_asks_it_again() -> None:
    assert Line(bank()).press("*").keys == ["main.menu"]


def test_back_never_crosses_an_effect_that_stands() -> None:
    line = Line(bank("main.fork")).press("1")
    line.take(ServiceAnswered(AT, "done", committed=True))
    assert line.step == "third"
    assert line.press("*").step == "third"


def test_back_crosses_into_another_flow_only_to_a_question_that_speaks_no_variable() -> None:
    """The frame of the other flow is gone, and so are its variables."""
    assert Line(bank("main.fork")).press("2", "*").step == "fork"
    spoken = Line(bank("elsewhere"))
    spoken.session.frames[-1].variables["amount"] = 500
    spoken.press("1")
    assert spoken.step == "tell"
    spoken.press("1")
    assert (spoken.session.frames[-1].flow, spoken.step) == ("main", "third")
    spoken.press("*")
    assert (spoken.session.frames[-1].flow, spoken.step) == ("elsewhere", "q")


# --- services --------------------------------------------------------------------------------------------------------


def test_a_slow_service_is_polled_with_the_same_key_and_filled_once() -> None:
    line = Line(bank("main.second"))
    line.session.customer, line.session.grants["query"] = "1", Grant("query")
    line.press("2")
    assert line.turn.invoke is not None
    key = line.turn.invoke.key
    line.take(ServiceWorking(AT))
    assert line.keys == ["main.wait"]
    assert isinstance(line.turn.actions[-1], Poll)
    line.take(SILENCE)
    assert line.turn.invoke is not None
    assert line.turn.invoke.key == key
    assert line.take(ServiceWorking(AT)).keys == []
    line.take(SILENCE).answer("found", balance=500, accounts=[])
    assert line.keys == ["main.tell", "main.second"]


def test_every_visit_to_a_service_has_its_own_key() -> None:
    line = Line(bank("main.spin"))
    assert line.turn.invoke is not None
    first = line.turn.invoke.key
    line.answer("up")
    assert line.turn.invoke is not None
    assert line.turn.invoke.key != first


def proving(bundle: Bundle, *grants: Grant) -> Session:
    """A session that stands at the payment with these proofs."""
    session = open_session(bundle, "call", AT)
    session.frames, session.customer = [Frame("main", "pay", {"amount": 100})], "1"
    session.grants = {grant.name: grant for grant in grants}
    return session


def paying() -> Bundle:
    """The small bank with a payment."""
    pay = "  pay: {service: pay, with: [amount], outcomes: {paid: bye, no_funds: menu, unavailable: menu}}\n"
    ask = "  read: {service: find_balance, outcomes: {found: menu, unavailable: menu}}\n"
    return house({"main": MAIN.replace("steps:", HEAD) + pay + ask})


@pytest.mark.parametrize(
    ("outcome", "kept"), [("paid", False), ("no_funds", False), ("unavailable", True)]
)  # what is good for one use is used up by an answer, not by a bank that did not answer
def test_a_confirmation_is_used_up_by_the_payment_it_was_given_for(outcome: str, kept: bool) -> None:
    bundle = paying()
    turn = advance(bundle, proving(bundle, Grant("confirmation", once=True)), ServiceAnswered(AT, outcome))
    assert ("confirmation" in turn.session.grants) is kept


def test_what_is_good_for_one_use_is_not_used_up_by_looking_something_up() -> None:
    bundle = paying()
    session = proving(bundle, Grant("query", once=True))
    session.frames = [Frame("main", "read")]
    turn = advance(bundle, session, ServiceAnswered(AT, "found", {"balance": 1, "accounts": []}))
    assert "query" in turn.session.grants


def test_choosing_another_item_takes_a_confirmation_back() -> None:
    pick = "  pick: {menu: main.third, choices: accounts, each: main.item, into: account, then: bye, only_one: false}\n"
    head = HEAD.replace("accounts:", "account: {type: choice}, accounts:")
    words = {**ZH, "main.item": "{item.name}，请按{key}。"}
    bundle = house({"main": MAIN.replace("steps:", head) + pick}, words, words)
    session = proving(bundle, Grant("confirmation", once=True))
    session.frames = [Frame("main", "pick", {"accounts": [{"name": "a"}]})]
    assert "confirmation" not in advance(bundle, session, DigitsPressed(AT, "1")).session.grants


def test_a_call_that_is_over_stays_over() -> None:
    line = Line(bank()).take(HungUp(AT)).press("1")
    assert line.session.ended
    assert line.turn.actions == (Hangup(),)
