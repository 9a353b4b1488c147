"""A service is called once for each visit, and only its answer consumes single-use grants."""

import pytest

from ivr.engine.actions import Poll
from ivr.engine.bundle import Bundle
from ivr.engine.events import DigitsPressed, Grant, ReadBack, ServiceAnswered, ServiceWorking
from ivr.engine.runtime.machine import advance, open_session
from ivr.engine.session import Frame, Session
from tests.engine.played_call import AT, HEAD, SILENCE, ZH, PlayedCall, bank
from tests.engine.small_bank import MAIN, small_bundle


def test_a_slow_service_is_polled_with_the_same_key_and_filled_once() -> None:
    line = PlayedCall(bank("main.second"))
    line.session.customer_id, line.session.grants["query"] = "1", Grant("query")
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
    line = PlayedCall(bank("main.spin"))
    assert line.turn.invoke is not None
    first = line.turn.invoke.key
    line.answer("up")
    assert line.turn.invoke is not None
    assert line.turn.invoke.key != first


def proving(bundle: Bundle, *grants: Grant) -> Session:
    """A session that stands at the payment with these proofs."""
    session = open_session(bundle, "call", AT)
    session.frames, session.customer_id = [Frame("main", "pay", {"amount": 100})], "1"
    session.grants = {grant.name: grant for grant in grants}
    return session


def paying() -> Bundle:
    """The small bank with a payment."""
    pay = "  pay: {service: pay, with: [amount], outcomes: {paid: bye, no_funds: menu, unavailable: menu}}\n"
    ask = "  read: {service: find_balance, outcomes: {found: menu, unavailable: menu}}\n"
    return small_bundle({"main": MAIN.replace("steps:", HEAD) + pay + ask})


@pytest.mark.parametrize(
    ("outcome", "kept"), [("paid", False), ("no_funds", False), ("unavailable", True)]
)  # what is good for one use is used up by an answer, not by a bank that did not answer
def test_a_confirmation_is_used_up_by_the_payment_it_was_given_for(outcome: str, kept: bool) -> None:
    bundle = paying()
    turn = advance(bundle, proving(bundle, Grant("confirmation", single_use=True)), ServiceAnswered(AT, outcome))
    assert ("confirmation" in turn.session.grants) is kept


def test_what_is_good_for_one_use_is_not_used_up_by_looking_something_up() -> None:
    bundle = paying()
    session = proving(bundle, Grant("query", single_use=True))
    session.frames = [Frame("main", "read")]
    turn = advance(bundle, session, ServiceAnswered(AT, "found", {"balance": 1, "accounts": []}))
    assert "query" in turn.session.grants


def test_choosing_another_item_takes_the_yes_to_it_back() -> None:
    pick = "  pick: {menu: main.third, choices: accounts, each: main.item, into: account, then: bye, only_one: false}\n"
    head = HEAD.replace("accounts:", "account: {type: choice}, accounts:")
    words = {**ZH, "main.item": "{item.name}，请按{key}。"}
    bundle = small_bundle({"main": MAIN.replace("steps:", head) + pick}, words, words)
    for named in ("account", "amount"):
        said = ReadBack({named: {"name": "a"}}, (f"{named}.name",), 1)
        session = proving(bundle, Grant("confirmation", single_use=True, read_back=said))
        session.frames = [Frame("main", "pick", {"accounts": [{"name": "a"}]})]
        kept = "confirmation" in advance(bundle, session, DigitsPressed(AT, "1")).session.grants
        assert kept is (named == "amount")
