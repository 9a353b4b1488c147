"""Every refused answer counts, and a caller with too many refused answers is sent to an agent."""

import pytest

from tests.journeys.steps import BILLS, LOSS, PASSWORDS, prove, to_new_password, to_transfer
from tests.support.caller import Caller
from tests.support.hotline import STRANGER, WANG, WITHHELD, Hotline


def _thrice(caller: Caller, *keys: str) -> Caller:
    for _ in range(3):
        if caller.queue or caller.ended:
            break
        caller.keys(*keys)
    return caller


def test_an_unknown_bill_number_is_asked_for_three_times(quick_hotline: Hotline) -> None:
    caller = prove(quick_hotline.mandarin().press(BILLS)).press("1")
    caller.press("99999999#").hear("没有查询到电费户号").press("99999999#").hear("请输入电费户号")
    caller.press("99999999#").hear("没有查询到电费户号", "正在为您转接人工客服")
    assert caller.queue == "payments"


def test_refused_and_wrong_answers_count_together(quick_hotline: Hotline) -> None:
    caller = prove(quick_hotline.mandarin().press(BILLS)).press("1").press("99999999#").press("1#")
    assert caller.press("99999999#").hear("没有查询到电费户号").queue == "payments"


def test_an_amount_that_the_check_refuses_is_asked_for_three_times(quick_hotline: Hotline) -> None:
    caller = _thrice(to_transfer(quick_hotline.mandarin()), "500000#")
    assert caller.hear("转账金额超过单笔限额").queue == "transfers"


def test_a_number_that_is_not_called_back_is_asked_for_three_times(quick_hotline: Hotline) -> None:
    caller = quick_hotline.mandarin(WITHHELD).press("0").leave("queue-full").hear("请输入回电号码")
    _thrice(caller, "12345678#").hear("该号码无法回电", "没有为您登记回电")
    assert caller.ended


def test_who_waits_and_keys_such_a_number_waits_on(quick_hotline: Hotline) -> None:
    caller = quick_hotline.mandarin(WITHHELD).press("0").wait().wait_key("1").hear("请输入回电号码")
    caller.press("12345678#").hear("该号码无法回电", "请输入回电号码").press("12345678#").hear("该号码无法回电")
    assert caller.wait().queue == "general"


def test_a_card_that_is_not_found_counts_though_another_question_comes_between(quick_hotline: Hotline) -> None:
    caller = quick_hotline.mandarin(STRANGER).press(LOSS)
    assert _thrice(caller, "1", "6222021009999999999#").queue == "security"


def test_two_entries_that_differ_three_times_come_to_a_person(quick_hotline: Hotline) -> None:
    caller = to_new_password(quick_hotline, quick_hotline.mandarin())
    assert _thrice(caller, "508264", "508265").hear("两次输入的新密码不一致").queue == "security"


@pytest.mark.parametrize("key", ["9", "*", "#", "7"])
def test_a_key_that_the_greeting_does_not_offer_is_wrong_there(quick_hotline: Hotline, key: str) -> None:
    caller = quick_hotline.caller(WANG).press(key).hear("抱歉", "Sorry", "普通话，请按1")
    assert caller.press(key).press(key).queue


def test_a_person_is_there_at_the_greeting(quick_hotline: Hotline) -> None:
    assert quick_hotline.caller().press("0").queue


@pytest.mark.parametrize("key", ["9", "*"])
def test_who_has_everything_repeated_comes_to_a_person_in_the_end(quick_hotline: Hotline, key: str) -> None:
    caller = quick_hotline.mandarin().press(PASSWORDS)
    for _ in range(quick_hotline.settings.call.misses + 3):
        if caller.queue:
            break
        caller.press(key)
    assert caller.queue
