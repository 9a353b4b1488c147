"""A call that is over: whatever turn still comes, it is told that it is over, and waits in no queue."""

import pytest

from tests.journeys.steps import to_code
from tests.support.books import moved
from tests.support.hotline import Hotline


@pytest.mark.parametrize("after_seconds", [0, 30, 3600])
def test_a_turn_after_the_end_is_told_that_the_call_is_over(hotline: Hotline, after_seconds: int) -> None:
    caller = to_code(hotline, hotline.mandarin(), "100")
    request = caller.request(hotline.code())
    caller.hang_up()
    hotline.clock.forward(seconds=after_seconds)
    late = hotline.door.send("POST", *request)
    assert late.status == 200
    assert "本次通话已结束" in late.text
    assert "<Enqueue" not in late.text
    assert moved(hotline) == []
