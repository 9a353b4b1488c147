"""Places in a queue that nobody waits in: a hang-up that was lost, and callers whom an agent talks to already."""

from collections.abc import Iterable

from ivr.calls import stale_queue_entries
from ivr.foundation.errors import ProviderError
from ivr.telephony.provider import Whereabouts
from tests.support.caller import QUEUE_SID, Caller
from tests.support.hotline import LI, STRANGER, Hotline
from tests.support.hotline_fixtures import clock, hotline, quick_hotline, seeded, seeded_postgres, seeded_sqlite

__all__ = ["clock", "hotline", "quick_hotline", "seeded", "seeded_postgres", "seeded_sqlite"]


class Exchange:
    """Who knows which calls are over and who waits in a queue; `down` is what it answers nothing about."""

    def __init__(
        self, over: Iterable[Caller] = (), down: Iterable[Caller] = (), waiting: Iterable[Caller] = ()
    ) -> None:
        self.over = {each.call for each in over}
        self.down = {each.call for each in down}
        self.waiting = {each.call for each in waiting}
        self.asked: list[str] = []

    def whereabouts(self, call: str, queue: str) -> Whereabouts:
        """In the queue that the wait loop was told of, elsewhere, or over."""
        assert queue == QUEUE_SID
        if self.is_over(call):
            return "over"
        return "waiting" if call in self.waiting else "elsewhere"

    def is_over(self, call: str) -> bool:
        """Whether a call has ended."""
        self.asked.append(call)
        if call in self.down:
            raise ProviderError("nothing comes back")
        return call in self.over


def _queued(hotline: Hotline, number: str = LI) -> Caller:
    return hotline.mandarin(number).press("0").wait()


def _sweep(hotline: Hotline, exchange: Exchange) -> int:
    return stale_queue_entries.sweep(hotline.database, hotline.keyring, exchange, hotline.clock())


def _states(hotline: Hotline) -> list[str]:
    return [row[0] for row in hotline.ask("select state from queued_calls order by id")]


def test_who_hung_up_unheard_frees_the_place_and_the_call_is_over(hotline: Hotline) -> None:
    gone = _queued(hotline)
    hotline.clock.forward(minutes=6)
    last = _queued(hotline, STRANGER).hear("您前面还有一位客户")
    assert _sweep(hotline, Exchange(over=[gone])) == 1
    assert _states(hotline) == ["abandoned", "waiting"]
    assert hotline.one("select ending from calls where call = :c", c=gone.call) == "hung_up"
    last.wait().hear("您是下一位")


def test_who_still_waits_is_not_even_asked_about(hotline: Hotline) -> None:
    caller, exchange = _queued(hotline), Exchange()
    for _ in range(4):
        hotline.clock.forward(minutes=2)
        caller.wait()
        assert _sweep(hotline, exchange) == 0
    assert exchange.asked == []
    assert _states(hotline) == ["waiting"]


def test_who_talks_to_an_agent_waits_no_longer_and_ends_well(hotline: Hotline) -> None:
    caller = _queued(hotline)
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange()) == 1
    assert _states(hotline) == ["answered"]
    caller.leave("bridged").hear("感谢您的来电，再见")


def test_a_provider_that_answers_nothing_about_one_call_is_asked_again(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    first, second = _queued(hotline), _queued(hotline, STRANGER)
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange([first, second], down=[first])) == 1
    assert _states(hotline) == ["waiting", "abandoned"]
    assert _sweep(hotline, Exchange([first, second])) == 1


def test_who_asked_for_a_callback_and_went_is_swept_too(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = _queued(hotline)
    hotline.do("update queued_calls set state = 'leaving'")
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange([caller])) == 1
    assert _states(hotline) == ["abandoned"]


def test_a_long_recording_throws_nobody_out(hotline: Hotline) -> None:
    """Ten minutes of music between two rounds: the provider says that the caller waits, and that is what counts."""
    hotline.rule("general", max_wait_minutes=60)
    caller, entered = _queued(hotline), "select entered_at, left_at from queued_calls"
    before = hotline.ask(entered)
    exchange = Exchange(waiting=[caller])
    for _ in range(3):
        for _ in range(10):
            hotline.clock.forward(minutes=1)
            assert _sweep(hotline, exchange) == 0
        caller.wait().hear("人工客服正忙", "您是下一位")
    assert len(exchange.asked) == 3, "asked once in each silence, not every minute"
    assert (_states(hotline), hotline.ask(entered)) == (["waiting"], before)


def test_a_round_of_one_who_was_taken_for_answered_is_a_round_at_the_old_place(hotline: Hotline) -> None:
    caller = _queued(hotline)
    before = hotline.ask("select id, entered_at from queued_calls")
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange()) == 1
    caller.wait().hear("人工客服正忙", "您是下一位")
    assert _states(hotline) == ["waiting"]
    assert hotline.ask("select id, entered_at from queued_calls") == before
    assert hotline.one("select count(*) from queued_calls where left_at is not null") == 0


def test_who_hung_up_after_having_been_taken_for_answered_has_abandoned(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = _queued(hotline)
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange()) == 1
    caller.leave("hangup")
    assert _states(hotline) == ["abandoned"]


def test_the_answer_that_is_found_out_later_is_not_as_late(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = _queued(hotline)
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange()) == 1
    assert hotline.one("select count(*) from queued_calls where left_at = seen_at") == 1, "the last sign of the wait"
    hotline.clock.forward(minutes=6)
    caller.leave("bridged", seconds=20)
    left = hotline.one("select left_at from queued_calls")
    assert str(left)[11:19] == "02:00:26"


def test_who_looks_at_an_offer_is_not_stale_and_never_an_answer(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = _queued(hotline).wait_key("1")
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange()) == 0
    assert _states(hotline) == ["leaving"]
    caller.press("*").hear("您的排队位置已保留")


def test_without_the_providers_word_for_the_queue_nothing_is_proven(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = hotline.mandarin(LI).press("0")  # no wait round was requested yet
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange()) == 0
    assert _states(hotline) == ["waiting"]
    hotline.clock.forward(minutes=6)
    assert _sweep(hotline, Exchange([caller])) == 1
    assert _states(hotline) == ["abandoned"]
