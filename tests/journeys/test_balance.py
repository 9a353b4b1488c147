"""Balances and movements: only after the query password, spoken exactly, over several accounts."""

import pytest

from tests.journeys.steps import BALANCE, prove, prove_by_card
from tests.support.hotline import CARD, CHEN, LI, QUERY, STRANGER, WANG, WITHHELD, ZHANG, Hotline


@pytest.mark.both
def test_a_registered_mobile_hears_its_balances(hotline: Hotline) -> None:
    caller = hotline.mandarin().hear("账户查询，请按2").press(BALANCE)
    caller.hear("请选择银行卡", "尾号四四五八的银行卡，请按1", "尾号四三二幺的银行卡，请按2")
    caller.press("1").hear("请输入六位查询密码").not_hear("余额", "五万")
    caller.press(QUERY[WANG]).hear("尾号四四五八的账户，余额五万二千三百八十元六角六分。").not_hear("可用")
    caller.press("2").hear("您名下有多个账户").press("2").hear("尾号四三二幺的账户，余额八千元")


@pytest.mark.both
def test_the_latest_movements_are_heard_newest_first(hotline: Hotline) -> None:
    caller = prove(hotline.mandarin().press(BALANCE)).press("1").press("1")
    caller.hear("最近五笔交易", "缴费，支出一百元", "工资，存入一万二千八百六十元", "转账，支出三百元")
    assert caller.heard.index("缴费，支出一百元") < caller.heard.index("工资，存入一万二千八百六十元")
    assert caller.heard.count("支出") + caller.heard.count("存入") == 5


@pytest.mark.parametrize(
    ("number", "balance"),
    [(LI, "余额一千二百五十元"), (ZHANG, "余额四千三百一十六元二角五分")],
    ids=["one account is read at once", "a frozen account may be asked about"],
)
def test_a_customer_with_one_account_is_not_asked_which(hotline: Hotline, number: str, balance: str) -> None:
    prove(hotline.mandarin(number).press(BALANCE)).hear(balance).not_hear("您名下有多个账户")


def test_the_same_call_in_english(hotline: Hotline) -> None:
    caller = hotline.english(CHEN).hear("For balances, press 2").press(BALANCE)
    caller.hear("For your card ending in five zero six eight, press 1").press("1").hear("six-digit inquiry password")
    caller.press(QUERY[CHEN]).hear("three hundred thousand yuan")
    caller.press("1").hear("The latest five transactions", "salary, received", "bill payment, paid")


@pytest.mark.parametrize("number", [STRANGER, WITHHELD, "+266696687", "client:alice"])
def test_a_number_that_is_not_registered_keys_a_card(hotline: Hotline, number: str) -> None:
    caller = hotline.mandarin(number).press(BALANCE).hear("使用银行卡号，请按1").not_hear("请选择银行卡")
    caller.press("1").press(f"{CARD[WANG]}#").hear("请输入六位查询密码")
    caller.press(QUERY[WANG]).hear("尾号四四五八的账户，余额五万二千三百八十元六角六分")


def test_an_identity_card_with_an_x_is_keyed_with_the_star(hotline: Hotline) -> None:
    caller = hotline.english(STRANGER).press(BALANCE).press("2").press("44030619781126501*")
    caller.press(QUERY[CHEN]).hear("The account ending in five zero six eight")


def test_a_verification_lasts_ten_minutes(hotline: Hotline) -> None:
    hotline.pauses = False
    caller = prove(hotline.mandarin(LI).press(BALANCE))
    hotline.clock.forward(minutes=9, seconds=59)
    caller.press("1").hear("最近五笔交易")
    hotline.clock.forward(seconds=1)
    caller.press("1").hear("请输入六位查询密码").not_hear("工资")
    caller.press(QUERY[LI]).hear("最近五笔交易")


def test_movements_of_this_year_are_said_without_it(hotline: Hotline) -> None:
    prove(hotline.mandarin(LI).press(BALANCE)).press("1").hear(
        "最近五笔交易。二月二十三日，", "二零二五年十二月"
    ).not_hear("二零二六年")
    hotline.clock.forward(days=365)
    prove(hotline.mandarin(LI).press(BALANCE)).press("1").hear("二零二六年二月二十三日，转账")


def test_what_is_available_is_said_where_it_is_another_amount(hotline: Hotline) -> None:
    prove_by_card(hotline.mandarin(ZHANG).press(BALANCE)).hear("已被冻结，余额", "，可用余额零元")
    prove_by_card(hotline.mandarin(LI).press(BALANCE)).hear("余额一千二百五十元。").not_hear("可用")
