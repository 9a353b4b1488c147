"""A yes at run time: it is valid for what its question named, in the flow that asked, and for nothing else."""

from datetime import timedelta

import pytest

from ivr.engine.bundle import Bundle
from ivr.engine.events import Grant, NothingHeard, ReadBack, SpeechHeard, TurnFailed
from ivr.engine.session import Frame, Session, dump, load
from tests.engine.played_call import AT, PlayedCall
from tests.engine.small_bank import MAIN, small_bundle

VARIABLES = "amount: {type: money}, balance: {type: money}, number: {type: digits}, "
VARIABLES += "item: {type: choice}, accounts: {type: list}"
INNER = """
flow: inner
start: s
variables: {amount: {type: money}}
steps:
  s: {set: {amount: "7"}, then: ask}
  ask: {collect: amount, prompt: main.ask, amount: {}, then: return}
"""
ELSE = 'flow: elsewhere\nstart: s\nsteps:\n  s: {menu: main.third, options: {"1": main.pay}}\n'
WORDS = {
    "main.ask": "请输入金额。", "main.sure": "{amount|money}。", "main.keys": "是，请按1。否，请按2。",
    "main.third": "甲，请按1。",
    "main.item": "{item.last4|digits}，请按{key}。", "common.too_long": "没有办理。",
    "common.system_down": "系统繁忙。",
}  # fmt: skip

LATE = NothingHeard(AT + timedelta(minutes=2))  # after the time that a finishing # may take


def bundle(between: str, confirm: str = "[main.sure, main.keys]", give: str = "amount", **words: str) -> Bundle:
    """Key 1: an amount, read back, then `between`, which leads to pay."""
    steps = f"""
  ask: {{collect: amount, prompt: main.ask, amount: {{}}, then: look}}
  look: {{service: find_balance, outcomes: {{found: sure, unavailable: menu}}}}
  sure: {{confirm: {confirm}, "yes": between, "no": menu}}
  between: {between}
  more: {{menu: main.third, options: {{"1": pay}}}}
  pay: {{service: pay, with: {{amount: {give}}}, outcomes: {{paid: menu, no_funds: menu, unavailable: menu}}}}
"""
    text = MAIN.replace("steps:", f"variables: {{{VARIABLES}}}\nsteps:").replace('"1": say_hello', '"1": ask') + steps
    return small_bundle({"main": text, "inner": INNER, "elsewhere": ELSE}, {**WORDS, **words}, {**WORDS, **words})


def yes(bundle: Bundle) -> PlayedCall:
    """A customer who keyed 100 yuan and said yes to them."""
    line = PlayedCall(bundle)
    line.session.customer_id = "1"
    line.session.grants["query"] = Grant("query")
    line.press("1", "100").answer("found", balance=5, accounts=[{"last4": "1"}] * 2)
    return line.press("1")


def is_asked(line: PlayedCall) -> bool:
    """The payment is asked for; else its gate was closed, and the caller heard that nothing was done."""
    asked = line.turn.invoke is not None and line.turn.invoke.service == "pay"
    assert asked or "common.too_long" in line.keys
    return asked


def test_nothing_between_the_yes_and_the_deed() -> None:
    assert is_asked(yes(bundle("{say: main.hello, then: pay}")))


@pytest.mark.parametrize(
    ("between", "keys"),
    [
        ("{set: {amount: amount}, then: pay}", ()),
        ("{set: {amount: amount + 1}, then: pay}", ()),
        ("{collect: amount, prompt: main.ask, amount: {}, then: pay}", ("100",)),
        ("{call: inner, take: [amount], then: pay}", ("100",)),
        ("{go: elsewhere}", ("1",)),
    ],
)
def test_a_write_to_what_was_named_drops_the_yes_even_of_the_same_value(between: str, keys: tuple[str, ...]) -> None:
    assert not is_asked(yes(bundle(between)).press(*keys))


