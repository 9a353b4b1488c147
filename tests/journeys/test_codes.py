"""One-time codes: short-lived, few checks, few sends, the newest alone, and never by voice."""

import pytest

from tests.journeys.steps import TRANSFER, sign, to_transfer
from tests.support.caller import Caller
from tests.support.hotline import TRANSACTION, WANG, Hotline

pytestmark = pytest.mark.both  # counts that SQL makes, under a lock


def _at_code(hotline: Hotline) -> Caller:
    """A call that is asked for the code of a transfer."""
    return _signed(hotline).hear("请输入六位验证码")


def _signed(hotline: Hotline) -> Caller:
    return sign(to_transfer(hotline.mandarin()).press("10#").press("1"))


def _wrong(hotline: Hotline, plus: int = 1) -> str:
    return f"{(int(hotline.code()) + plus) % 1_000_000:06d}"


def test_a_code_lasts_120_seconds(hotline: Hotline) -> None:
    hotline.pauses = False
    fresh, late = _at_code(hotline), None
    code = hotline.code()
    hotline.clock.forward(seconds=119)
    fresh.press(code).hear("转账成功")
    hotline.clock.forward(minutes=11)  # or an equal transfer is asked about
    late = _at_code(hotline)
    code = hotline.code()
    hotline.clock.forward(seconds=120)
    late.press(code).hear("验证码已过期。", "验证码已发送").not_hear("转账成功")
    assert hotline.code() != code
    late.press(hotline.code()).hear("转账成功")


def test_a_code_may_be_checked_three_times(hotline: Hotline) -> None:
    hotline.pauses = False
    caller = _at_code(hotline)
    code = hotline.code()
    caller.press(_wrong(hotline)).hear("验证码有误").press(_wrong(hotline, 2)).hear("验证码有误")
    caller.press(_wrong(hotline, 3)).hear("该验证码已失效。为保障您的资金安全，新的验证码将在六十秒后发送")
    caller.not_hear("将为您重新发送", "输入您已收到的验证码")
    hotline.clock.forward(seconds=60)
    caller.silent().hear("验证码已发送")  # who waits, as was asked, is sent it
    if hotline.code() != code:
        caller.press(code).hear("验证码有误").not_hear("转账成功")


def test_who_waits_for_another_code_is_sent_it(hotline: Hotline) -> None:
    hotline.pauses = False  # so the first # still belongs to the code
    again = _at_code(hotline).press(hotline.code()).hear("转账成功").keys("#", "#")
    sign(again.press(TRANSFER).press("1").press("2").press("10#").press("1"))
    again.hear("新的验证码将在六十秒后发送，请您稍候")
    hotline.clock.forward(seconds=15)
    again.silent().hear("新的验证码将在四十五秒后发送")
    hotline.clock.forward(seconds=45)
    again.silent().hear("验证码已发送").press(hotline.code()).hear("转账成功").keys("#", "#")
    again.press(TRANSFER).press("1").press("2").press("10#").press("1").press(TRANSACTION[WANG]).hear("请您稍候")
    again.press("1").hear("已为您取消，没有转账", "账户查询，请按2")


def test_another_code_after_sixty_seconds_replaces_the_first(hotline: Hotline) -> None:
    hotline.pauses = False
    caller = _at_code(hotline)
    first = hotline.code()
    hotline.clock.forward(seconds=59)
    caller.press("*").hear("一秒后可以重新获取，请先输入您已收到的验证码。请输入六位验证码")
    hotline.clock.forward(seconds=1)
    caller.press("*").hear("验证码已发送")
    second = hotline.code()
    if second != first:
        caller.press(first).hear("验证码有误")
    caller.press(second).hear("转账成功")


def test_a_call_gets_three_codes(hotline: Hotline) -> None:
    caller = _at_code(hotline)
    for _ in range(2):
        hotline.clock.forward(seconds=60)
        caller.press("*").hear("验证码已发送")
    hotline.clock.forward(seconds=60)
    caller.press("*").hear("验证码获取次数已达上限")
    assert caller.queue == "transfers"
    assert len(hotline.texts()) == 3


def test_an_hour_gives_five_codes_and_a_day_ten(hotline: Hotline) -> None:
    for sent in range(1, 11):
        _at_code(hotline)
        assert len(hotline.texts()) == sent
        hotline.clock.forward(minutes=2)
        if sent == 5:
            _signed(hotline).hear("验证码获取次数已达上限")
            hotline.clock.forward(minutes=50)
            _signed(hotline).hear("验证码已发送")
            hotline.do("delete from one_time_codes where id = (select max(id) from one_time_codes)")
            hotline.do("delete from outgoing_texts where id = (select max(id) from outgoing_texts)")
            hotline.clock.forward(minutes=10)
    hotline.clock.forward(hours=3)
    _signed(hotline).hear("验证码获取次数已达上限")
    hotline.clock.forward(hours=21)
    _at_code(hotline)


def test_a_code_is_never_spoken(hotline: Hotline) -> None:
    caller = _at_code(hotline)
    code = hotline.code()
    caller.press(code)
    spoken = "".join(caller.said)
    names = str.maketrans("0123456789", "零幺二三四五六七八九")
    assert code not in spoken
    assert code.translate(names) not in spoken
    assert len(hotline.texts(WANG)) == 2, "the code and the receipt"
