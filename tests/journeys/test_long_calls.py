"""Calls past their limits: a person or a callback is reached, and who circles hears a goodbye."""

from collections.abc import Callable

import pytest

from ivr.engine.runtime.machine import MAX_TURNS_PAST_LIMIT
from tests.support.hotline import WANG, Hotline


def _time(hotline: Hotline) -> None:
    hotline.clock.forward(minutes=31)


def _turns(hotline: Hotline) -> None:
    del hotline


@pytest.mark.parametrize("used_up", [_time, _turns])
def test_a_call_past_its_limits_still_books_a_callback(hotline: Hotline, used_up: Callable[[Hotline], None]) -> None:
    hotline = hotline
    caller = hotline.mandarin()
    used_up(hotline)
    for _ in range(200 if used_up is _turns else 1):
        if caller.queue:
            break
        caller.press("9")
    caller.hear("正在为您转接人工客服").wait().wait_key("1").hear("来电号码")
    caller.press("2").hear("请输入回电号码").press("02168880000#").hear("回电号码是").press("1").hear("已为您登记回电")
    assert caller.ended
    assert hotline.one("select count(*) from callbacks") == 1


def test_a_call_past_its_limits_that_circles_ends_in_words(hotline: Hotline) -> None:
    hotline = hotline
    caller = hotline.mandarin(WANG)
    _time(hotline)
    caller.press("1").hear("正在为您转接人工客服").leave("queue-full").hear("来电号码")
    for turn in range(MAX_TURNS_PAST_LIMIT):
        if caller.ended:
            break
        caller.press("*" if turn % 2 else "2")  # another number, and back again
    caller.hear("本次通话已达到时长上限", "再见")
    assert caller.ended
    assert hotline.ask("select ending from calls") == [("served",)]
