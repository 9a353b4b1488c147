"""Transfers: to own accounts and registered payees, within limits, read back, with a second factor, exactly once."""

import pytest

from tests.journeys.steps import (
    LOSS,
    TRANSFER,
    prove,
    sign,
    spoil_code,
    to_code,
    to_read_back,
    to_transfer,
    transferred,
)
from tests.support.books import check_books, moved
from tests.support.hotline import CARD, CHEN, LI, SAVINGS, TRANSACTION, WANG, ZHANG, Hotline


@pytest.mark.both
def test_money_reaches_a_registered_payee_once(hotline: Hotline) -> None:
    caller = to_transfer(hotline.mandarin()).hear("请输入转账金额")
    caller.press("1234*56#").hear("从尾号四四五八的账户，向李强尾号三零零五的账户，转账一千二百三十四元五角六分")
    caller.press("1").hear("请输入六位交易密码")
    sign(caller).hear("验证码已发送至您的预留手机号", "请输入六位验证码")
    code = hotline.code()
    assert hotline.texts() == [
        f"【远山银行】验证码{code}，120秒内有效。您正在向李强（尾号3005）转账1,234.56元。"
        "请勿向任何人透露，包括本行员工。"
    ]
    assert moved(hotline) == []
    caller.press(code).hear("转账成功。已向李强转账一千二百三十四元五角六分", "交易号")
    assert [(kind, fen) for _, kind, fen in moved(hotline)] == [("transfer", 1234_56)]
    assert hotline.balance(CARD[WANG]) == 52_380_66 - 1234_56
    assert hotline.balance(CARD[LI]) == 1_250_00 + 1234_56
    check_books(hotline)
    reference = hotline.one("select reference from postings where key like 'CA%'")
    assert hotline.texts()[-1] == (
        f"【远山银行】您尾号4458的账户于2026-03-04 10:00向李强（尾号3005）转账1,234.56元，交易号{reference}。"
        "如非本人操作，请立即致电本行热线。"
    )


def test_money_reaches_an_own_account(hotline: Hotline) -> None:
    to_read_back(hotline, hotline.mandarin(), "88", payee="1").hear("向本人账户尾号四三二幺的账户，转账八十八元")
    transferred(hotline, "88", payee="1").hear("转账成功")
    assert hotline.balance(SAVINGS) == 8_088_00


def test_the_same_in_english(hotline: Hotline) -> None:
    caller = prove(hotline.english(CHEN).press(TRANSFER)).hear("For 王芳, card ending in four four five eight, press 1")
    caller.press("1").press("20#").hear("you are transferring", "to 王芳")
    sign(caller.press("1"))
    assert hotline.texts(CHEN)[0].startswith("[Yuanshan Bank] Code ")
    caller.press(hotline.code(CHEN)).hear("is complete")
    assert hotline.balance(CARD[WANG]) == 52_380_66 + 20_00


def test_a_transfer_is_at_most_five_thousand(hotline: Hotline) -> None:
    caller = to_transfer(hotline.mandarin()).press("5000*01#").hear("超过单笔限额五千元", "请输入转账金额")
    caller.press("5000#").hear("确认转账")


@pytest.mark.both
def test_a_day_has_room_for_twenty_thousand(hotline: Hotline) -> None:
    for amount in ("5000", "4999", "4998", "4997"):  # 19,994
        hotline.clock.forward(minutes=12)
        transferred(hotline, amount).hear("转账成功")
    to_transfer(hotline.mandarin()).press("6*01#").hear("超过当日剩余额度，今日还可转账六元").press("6#")
    hotline.clock.forward(minutes=12)
    transferred(hotline, "6").hear("转账成功")
    to_transfer(hotline.mandarin()).press("0*01#").hear("超过当日剩余额度")
    check_books(hotline)
    hotline.clock.at(0)
    hotline.clock.forward(days=1)
    to_transfer(hotline.mandarin()).press("5000#").hear("确认转账")


@pytest.mark.both
def test_the_limit_of_a_day_holds_when_two_calls_have_passed_its_check(hotline: Hotline) -> None:
    for amount in ("5000", "4999", "4998"):  # 14,997
        transferred(hotline, amount)
    first, first_code = to_code(hotline, hotline.mandarin(), "4997"), hotline.code()
    second, second_code = to_code(hotline, hotline.mandarin(), "4996"), hotline.code()
    first.press(first_code).hear("转账成功")
    second.press(second_code).hear("超过当日剩余额度，今日还可转账六元")
    assert sum(fen for _, _, fen in moved(hotline)) == 19_994_00


def test_the_transaction_password_is_asked_for_each_transfer(hotline: Hotline) -> None:
    caller = transferred(hotline, "100")
    caller.press("#").press(TRANSFER).press("1").press("2").press("101#").press("1").hear("请输入六位交易密码")
    caller.press("111111").hear("您输入的交易密码有误，您还可以再试两次")
    assert len(moved(hotline)) == 1


@pytest.mark.parametrize("amount", ["0#", "**#", "12*345#", "1000000#"])
def test_what_is_no_amount_is_asked_again(hotline: Hotline, amount: str) -> None:
    to_transfer(hotline.mandarin()).press(amount).hear("转账金额有误")


