"""Changing a password: the old one and a code, weak ones refused, the customer told, transfers held for a day."""

from itertools import pairwise

import pytest

from tests.journeys.steps import BALANCE, PASSWORDS, TRANSFER, prove, to_new_password, to_transfer
from tests.support.hotline import CHEN, LI, QUERY, TRANSACTION, WANG, Hotline

FRESH = "508264"


@pytest.mark.both
def test_the_query_password_is_changed(hotline: Hotline) -> None:
    caller = to_new_password(hotline, hotline.mandarin()).hear("请输入六位新密码")
    caller.press(FRESH).hear("请再次输入新密码").press(FRESH)
    caller.hear("密码修改成功", "二零二六年三月五日上午十点之前暂停电话转账")
    texts = hotline.texts()
    assert "您正在修改查询密码" in texts[0]
    assert texts[1] == (
        "【远山银行】您的查询密码已于2026-03-04 10:00修改，2026-03-05 10:00之前暂停电话转账。"
        "如非本人操作，请立即致电本行热线。"
    )
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("您还可以再试两次").press(FRESH).hear("账户")


def test_the_transaction_password_is_changed_in_english(hotline: Hotline) -> None:
    caller = to_new_password(hotline, hotline.english(CHEN), "2").hear("new six-digit password")
    caller.press(FRESH).press(FRESH).hear("Your password has been changed")
    assert "to change your transaction password" in hotline.texts(CHEN)[0]
    hotline.clock.forward(days=1)
    transfer = prove(hotline.english(CHEN).press(TRANSFER)).press("1").press("10#").press("1")
    transfer.press(TRANSACTION[CHEN]).hear("is incorrect").press(FRESH).hear("A code was sent")


def test_transfers_are_held_for_a_day(hotline: Hotline) -> None:
    hotline.pauses = False
    to_new_password(hotline, hotline.mandarin()).press(FRESH).press(FRESH)
    hotline.clock.forward(hours=23, minutes=59, seconds=59)
    caller = hotline.mandarin().press(TRANSFER).press("1").press(FRESH).press("2")
    caller.press("1#").hear("您近期修改过密码", "电话转账将于二零二六年三月五日上午十点恢复")
    hotline.clock.forward(seconds=1)
    caller = hotline.mandarin().press(TRANSFER).press("1").press(FRESH).press("2")
    caller.press("1#").hear("确认转账")


def test_a_transfer_that_was_read_back_before_a_change_is_held_too(hotline: Hotline) -> None:
    waiting = to_transfer(hotline.mandarin()).press("10#").press("1").press(TRANSACTION[WANG])
    code = hotline.code()
    hotline.clock.forward(seconds=61)
    to_new_password(hotline, hotline.mandarin()).press(FRESH).press(FRESH).hear("修改成功")
    waiting.press(code).hear("您近期修改过密码")


def test_a_wrong_old_password_goes_no_further(hotline: Hotline) -> None:
    caller = hotline.mandarin().press(PASSWORDS).press("1").press("1").press("111111").hear("您还可以再试两次")
    caller.press("222222").press("333333").hear("本次通话中密码输入错误次数已达上限")
    assert caller.queue == "security"
    assert hotline.texts() == []


@pytest.mark.parametrize(
    "weak",
    [
        "111111", "121212", "112122", "123456", "987654", "890123", "246246", "353535", "113355", "900307", "070390",
        "199003", "202603", "110101", "307421", "138001", "800138", "622202", "122334", "334458", "654321",
    ],
)  # fmt: skip
def test_a_weak_new_password_is_refused(weak: str, shared_hotline: Hotline) -> None:
    shared_hotline.clock.forward(days=1)
    caller = to_new_password(shared_hotline, shared_hotline.mandarin())
    caller.press(weak).hear("新密码过于简单", "请输入六位新密码")


@pytest.mark.both
def test_the_other_password_is_refused(hotline: Hotline) -> None:
    caller = to_new_password(hotline, hotline.mandarin())
    caller.press(TRANSACTION[WANG]).hear("查询密码和交易密码不能相同", "请输入六位新密码")


@pytest.mark.both
def test_the_last_five_passwords_are_refused(hotline: Hotline) -> None:
    used = [QUERY[WANG], "508264", "614729", "730582", "853947", "962518"]
    for before, new in pairwise(used):
        hotline.clock.forward(days=1)
        caller = hotline.mandarin().press(PASSWORDS).press("1").press("1").press(before).press(hotline.code())
        caller.press(new).press(new).hear("密码修改成功")
    for judged in (used[1:4], used[4:]):  # a code is good for three
        hotline.clock.forward(days=1)
        caller = hotline.mandarin().press(PASSWORDS).press("1").press("1").press(used[-1]).press(hotline.code())
        for each in judged:
            caller.press(each).hear("新密码近期使用过")
    caller.press(used[0]).hear("请再次输入新密码")


def test_two_different_entries_change_nothing(hotline: Hotline) -> None:
    caller = to_new_password(hotline, hotline.mandarin()).press(FRESH).press("508265")
    caller.hear("两次输入的新密码不一致", "请输入六位新密码")
    prove(hotline.mandarin().press(BALANCE)).hear("您名下有多个账户")


def test_one_old_password_is_good_for_one_change(hotline: Hotline) -> None:
    caller = to_new_password(hotline, hotline.mandarin()).press(FRESH).press(FRESH).hear("修改成功")
    caller.press("#").press(PASSWORDS).press("1").hear("请输入六位原密码")


def test_li_changes_his_query_password_and_is_told_at_his_own_number(hotline: Hotline) -> None:
    to_new_password(hotline, hotline.mandarin(LI)).press(FRESH).press(FRESH).hear("修改成功")
    assert len(hotline.texts(LI)) == 2
    assert hotline.texts(WANG) == []