@pytest.mark.parametrize(
    ("between", "keys"),
    [
        ("{set: {number: '\"1\"'}, then: pay}", ()),
        ("{collect: number, prompt: main.ask, digits: {exactly: 4}, then: pay}", ("1234",)),
        ("{call: inner, then: pay}", ("100",)),  # its amount is another
        ("{menu: main.third, choices: accounts, each: main.item, into: item, then: pay}", ("2",)),
    ],
)
def test_other_writes_leave_the_yes_as_it_is(between: str, keys: tuple[str, ...]) -> None:
    line = yes(bundle(between)).press(*keys)
    assert is_asked(line)
    assert line.turn.invoke is not None
    assert line.turn.invoke.input_variables == {"amount": "amount"}


def test_an_outcome_that_sets_what_was_named_drops_the_yes() -> None:
    again = "{service: find_balance, outcomes: {found: pay, unavailable: menu}}"
    for named, kept in (("amount", True), ("balance", False)):
        line = yes(bundle(again, give=named, **{"main.sure": f"{{{named}|money}}。"}))
        assert is_asked(line.answer("found", balance=5, accounts=[])) is kept


def test_an_item_that_is_chosen_again_drops_the_yes_to_it() -> None:
    pick = "{menu: main.third, choices: accounts, each: main.item, into: item, then: pay, only_one: false}"
    line = yes(bundle(pick, **{"main.sure": "{amount|money}{balance|money}。"}))
    said = line.session.grants["confirmation"].read_back
    assert said is not None
    assert said.values == {"amount": 100_00, "balance": 5}
    assert is_asked(line.press("1"))


def test_a_yes_to_less_or_to_another_variable_opens_no_gate() -> None:
    assert not is_asked(yes(bundle("{go: pay}", confirm="main.keys")))
    assert not is_asked(yes(bundle("{go: pay}", give="balance")))


def test_who_said_yes_and_leaves_for_a_person_hears_that_nothing_was_done() -> None:
    line = yes(bundle("{call: inner, then: pay}")).take(LATE).take(LATE).take(LATE)
    assert line.keys == ["common.too_long"]
    assert line.turn.invoke is not None
    assert line.turn.invoke.service == "join_queue"
    line = yes(bundle('{menu: main.third, options: {"1": pay}}')).press("0")
    assert line.keys == ["common.too_long"]
    line = yes(bundle("{call: inner, then: pay}")).take(TurnFailed(AT, "common.system_down"))
    assert line.keys == ["common.system_down"]


def test_a_no_and_a_step_back_take_the_yes_away() -> None:
    for keys in ("*", "2"):
        line = yes(bundle("{confirm: main.keys, yes: pay, no: pay}")).press(keys)
        assert "confirmation" not in line.session.grants
    assert not is_asked(yes(bundle("{confirm: main.keys, yes: pay, no: pay}")).take(SpeechHeard(AT, "是的")))


def test_what_was_read_back_is_stored_with_the_session() -> None:
    session = Session("call", "hash", "zh-CN", 1.5)
    session.frames = [Frame("main", "menu", {"payee": {"id": "7"}})]
    said = ReadBack({"payee": {"id": "7"}}, ("amount", "payee.name"), 1)
    session.grants = {"confirmation": Grant("confirmation", single_use=True, read_back=said)}
    assert load(dump(session)) == session


def test_digits_that_are_keyed_stand_nowhere_in_the_trail_whatever_they_are_compared_with() -> None:
    text = (
        MAIN.replace("steps:", f"variables: {{{VARIABLES}}}\nsteps:").replace('"1": say_hello', '"1": ask')
        + """
  ask: {collect: number, prompt: main.ask, digits: {exactly: 6}, then: judge}
  judge: {branch: [{when: number == "739164", then: bye}], else: menu}
"""
    )
    line = PlayedCall(small_bundle({"main": text}, WORDS, WORDS)).press("1")
    trail = line.turn.trail + line.press("739164").turn.trail
    assert ("main.judge", "row 1") in trail
    assert "739164" not in str(trail)
