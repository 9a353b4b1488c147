"""Limits for all callers: withheld numbers, guesses in one call, lost cards, callbacks, texts."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.journeys.steps import BALANCE, LOSS
from tests.support.caller import Caller
from tests.support.hotline import (
    CARD,
    CHEN,
    LI,
    QUERY,
    SAVINGS,
    STRANGER,
    WANG,
    WITHHELD,
    ZHANG,
    Clock,
    Hotline,
    open_hotline,
)  # fmt: skip

pytestmark = pytest.mark.both  # counts that SQL makes, under a lock

NOBODYS = ("6222021001122334459", "6222021001122334467", "6222021001122334475", "6222021001122334483")
Opened = Callable[..., Hotline]


@pytest.fixture
def with_rules(seeded_sqlite: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Opened]:
    """Opens an installation one of whose sections, or sections of sections, has other numbers."""
    opened: list[Hotline] = []

    def open_(section: str, **rules: Any) -> Hotline:
        above, _, name = section.rpartition(".")
        holder = getattr(settings, above) if above else settings
        other = holder.model_copy(update={name: getattr(holder, name).model_copy(update=rules)})
        changed = settings.model_copy(update={above: other}) if above else other
        opened.append(open_hotline(seeded_sqlite, changed, keyring, clock))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def _identify(hotline: Hotline, number: str, card: str) -> Caller:
    return hotline.mandarin(number).press(BALANCE).press("1").press(f"{card}#")


def _report(hotline: Hotline, number: str, card: str) -> Caller:
    return hotline.mandarin(number).press(LOSS).press("1").press(f"{card}#").press("1")


# --- withheld numbers ------------------------------------------------------------------------------------------------


def test_withheld_numbers_are_counted_together(with_rules: Opened) -> None:
    hotline = with_rules("verification.withheld", customers_an_hour=3)
    for number, card in zip((WITHHELD, "RESTRICTED", "+2562533"), (WANG, LI, CHEN), strict=True):
        _identify(hotline, number, CARD[card]).hear("请输入六位查询密码")
    _identify(hotline, "+266696687", CARD[ZHANG]).hear("该电话号码暂时只能办理人工服务")


def test_wrong_passwords_from_withheld_numbers_are_counted_together(with_rules: Opened) -> None:
    hotline = with_rules("verification.withheld", failures_an_hour=2)
    for card in (WANG, LI):
        _identify(hotline, WITHHELD, CARD[card]).press("111111").hear("您输入的号码或密码有误")
    _identify(hotline, WITHHELD, CARD[CHEN]).hear("该电话号码暂时只能办理人工服务")
    _identify(hotline, STRANGER, CARD[CHEN]).hear("请输入六位查询密码")


def test_withheld_numbers_report_so_many_cards_a_day_together(with_rules: Opened) -> None:
    hotline = with_rules("card_loss", withheld_reports_a_day=1)
    _report(hotline, WITHHELD, CARD[WANG]).hear("挂失成功")
    _report(hotline, "RESTRICTED", CARD[LI]).hear("今日挂失次数已达上限")
    _report(hotline, STRANGER, CARD[LI]).hear("挂失成功")


def test_so_many_cards_of_one_customer_are_reported_a_day(with_rules: Opened) -> None:
    hotline = with_rules("card_loss", customer_reports_a_day=1)
    _report(hotline, STRANGER, CARD[WANG]).hear("挂失成功")
    caller = hotline.mandarin(LI).press(LOSS).press("8").press("1").press(f"{SAVINGS}#").press("1")
    caller.hear("今日挂失次数已达上限")
    hotline.clock.forward(days=1)
    hotline.mandarin(WANG).press(LOSS).press("2").press("1").hear("挂失成功")


# --- one call --------------------------------------------------------------------------------------------------------


def test_one_call_names_three_customers(with_rules: Opened) -> None:
    hotline = with_rules("verification.caller_number", customers_an_hour=50)
    caller = _identify(hotline, STRANGER, CARD[WANG])
    for card in (LI, CHEN):
        caller.press("*").press("1").press(f"{CARD[card]}#").hear("请输入六位查询密码")
    caller.press("*").press("1").press(f"{CARD[ZHANG]}#").hear("该电话号码暂时只能办理人工服务")
    assert caller.queue


def test_one_call_guesses_three_lost_cards(hotline: Hotline) -> None:
    caller = hotline.mandarin(WITHHELD).press(LOSS)
    for card in NOBODYS[:2]:
        caller.press("1").press(f"{card}#").hear("没有查询到相应的银行卡")
    caller.press("1").press(f"{NOBODYS[2]}#").hear("将由人工客服为您办理挂失")
    assert caller.queue == "security"


def test_identity_cards_are_guessed_no_more_often_than_cards(hotline: Hotline) -> None:
    caller = hotline.mandarin(WITHHELD).press(LOSS).press("1").press(f"{NOBODYS[0]}#")
    caller.press("2").press("110101199003074216").hear("没有查询到相应的银行卡")
    caller.press("2").press("110101199003074217").hear("将由人工客服为您办理挂失")


def test_one_call_looks_up_the_lost_cards_of_three_customers(hotline: Hotline) -> None:
    caller = hotline.mandarin(WITHHELD).press(LOSS)
    for card in (WANG, LI, CHEN):
        caller.press("1").press(f"{CARD[card]}#").hear("即将挂失").press("*").press("*")
    caller.press("1").press(f"{CARD[ZHANG]}#").hear("将由人工客服为您办理挂失").not_hear("即将挂失")


# --- a lost card -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys", [("1",), ("8", "1", f"{CARD[WANG]}#"), ("8", "2", "110101199003074215", "1")],
    ids=["offered", "by its number", "by the identity card"],
)  # fmt: skip
def test_a_blocked_number_still_stops_its_owners_card(hotline: Hotline, keys: tuple[str, ...]) -> None:
    """A stranger with a spoofed number can get it blocked; that must not prevent the owner's report."""
    for card in (LI, CHEN, ZHANG):
        hotline.mandarin().press(BALANCE).press("8").press("1").press(f"{CARD[card]}#")
    hotline.mandarin().press(BALANCE).press("1").hear("该电话号码暂时只能办理人工服务")
    hotline.mandarin().press(LOSS).keys(*keys).hear("即将挂失尾号四四五八的银行卡").press("1").hear("挂失成功")


