"""The queue and the promise to call back: never a silent closure."""

import pytest

from tests.journeys.steps import BALANCE, TRANSFER
from tests.support.caller import Caller
from tests.support.hotline import LI, STRANGER, WANG, WITHHELD, Hotline


def _queued(hotline: Hotline, number: str = WANG) -> Caller:
    return hotline.mandarin(number).press("0").hear("正在为您转接人工客服")


def _booked(hotline: Hotline, caller: Caller) -> tuple[str, str, str]:
    """Number, problem and language of the callback that a call booked."""
    [row] = hotline.ask(
        "select number, problem, language, consented_at from callbacks where call = :call", call=caller.call
    )
    number = hotline.keyring.open_text(f"callbacks.number|{caller.call}", bytes(row[0]))
    assert row[3] is not None
    return number, row[1], row[2]


@pytest.mark.both
def test_a_caller_hears_where_they_stand_and_the_wait_only_falls(hotline: Hotline) -> None:
    first = _queued(hotline)
    assert first.queue == "general"
    first.wait().hear("您是下一位", "预计等候约一到两分钟", "如需回电，请按1")
    others = [_queued(hotline, STRANGER) for _ in range(5)]
    last = _queued(hotline, LI)
    last.wait().hear("您前面还有六位客户", "预计等候约两到五分钟").not_hear("人工客服正忙")
    for other in others:
        other.hang_up()
    hotline.clock.forward(seconds=20)
    last.wait().hear("人工客服正忙，请您继续等候", "您前面还有一位客户", "预计等候约一到两分钟")
    newest = hotline.one("select max(id) from queued_calls")
    for _ in range(3):
        _queued(hotline, STRANGER)
    early = "2026-03-04 00:00:00.000000"
    hotline.do("update queued_calls set rank_at = :early where id > :newest", early=early, newest=newest)
    last.wait().hear("您前面还有四位客户").not_hear("预计等候")  # what was told stands, and is not said again
    hotline.do("update queued_calls set rank_at = entered_at")
    first.leave("bridged").hear("感谢您的来电，再见")
    last.wait().hear("您是下一位").not_hear("预计等候")


@pytest.mark.both
def test_a_key_while_waiting_asks_for_a_callback(hotline: Hotline) -> None:
    caller = _queued(hotline).wait()
    caller.wait_key("5").hear("人工客服正忙")
    caller.wait_key("1").hear("我们将拨打您现在的来电号码", "并保存该号码，仅用于本次回电", "同意，请按1")
    assert hotline.one("select count(*) from callbacks") == 0
    caller.press("1").hear("已为您登记回电", "再见")
    assert caller.ended
    assert _booked(hotline, caller) == (WANG, "一般咨询 (main > agent > queue_offer)", "zh-CN")
    assert hotline.texts() == ["【远山银行】已于2026-03-04 10:00为您登记回电，人工客服将尽快与您联系。"]
    assert hotline.ask("select state from queued_calls") == [("callback",)]


def test_who_waited_too_long_is_offered_a_callback(hotline: Hotline) -> None:
    hotline.pauses = False
    caller = _queued(hotline).wait()
    hotline.clock.forward(minutes=9, seconds=59)
    caller.wait().hear("人工客服正忙")
    hotline.clock.forward(seconds=1)
    caller.wait().hear("让您久等了，我们可以稍后给您回电", "来电号码")
    assert hotline.ask("select state from queued_calls") == [("timeout",)]


@pytest.mark.parametrize(("kind", "words"), [("full", "当前等候人数较多"), ("closed", "人工客服暂时无法接听")])
def test_a_queue_that_takes_nobody_offers_a_callback(quick_hotline: Hotline, kind: str, words: str) -> None:
    hotline = quick_hotline
    if kind == "full":
        hotline.rule("general", max_waiting=0)
    else:
        hotline.do("update agents set state = 'signed_out'")
    caller = hotline.mandarin().press("0").hear(words, "我们可以稍后给您回电", "来电号码")
    caller.press("1").hear("已为您登记回电")


def test_out_of_hours_self_service_goes_on(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    hotline.rule("general", hours="business")
    hotline.clock.at(3)
    hotline.mandarin().press("0").hear("人工客服暂时无法接听")
    hotline.mandarin(LI).press(BALANCE).press("1").press("582047").hear("余额一千二百五十元")


def test_a_queue_that_the_provider_finds_full_offers_a_callback(hotline: Hotline) -> None:
    _queued(hotline).leave("queue-full").hear("当前等候人数较多")


@pytest.mark.parametrize("number", [WITHHELD, "+266696687", "+86282452253", "+12025550123", "sip:a@b.example"])
def test_a_number_the_bank_does_not_call_is_asked_for_another(hotline: Hotline, number: str) -> None:
    caller = _queued(hotline, number).wait().wait_key("1").hear("请输入回电号码")
    caller.press("02160195588#").hear("该号码无法回电").press("13800000001#").hear("回电号码是", "同意，请按1")
    caller.press("2").hear("请输入回电号码")  # the number refused was the hotline itself
    caller.press("02168880000#").hear("回电号码是").press("1").hear("已为您登记回电")
    assert _booked(hotline, caller)[0] == "+862168880000"


def test_without_consent_nothing_is_kept(hotline: Hotline) -> None:
    caller = _queued(hotline).wait().wait_key("1")
    for _ in range(2):
        caller.silent()
    caller.hear("您的排队位置已保留").hang_up()
    assert hotline.one("select count(*) from callbacks") == 0
    assert hotline.texts() == []


def test_an_agent_learns_what_the_caller_came_for(hotline: Hotline) -> None:
    caller = hotline.mandarin().press(TRANSFER).press("1").press("739164").press("0")
    assert caller.queue == "transfers"
    row = hotline.ask("select queue, level, intent, customer_id, language, state from queued_calls")
    assert row == [("transfers", "query", "transfer", "wang_fang", "zh-CN", "waiting")]


def test_an_english_caller_waits_in_english_in_the_english_queue(hotline: Hotline) -> None:
    caller = hotline.english().press("0").hear("We are connecting you to an agent")
    assert caller.queue == "english"
    caller.wait().hear("You are next", "To be called back instead, press 1").wait_key("1").hear("We will call you back")
    caller.press("1").hear("Goodbye")
    assert _booked(hotline, caller)[1:] == ("一般咨询 (main > agent > queue_offer)", "en")


@pytest.mark.both
def test_hanging_up_in_the_queue_frees_the_place(hotline: Hotline) -> None:
    caller = _queued(hotline)
    caller.fork().leave("hangup")
    caller.hang_up()
    assert hotline.ask("select state from queued_calls") == [("abandoned",)]