def test_a_code_approves_no_other_amount(hotline: Hotline) -> None:
    """The caller goes back from the code and keys another amount: the code of before is worth nothing."""
    caller = to_code(hotline, hotline.mandarin(), "100")
    first = hotline.code()
    spoil_code(hotline, caller).press("*").press("*").hear("请输入转账金额").press("200#").hear(
        "转账二百元", "确认转账"
    )
    sign(caller.press("1").hear("请输入六位交易密码")).hear("验证码已发送", "请输入六位验证码")
    second = hotline.code()
    assert "转账200.00元" in hotline.texts()[-1]
    if second != first:
        caller.press(first).hear("验证码有误")
    assert moved(hotline) == []
    caller.press(second).hear("转账成功")
    assert [fen for _, _, fen in moved(hotline)] == [200_00]


def test_a_code_that_was_meant_for_something_else_moves_nothing(hotline: Hotline) -> None:
    caller = to_code(hotline, hotline.mandarin(), "100")
    hotline.do("update one_time_codes set binding = :other", other=b"another payee, another amount")
    caller.press(hotline.code()).hear("该验证码与本次业务不符", "确认转账")
    assert moved(hotline) == []


def test_a_code_of_another_call_is_wrong(hotline: Hotline) -> None:
    to_code(hotline, hotline.mandarin(), "100")
    code = hotline.code()
    second = to_code(hotline, hotline.mandarin(), "100")
    assert hotline.code() != code
    second.press(code).hear("验证码有误")


@pytest.mark.both
def test_the_same_transfer_from_another_call_asks_first(hotline: Hotline) -> None:
    transferred(hotline, "300")
    caller = to_transfer(hotline.mandarin()).press("300#")
    caller.hear("您在十分钟内已向同一收款人转过三百元", "继续转账，请按1")
    caller.fork().press("2").hear("已为您取消，没有转账")


def test_a_repeated_transfer_goes_through_when_it_is_meant(hotline: Hotline) -> None:
    transferred(hotline, "300")
    caller = (
        to_transfer(hotline.mandarin())
        .press("300#")
        .press("1")
        .hear("转账三百元", "确认转账")
        .press("1")
        .hear("请输入六位交易密码")
    )
    hotline.clock.forward(seconds=61)
    sign(caller).press(hotline.code()).hear("转账成功")
    assert len(moved(hotline)) == 2


def test_after_ten_minutes_the_same_transfer_is_not_asked_about(hotline: Hotline) -> None:
    transferred(hotline, "300")
    hotline.clock.forward(minutes=10, seconds=1)
    to_transfer(hotline.mandarin()).press("300#").hear("转账三百元", "确认转账")


def test_a_frozen_account_sends_nothing(hotline: Hotline) -> None:
    prove(hotline.mandarin(ZHANG).press(TRANSFER)).hear("该账户已被冻结", "正在为您转接人工客服")


def test_money_leaves_from_the_account_that_is_not_frozen(hotline: Hotline) -> None:
    first = hotline.one("select min(account_id) from cards")
    hotline.do("update cards set state = 'frozen' where account_id = :first", first=first)
    caller = prove(hotline.mandarin().press(TRANSFER)).hear("请选择收款人")  # the other account is chosen by itself
    caller.press("2").press("10#").hear("从尾号四三二幺的账户")


def test_an_account_that_freezes_before_the_amount_is_keyed_sends_nothing(hotline: Hotline) -> None:
    caller = to_transfer(hotline.mandarin())
    hotline.do("update cards set state = 'frozen'")
    caller.press("1#").hear("该账户已被冻结")


def test_an_account_that_freezes_during_the_call_sends_nothing(hotline: Hotline) -> None:
    caller = to_code(hotline, hotline.mandarin(), "10")
    hotline.do("update cards set state = 'frozen'")
    caller.press(hotline.code()).hear("该账户已被冻结")
    assert moved(hotline) == []


def test_more_than_there_is_is_refused(hotline: Hotline) -> None:
    """李强 has 1,250.00 and no payee; 王芳's savings hold 8,000.00, so two transfers empty them."""
    caller = to_transfer(hotline.mandarin(), source="2", payee="2").press("5000#")
    sign(caller.press("1")).press(hotline.code()).hear("转账成功")
    caller.press("#").press(TRANSFER).press("2").press("2").press("3000*01#").hear("可用余额不足。请输入转账金额")


def test_li_has_nobody_to_send_to(hotline: Hotline) -> None:
    prove(hotline.mandarin(LI).press(TRANSFER)).hear("您没有登记收款人", "账户查询，请按2")


def test_a_caller_who_says_no_sends_nothing(hotline: Hotline) -> None:
    to_read_back(hotline, hotline.mandarin(), "10").press("2").hear("已为您取消，没有转账")
    assert moved(hotline) == []


@pytest.mark.both
def test_back_does_not_cross_a_transfer_that_stands(hotline: Hotline) -> None:
    caller = transferred(hotline, "100").hear("继续办理，请按井号键")
    for _ in range(3):
        caller.press("*").hear("继续办理，请按井号键").not_hear("确认转账")
    assert len(moved(hotline)) == 1


def test_a_lost_card_sends_nothing(hotline: Hotline) -> None:
    caller, code = to_code(hotline, hotline.mandarin(), "10"), hotline.code()
    hotline.mandarin().press(LOSS).press("1").press("1").hear("挂失成功")
    caller.press(code).hear("该卡已挂失，无法办理此项业务")
    assert moved(hotline) == []
    assert TRANSACTION[WANG] not in "".join(caller.said)
