"""Waiting for an agent: rounds that are asked for twice, the offer of a callback, and how a wait ends."""

from datetime import datetime, timedelta

import pytest

from tests.journeys.steps import LOSS
from tests.support.caller import Caller
from tests.support.hotline import CHEN, LI, STRANGER, WANG, Hotline

PLACE = "select id, entered_at from queued_calls where call = :call"
STATE = "select state from queued_calls where call = :call"


def queued(hotline: Hotline, number: str = WANG) -> Caller:
    """A caller in the general queue who has heard the first round."""
    return hotline.mandarin(number).press("0").wait()


def state(hotline: Hotline, caller: Caller) -> str:
    """What became of the caller's stay in the queue."""
    return str(hotline.one(STATE, call=caller.call))


def test_the_same_round_twice_is_the_same_bytes_and_says_the_wait_again(hotline: Hotline) -> None:
    first = queued(hotline).hear("您是下一位", "预计等候")
    assert first.again().body == first.reply.body
    second = first.fork().wait().hear("人工客服正忙").not_hear("预计等候")
    assert second.url != first.url
    assert second.again().body == second.reply.body
    assert first.again().body == first.reply.body, "the round before comes late"


def test_rounds_have_numbers_of_their_own_and_none_is_skipped(quick_hotline: Hotline) -> None:
    caller = queued(quick_hotline).wait().wait()
    assert [url.removeprefix(caller.wait_url) for url in caller.visited[-3:]] == ["", "/2", "/3"]
    caller.fork().ask_again(f"{caller.wait_url}/9").hear("请您继续等待")  # never offered: the static round


def test_the_wait_url_asked_for_again_gives_the_newest_round(quick_hotline: Hotline) -> None:
    """The provider does so where a document could not be carried out to its end."""
    caller = queued(quick_hotline).wait().wait().wait()
    assert caller.fork().ask_again(caller.wait_url).reply.body == caller.reply.body


@pytest.mark.both
@pytest.mark.parametrize("key", ["1", "5"])
def test_a_key_that_arrives_twice_does_one_thing(hotline: Hotline, key: str) -> None:
    caller = queued(hotline)
    caller.wait_key(key)
    answer = caller.reply.body
    assert caller.again().body == answer
    assert caller.again().body == answer
    assert hotline.one("select count(*) from queued_calls") == 1
    assert state(hotline, caller) == ("leaving" if key == "1" else "waiting")


@pytest.mark.parametrize("way", ["star", "silence", "wrong keys", "agent", "hash"])
def test_looking_at_the_offer_costs_nothing(quick_hotline: Hotline, way: str) -> None:
    hotline = quick_hotline
    queued(hotline, STRANGER)
    caller = queued(hotline).hear("您前面还有一位客户", "预计等候约一到两分钟")
    place = hotline.ask(PLACE, call=caller.call)
    hotline.clock.forward(seconds=30)
    caller.wait_key("1").hear("同意，请按1", "继续等候，请按星号键")
    behind = queued(hotline, LI).hear("您前面还有两位客户")
    if way in ("silence", "wrong keys"):
        for _ in range(2):
            caller.press("7") if way == "wrong keys" else caller.silent()
    else:
        caller.press({"star": "*", "agent": "0", "hash": "#"}[way])
    caller.hear("您的排队位置已保留", "您前面还有一位客户").not_hear("预计等候")
    assert hotline.ask(PLACE, call=caller.call) == place
    assert state(hotline, caller) == "waiting"
    behind.wait().hear("您前面还有两位客户")
    assert "<Enqueue" not in caller.reply.text, "the provider's queue was never left"
    caller.wait().hear("人工客服正忙").leave("bridged").hear("感谢您的来电")


def test_an_english_caller_has_the_way_back_too(quick_hotline: Hotline) -> None:
    caller = quick_hotline.english().press("0").wait().wait_key("1").hear("To keep waiting, press star")
    caller.press("*").hear("Your place in the queue has been kept").wait().hear("still busy")


@pytest.mark.both
def test_an_agent_who_is_free_meanwhile_takes_the_caller_out_of_the_offer(hotline: Hotline) -> None:
    caller = queued(hotline).wait_key("1").hear("同意，请按1")
    action = caller.queue_action
    caller.leave("bridged", seconds=20).hear("感谢您的来电，再见")
    assert caller.ended
    assert state(hotline, caller) == "answered"
    answer, again = caller.reply.body, hotline.door.signed(action, caller.pairs(QueueResult="bridged", QueueTime="20"))
    assert hotline.door.send("POST", *again).body == answer


