"""Webhooks after the end, ends told as they were, rules that the product breaks, and clocks that are set back."""

from dataclasses import replace

import pytest

from ivr.calls.journal import OVER
from tests.journeys.steps import BALANCE, PASSWORDS, prove, sign, to_transfer
from tests.support.hotline import WANG, Hotline


def test_answers_of_a_call_are_given_again_for_a_minute_after_its_end_and_no_longer(hotline: Hotline) -> None:
    caller = prove(hotline.mandarin().press(BALANCE)).press("1").hear("余额五万二千三百八十元六角六分")
    caller.hang_up()
    hotline.clock.forward(seconds=59)
    assert caller.again().body == caller.reply.body
    hotline.clock.forward(seconds=2)
    late = caller.again()
    assert "余额" not in late.text
    assert "本次通话已结束" in late.text
    assert "<Hangup/>" in late.text


@pytest.mark.parametrize("status", ["in-progress", "completed"])
def test_who_hangs_up_in_the_queue_was_not_served(hotline: Hotline, status: str) -> None:
    """The Enqueue's action is told of it as `hangup`, whatever the call's status says there."""
    caller = hotline.mandarin().press("0").wait()
    hotline.door.post(caller.queue_action, caller.pairs(QueueResult="hangup", CallStatus=status))
    assert hotline.ask("select ending from calls") == [("hung_up",)]
    assert hotline.ask("select state from queued_calls") == [("abandoned",)]


def test_who_was_served_was_served(quick_hotline: Hotline) -> None:
    quick_hotline.mandarin().press("0").wait().leave("bridged")
    assert quick_hotline.ask("select ending from calls") == [("served",)]


def test_nothing_of_a_session_is_left_when_its_call_is_over(hotline: Hotline) -> None:
    heard = hotline.mandarin().press(PASSWORDS).press("1").press("1").press("739164")
    heard.hang_up()
    served = hotline.mandarin().press("0").wait()
    served.leave("bridged")
    assert {bytes(row[0]) for row in hotline.ask("select state from calls")} == {OVER}


def test_a_rule_of_the_schema_that_is_broken_every_time_is_a_failure_and_is_logged(hotline: Hotline) -> None:
    caller = hotline.mandarin()
    hotline.do("delete from turns where turn = 0")
    hotline.do("create unique index one_turn_a_call on turns (call)")
    caller.press(BALANCE).hear("非常抱歉")
    assert hotline.log.getvalue().count("the caller hears an apology") == 1
    assert "IntegrityError" in hotline.log.getvalue()


def test_a_clock_set_back_keeps_no_proof_alive(hotline: Hotline) -> None:
    """A query password is good for ten minutes of the call, whatever the clock says."""
    caller = prove(hotline.mandarin().press(BALANCE)).press("1").hear("余额")
    hotline.clock.forward(minutes=-20)
    caller.press("#").press("#").hear("账户查询")  # no time seems to pass: the first is taken to trail
    hotline.clock.forward(minutes=11)
    caller.press(BALANCE).hear("请输入六位查询密码")


def test_a_clock_set_back_keeps_no_code_alive(hotline: Hotline) -> None:
    caller = sign(to_transfer(hotline.mandarin()).press("100#").press("1"))
    code = hotline.code(WANG)
    hotline.clock.forward(minutes=-20)
    caller.press("000000")
    hotline.clock.forward(seconds=121)
    caller.press(code).not_hear("转账成功")


def test_a_document_of_the_wait_loop_that_the_provider_could_not_use_is_no_enqueue(quick_hotline: Hotline) -> None:
    door = replace(quick_hotline.door)
    body = b"ErrorCode=11200&ErrorUrl=https%3A%2F%2Fhotline.bank.example%2Fvoice%2Fwait%2F3"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert "Enqueue" not in door.send("POST", "/voice/fallback", body, form).text
    assert "</Enqueue>" in door.send("POST", "/voice/fallback", body.replace(b"wait", b"turn"), form).text
