"""A webhook that belongs to no turn: who is still there reaches a person, who is gone is given nothing to wait for."""

import pytest

from tests.support.caller import Caller
from tests.support.door import Reply
from tests.support.hotline import STRANGER, Hotline

FINAL = ("completed", "busy", "failed", "no-answer", "canceled")


def _sent(hotline: Hotline, status: str, caller: Caller, turn: int = 7) -> Reply:
    url = f"{hotline.door.public_url}/voice/turn/{turn}"
    return hotline.door.post(url, caller.pairs(CallStatus=status, Digits="1"))


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("status", FINAL)
def test_the_end_of_a_call_that_asks_for_an_unknown_turn_is_gone(
    shared_hotline: Hotline, status: str, is_known: bool
) -> None:
    caller = shared_hotline.mandarin(STRANGER) if is_known else Caller(shared_hotline.door, STRANGER)
    reply = _sent(shared_hotline, status, caller)
    assert reply.status == 200
    assert "本次通话已结束" in reply.text
    assert "<Hangup/>" in reply.text
    assert "Enqueue" not in reply.text


@pytest.mark.parametrize("is_known", [True, False])
def test_a_caller_who_is_there_reaches_a_person(shared_hotline: Hotline, is_known: bool) -> None:
    caller = shared_hotline.mandarin(STRANGER) if is_known else Caller(shared_hotline.door, STRANGER)
    reply = _sent(shared_hotline, "in-progress", caller)
    assert reply.status == 200
    assert "非常抱歉" in reply.text
    assert "<Enqueue" in reply.text
