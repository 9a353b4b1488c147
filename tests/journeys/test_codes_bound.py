"""A one-time code is good for the transfer that its text names, and for no other of the same call."""

import pytest

from tests.journeys.steps import TRANSFER, prove, sign, spoil_code
from tests.support.books import moved
from tests.support.caller import Caller
from tests.support.hotline import CARD, LI, SAVINGS, Hotline

# how far the caller goes back from the reading back, and what is chosen instead
CHANGES = {
    "payee": (2, ("1", "100#")),
    "amount": (1, ("200#",)),
    "account": (3, ("2", "2", "100#")),
}


def _named(hotline: Hotline) -> str:
    return hotline.texts()[-1].partition("您正在")[2]


def _with_a_code(hotline: Hotline) -> tuple[Caller, str]:
    """100 yuan from the first account to 李强, up to the question for the code."""
    caller = prove(hotline.mandarin().press(TRANSFER)).press("1").press("2")
    sign(caller.press("100#").press("1")).hear("请输入六位验证码")
    return caller, hotline.code()


def _change(caller: Caller, what: str) -> Caller:
    back, instead = CHANGES[what]
    for _ in range(back):
        caller.press("*")
    return caller.keys(*instead)


@pytest.mark.parametrize("what", CHANGES)
def test_a_code_for_one_transfer_approves_no_other_of_the_call(hotline: Hotline, what: str) -> None:
    """The new transfer is read back, signed and has a code of its own at once, without a wait."""
    caller, first = _with_a_code(hotline)
    named = _named(hotline)
    spoil_code(hotline, caller).press("*").hear("确认转账")
    sign(_change(caller, what).hear("确认转账").press("1")).hear("验证码已发送", "请输入六位验证码")
    assert len(hotline.texts()) == 2
    second = hotline.code()
    if what != "account":  # the text names whom and how much
        assert _named(hotline) != named
    if first != second:
        caller.press(first).hear("验证码有误")
    assert moved(hotline) == []
    caller.press(second).hear("转账成功")
    assert len(moved(hotline)) == 1
    expected = {"payee": (0, 100_00), "amount": (200_00, 0), "account": (100_00, 0)}[what]
    assert (hotline.balance(CARD[LI]) - 1_250_00, max(0, hotline.balance(SAVINGS) - 8_000_00)) == expected