def test_hanging_up_at_the_offer_is_an_abandonment(quick_hotline: Hotline) -> None:
    caller = queued(quick_hotline).wait_key("1")
    caller.hang_up()
    assert state(quick_hotline, caller) == "abandoned"


def test_who_books_from_the_offer_has_not_abandoned(quick_hotline: Hotline) -> None:
    caller = queued(quick_hotline).wait_key("1").press("1").hear("已为您登记回电")
    assert (state(quick_hotline, caller), caller.ended) == ("callback", True)


def test_a_turn_that_breaks_at_the_offer_keeps_the_caller_waiting(quick_hotline: Hotline) -> None:
    """An Enqueue, and a static apology that hangs up, would end the wait."""
    caller = queued(quick_hotline).wait_key("1")
    quick_hotline.do("update calls set turn = turn - 1 where call = :call", call=caller.call)
    caller.press("*").hear("请您继续等待")
    assert not caller.ended


@pytest.mark.parametrize(("result", "seconds"), [("error", None), ("system-error", None), ("leave", 0)])
def test_an_enqueue_that_failed_says_so_and_thanks_for_no_wait(
    quick_hotline: Hotline, result: str, seconds: int | None
) -> None:
    caller = quick_hotline.mandarin().press("0").leave(result, seconds)
    caller.hear("暂时未能为您接通", "来电号码").not_hear("让您久等了")
    assert state(quick_hotline, caller) == "failed"
    quick_hotline.english(CHEN).press("0").leave(result, seconds).hear("we could not connect you")


def test_an_agent_who_hangs_up_before_the_talk_has_not_answered(quick_hotline: Hotline) -> None:
    caller = queued(quick_hotline).leave("bridging-in-process").hear("暂时未能为您接通")
    assert state(quick_hotline, caller) == "failed"


def test_the_speed_of_answer_leaves_the_talk_out(quick_hotline: Hotline) -> None:
    caller = queued(quick_hotline)
    quick_hotline.clock.forward(minutes=25)  # twenty of them with the agent
    caller.leave("bridged", seconds=300)
    [(entered, left)] = quick_hotline.ask("select entered_at, left_at from queued_calls")
    waited = datetime.fromisoformat(str(left)) - datetime.fromisoformat(str(entered))
    assert waited == timedelta(seconds=300)


def test_an_answer_that_the_calls_end_overtook_still_counts(quick_hotline: Hotline) -> None:
    caller = queued(quick_hotline)
    caller.fork().hang_up()
    assert state(quick_hotline, caller) == "abandoned"
    caller.leave("bridged", seconds=7)
    assert state(quick_hotline, caller) == "answered"


def test_published_hours_and_sizes_hold_for_the_next_call_without_a_restart(hotline: Hotline) -> None:
    early = queued(hotline)
    hotline.rule("general", hours="business")
    hotline.clock.at(3)
    hotline.mandarin(LI).press("0").hear("人工客服暂时无法接听")
    early.wait().hear("人工客服正忙")  # stays on the bundle it began on
    hotline.rule("general", max_waiting=0)
    hotline.mandarin(STRANGER).press("0").hear("当前等候人数较多")


def test_routing_of_transfers_and_of_callbacks_is_published_together(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    routing = (hotline.settings.routing[-1].model_copy(update={"queue": "payments"}),)
    hotline.publish(routing=routing)
    caller = hotline.mandarin().press("0")
    assert caller.queue == "payments"
    caller.wait().wait_key("1").press("1")
    assert hotline.ask("select queue from callbacks") == [("payments",)]


def test_a_holiday_closes_what_says_so_and_no_24_hour_line(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    queues = {**hotline.settings.queues}
    queues["general"] = queues["general"].model_copy(update={"hours": "business"})
    hotline.publish(queues=queues)
    hotline.mandarin().press("0").hear("正在为您转接人工客服").hang_up()
    hotline.clock.forward(days=58)  # 1 May, a Friday
    hotline.mandarin().press("0").hear("人工客服暂时无法接听")
    assert hotline.mandarin(LI).press(LOSS).press("0").queue == "security"
    assert hotline.english().press("0").queue == "english"
