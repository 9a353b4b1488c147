"""Bills: looked up, read back, paid once, and a receipt by text."""

import pytest

from tests.journeys.steps import BILLS, LOSS, prove, sign, to_bill
from tests.support.books import check_books, moved
from tests.support.hotline import CARD, CHEN, LI, QUERY, SAVINGS, TRANSACTION, WANG, ZHANG, Hotline


@pytest.mark.both
def test_a_bill_is_read_back_and_paid_once(hotline: Hotline) -> None:
    caller = to_bill(hotline.mandarin()).hear("电费户号", "本期应缴一百八十六元四角", "请选择付款账户")
    sign(caller.press("1"))
    caller.hear("从尾号四四五八的账户，缴纳电费一百八十六元四角", "确认缴费，请按1")
    assert moved(hotline) == []
    caller.press("1").hear("缴费成功", "一百八十六元四角", "回单号")
    [(key, kind, fen)] = moved(hotline)
    assert (kind, fen) == ("bill", 186_40)
    assert key.startswith(f"{caller.call}:")
    assert hotline.balance(CARD[WANG]) == 52_380_66 - 186_40
    check_books(hotline)
    reference = hotline.one("select reference from postings where key = :k", k=key)
    [receipt] = hotline.texts()
    assert receipt == f"【远山银行】您尾号4458的账户于2026-03-04 10:00缴纳电费186.40元，回单号{reference}。"


def test_a_paid_bill_is_not_due_any_more(hotline: Hotline) -> None:
    sign(to_bill(hotline.mandarin()).press("1")).press("1")
    to_bill(hotline.mandarin()).hear("目前没有欠费", "账户查询，请按2")
    assert len(moved(hotline)) == 1


@pytest.mark.both
def test_two_callers_at_the_same_bill_pay_it_once(hotline: Hotline) -> None:
    first = sign(to_bill(hotline.mandarin()).press("1"))
    second = sign(to_bill(hotline.mandarin()).press("1"))
    first.press("1").hear("缴费成功")
    second.press("1").hear("该账单已经缴清")
    assert [fen for _, _, fen in moved(hotline)] == [186_40]
    check_books(hotline)


def test_a_number_the_biller_does_not_know_can_be_keyed_again(hotline: Hotline) -> None:
    caller = to_bill(hotline.mandarin(), "3100458813").hear("没有查询到电费户号", "请您核对。请输入电费户号")
    caller.press("3100458812#").hear("本期应缴一百八十六元四角")


def test_nothing_due_is_said(hotline: Hotline) -> None:
    to_bill(hotline.mandarin(), "50221907", "3").hear("燃气费", "目前没有欠费", "账户查询，请按2")


def test_a_caller_who_says_no_pays_nothing(hotline: Hotline) -> None:
    sign(to_bill(hotline.mandarin()).press("1")).press("2").hear("已为您取消，没有扣款")
    assert moved(hotline) == []
    assert hotline.texts() == []


def test_the_same_in_english_from_the_second_account(hotline: Hotline) -> None:
    caller = prove(hotline.english(WANG).press(BILLS)).press("2").press("12000786#")
    caller.hear("your water bill is sixty-three yuan").press("2").press(TRANSACTION[WANG])
    caller.hear("From the account ending in four three two one").press("1").hear("The payment of", "is complete")
    assert hotline.balance(SAVINGS) == 8_000_00 - 63_25
    assert hotline.texts()[0].startswith("[Yuanshan Bank] CNY 63.25 was paid")


def test_a_bill_that_changed_after_it_was_read_is_looked_up_again(hotline: Hotline) -> None:
    caller = sign(to_bill(hotline.mandarin()).press("1"))
    hotline.do("update bills set amount_fen = 20000 where amount_fen = 18640")
    caller.press("1").hear("该账单金额已更新", "本期应缴二百元")
    assert moved(hotline) == []


def test_an_account_without_enough_offers_another(hotline: Hotline) -> None:
    hotline.do("update bills set amount_fen = 900000 where amount_fen = 18640")
    caller = sign(to_bill(hotline.mandarin()).press("2"))
    caller.press("1").hear("该账户可用余额不足，请选择其他账户").press("1")
    assert moved(hotline) == []
    sign(caller).press("1").hear("缴费成功")
    assert hotline.balance(CARD[WANG]) == 52_380_66 - 9_000_00


def test_chen_pays_her_own_bill_in_english(hotline: Hotline) -> None:
    caller = prove(hotline.english(CHEN).press(BILLS)).press("1").press("3100458812#")
    sign(caller).press("1").hear("is complete")
    assert hotline.balance(CARD[CHEN]) == 300_000_00 - 186_40


def test_the_only_account_is_not_chosen_again_where_it_has_not_enough(hotline: Hotline) -> None:
    hotline.do("update bills set amount_fen = 900000 where amount_fen = 18640")
    caller = hotline.mandarin(LI).press(BILLS).press("1").press(QUERY[LI]).press("1").press("3100458812#")
    sign(caller).press("1").hear("您的账户可用余额不足，没有缴费", "账户查询，请按2")


def test_a_frozen_account_is_told_before_any_password(hotline: Hotline) -> None:
    to_bill(hotline.mandarin(ZHANG)).hear("本期应缴", "该账户已被冻结", "正在为您转接人工客服")


def test_a_bill_is_paid_from_the_card_that_is_not_lost(hotline: Hotline) -> None:
    hotline.mandarin().press(LOSS).press("1").press("1").hear("挂失成功", "四四五八")
    sign(to_bill(hotline.mandarin())).hear("从尾号四三二幺的账户").press("1").hear("缴费成功")
    assert hotline.balance(CARD[WANG]) == 52_380_66