def test_one_card_number_tells_nothing_of_the_holders_other_cards(hotline: Hotline) -> None:
    caller = _identify(hotline, STRANGER, CARD[WANG]).press("*").press("#").press(LOSS)
    caller.hear("按银行卡号挂失，请按1").not_hear("四三二幺", "四四五八")


# --- callbacks and texts ---------------------------------------------------------------------------------------------


def _booked(hotline: Hotline, number: str = WANG) -> Caller:
    return hotline.mandarin(number).press("0").wait().wait_key("1").press("1")


def test_a_number_is_owed_one_callback_at_a_time(hotline: Hotline) -> None:
    _booked(hotline).hear("已为您登记回电")
    _booked(hotline).hear("该号码已经登记过回电").not_hear("已为您登记回电")
    assert hotline.one("select count(*) from callbacks") == 1
    assert len(hotline.texts()) == 1
    hotline.do("update callbacks set state = 'completed'")
    _booked(hotline).hear("已为您登记回电")


def test_a_number_asks_for_three_callbacks_a_day(with_rules: Opened) -> None:
    hotline = with_rules("texts", unproven_a_day=1)
    for _ in range(3):
        _booked(hotline).hear("已为您登记回电")
        hotline.do("update callbacks set state = 'completed'")
    _booked(hotline).hear("今日登记回电的次数已达上限", "请您继续等候")
    assert hotline.one("select count(*) from callbacks") == 3
    assert len(hotline.texts()) == 1, "a second text that nobody proved to want"
    hotline.clock.forward(days=1, seconds=1)
    _booked(hotline).hear("已为您登记回电")
    assert len(hotline.texts()) == 2


def test_texts_to_a_customer_who_proved_themselves_are_not_counted(with_rules: Opened) -> None:
    hotline = with_rules("texts", unproven_a_day=1)
    for _ in range(2):
        caller = hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).press("0").wait().wait_key("1")
        caller.press("1").hear("已为您登记回电")
        hotline.do("update callbacks set state = 'completed'")
    assert len(hotline.texts()) == 2
