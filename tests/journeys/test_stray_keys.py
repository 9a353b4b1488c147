"""Stray keys at every question of every flow: a # behind each entry, a bounced key, and a caller who hammers.

With a provider that drops what is keyed while nothing listens, and with one that keeps it for the next Gather.
"""

import pytest

from tests.journeys.crawl import FULL, QUEUE, Way, act, crawl, place_of, walked
from tests.journeys.steps import BILLS, TRANSFER, prove
from tests.support.caller import Caller
from tests.support.hotline import TRANSACTION, WANG, WITHHELD, Hotline
from tests.support.provider import Provider

PROVIDERS = {
    "dropped": Provider(),
    "kept": Provider(keeps=True),
    "kept, and a lone # is an empty answer": Provider(keeps=True, empties=True),
}
_STANDING = (
    "select (select count(*) from postings), (select count(*) from callbacks), (select count(*) from core_orders), "
    "(select count(*) from cards where state <> 'active'), (select sum(balance_fen) from accounts)"
)


@pytest.fixture(scope="module")
def ways(shared_hotline: Hotline) -> list[Way]:
    """The shortest way to every question, of a customer and of a caller without a number."""
    customer = crawl(shared_hotline, WANG)
    return [*customer, *crawl(shared_hotline, WITHHELD, frozenset(way.places[-1] for way in customer))]


def _longest(ways: list[Way]) -> list[Way]:
    """The ways that are no beginning of another."""
    return [
        w for w in ways if not any(o != w and o.number == w.number and o.deeds[: len(w.deeds)] == w.deeds for o in ways)
    ]


def test_the_crawl_comes_to_every_question_that_needs_no_yes(ways: list[Way]) -> None:
    from tests.support.seeding import built

    asked = {s.qualified_name for flow in built()[1].flows.values() for s in flow.steps.values() if s.node.asks}
    rare = {  # behind an effect, or for a customer of another kind; the transcripts come to them
        "main.more",
        "bills.choose",
        "transfer.from",
        "transfer.repeated",
        "balance.next_of_one",
        "transfer.wait_for_code",
        "passwords.wait_for_code",
        "card_loss.choose",
    }
    assert asked - {place for way in ways for place in way.places} <= rare


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_finishing_key_behind_every_entry_leads_nobody_astray(
    shared_hotline: Hotline, ways: list[Way], provider: Provider
) -> None:
    before = shared_hotline.ask(_STANDING)
    for way in _longest(ways):
        shared_hotline.clock.forward(hours=25)
        caller = shared_hotline.phone(way.number, provider).dial()
        for deed, place in zip(way.deeds, way.places[1:], strict=True):
            act(shared_hotline, caller, deed, then="" if deed.endswith("#") else "#")
            assert place_of(shared_hotline, caller) == place, (way, deed, caller.said[-3:])
        _goes_on_to_its_end(caller)
    assert shared_hotline.ask(_STANDING) == before


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_a_bounced_key_confirms_nothing(shared_hotline: Hotline, ways: list[Way], provider: Provider) -> None:
    before = shared_hotline.ask(_STANDING)
    for way in (way for way in ways if way.deeds and not way.deeds[-1].endswith("#")):
        caller = walked(shared_hotline, Way(way.number, way.deeds[:-1], way.places[:-1]))
        caller.provider = provider
        act(
            shared_hotline,
            caller,
            way.deeds[-1],
            then="1" if way.deeds[-1] in (QUEUE, FULL, "code") else way.deeds[-1][-1],
        )
        _goes_on_to_its_end(caller)
    assert shared_hotline.ask(_STANDING) == before


@pytest.mark.parametrize("number", [WANG, WITHHELD])
@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_who_hammers_the_callback_key_has_not_agreed(shared_hotline: Hotline, provider: Provider, number: str) -> None:
    caller = shared_hotline.phone(number, provider).dial().press("1").press("0").wait().wait_key("1", then="11")
    assert place_of(shared_hotline, caller) in ("queue_offer.offer" if number == WANG else "queue_offer.ask", QUEUE)
    assert shared_hotline.one("select count(*) from callbacks") == 0
    _goes_on_to_its_end(caller)


def _goes_on_to_its_end(caller: Caller) -> None:
    """A caller who is silent from here on is sent to an agent, and then hears a goodbye."""
    for _ in range(12):
        if caller.queue or caller.ended:
            break
        caller.silent()
    assert caller.queue or "再见" in caller.heard, caller.said[-3:]
    caller.hang_up()


def _to_password(hotline: Hotline, provider: Provider) -> Caller:
    """王芳 pays her electricity bill; her transaction password is asked."""
    caller = hotline.phone(WANG, provider).dial().press("1").press(BILLS)
    return prove(caller).press("1").press("3100458812#").press("1").hear("请输入六位交易密码")


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
@pytest.mark.parametrize("stray", ["1", "#1", "11", "#"])
def test_a_bill_is_paid_by_a_yes_to_what_was_heard_alone(
    quick_hotline: Hotline, provider: Provider, stray: str
) -> None:
    caller = _to_password(quick_hotline, provider).press(TRANSACTION[WANG], then=stray)
    assert quick_hotline.one("select count(*) from postings where kind = 'bill' and key like 'CA%'") == 0
    caller.hear("确认缴费，请按1").press("1").hear("缴费成功")
    assert quick_hotline.one("select count(*) from postings where kind = 'bill' and key like 'CA%'") == 1


def test_a_key_typed_ahead_is_told_why_it_does_not_count(quick_hotline: Hotline) -> None:
    caller = _to_password(quick_hotline, PROVIDERS["kept"]).press(TRANSACTION[WANG], then="1")
    assert any(text.startswith("为保障您的资金安全，请听完后再按键。") for text in caller.said)


def test_a_repeated_webhook_of_either_half_gets_the_same_bytes(quick_hotline: Hotline) -> None:
    caller = _to_password(quick_hotline, Provider()).press(TRANSACTION[WANG])
    assert caller.again().text == caller.answers[-1]
    assert "<Gather" not in caller.answers[-2]
    assert caller.answers[-2].endswith("</Redirect></Response>")


def test_keys_that_reach_the_turn_before_its_gather_confirm_nothing(quick_hotline: Hotline) -> None:
    caller = _to_password(quick_hotline, Provider())
    asked = caller._asked().action
    quick_hotline.door.post(asked, caller.pairs(Digits=TRANSACTION[WANG]))  # the facts; their Redirect is not followed
    turn = int(asked.rpartition("/")[2])
    told = quick_hotline.door.post(f"{asked.rpartition('/')[0]}/{turn + 1}", caller.pairs(Digits="1"))
    assert "确认缴费，请按1" in told.text
    assert quick_hotline.one("select count(*) from postings where kind = 'bill' and key like 'CA%'") == 0


def test_a_finishing_key_behind_a_code_does_not_lose_the_transfer(quick_hotline: Hotline) -> None:
    caller = quick_hotline.phone(WANG, PROVIDERS["kept"]).dial().press("1").press(TRANSFER, then="#")
    prove(caller).press("1", then="#").press("2", then="#").press("100#").hear("确认转账，请按1")
    caller.press("1", then="#").press(TRANSACTION[WANG], then="#").press(quick_hotline.code(), then="#")
    assert any("转账成功" in text for text in caller.said)
    assert place_of(quick_hotline, caller) == "main.more"
