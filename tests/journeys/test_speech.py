"""What is said to a question that binds: a clear yes pays, all else is asked again, and the second time for a key."""

import pytest

from tests.journeys.steps import BILLS, LOSS, prove, sign, to_bill
from tests.support.books import moved
from tests.support.caller import Caller
from tests.support.hotline import CHEN, Hotline

DOUBTFUL = ["是？", "对？", "确认缴费？", "好了", "可以了", "嗯", "好的", "OK", "对吧"]
WRONG = "抱歉，您的选择有误"
BY_KEY = "请按键选择"
WRONG_EN = "not one of the choices"


def to_read_back(hotline: Hotline) -> Caller:
    """王芳 before her electricity bill, read back."""
    return sign(to_bill(hotline.mandarin()).press("1")).hear("确认缴费，请按1")


@pytest.mark.parametrize("said", ["是的", "确认缴费，谢谢"])
def test_a_clear_yes_pays(quick_hotline: Hotline, said: str) -> None:
    to_read_back(quick_hotline).say(said).hear("缴费成功")
    assert [fen for _, _, fen in moved(quick_hotline)] == [186_40]


def test_a_question_a_filler_or_a_polite_refusal_pays_nothing(quick_hotline: Hotline) -> None:
    for said in DOUBTFUL:
        caller = to_read_back(quick_hotline).say(said).hear(WRONG, "确认缴费，请按1")
        assert caller.gathering is not None
        assert caller.gathering.speech
    assert moved(quick_hotline) == []


@pytest.mark.parametrize("confidence", [None, "0", "0.69", "nan", "1.5"])
def test_a_yes_that_is_not_surely_heard_pays_nothing(quick_hotline: Hotline, confidence: str | None) -> None:
    to_read_back(quick_hotline).say("确认缴费", confidence).hear(WRONG, "确认缴费，请按1").say("是的", "0.7").hear(
        "缴费成功"
    )


def test_the_second_time_a_key_is_asked_for_and_speech_is_not_heard(quick_hotline: Hotline) -> None:
    caller = to_read_back(quick_hotline).say("是？").say("好了").hear(BY_KEY, "确认缴费，请按1")
    assert caller.gathering is not None
    assert not caller.gathering.speech
    assert moved(quick_hotline) == []
    caller.press("1").hear("缴费成功")
    assert [fen for _, _, fen in moved(quick_hotline)] == [186_40]


def test_a_no_and_a_person_are_heard_at_a_reading_back(quick_hotline: Hotline) -> None:
    to_read_back(quick_hotline).say("不对，取消", "0.2").hear("没有扣款")
    to_read_back(quick_hotline).say("真人", None).hear("正在为您转接")
    to_read_back(quick_hotline).say("我要投诉").hear("正在为您转接")
    to_read_back(quick_hotline).say("是？").say("好了").press("7").hear("正在为您转接")
    assert moved(quick_hotline) == []


def test_in_english_a_question_is_asked_again_and_then_for_a_key(quick_hotline: Hotline) -> None:
    caller = prove(quick_hotline.english(CHEN).press(BILLS)).press("1").press("3100458812#")
    sign(caller).hear("To confirm the payment, press 1")
    caller.say("is that right?").hear("To confirm the payment, press 1").say("I'm okay").hear("Please use the keys")
    assert caller.gathering is not None
    assert not caller.gathering.speech
    assert moved(quick_hotline) == []
    caller.press("1").hear("is complete")


def test_a_card_is_reported_by_what_the_question_announces(quick_hotline: Hotline) -> None:
    caller = quick_hotline.english(CHEN).press(LOSS).press("1").hear("To report it lost, press 1")
    caller.say("report it lost?").hear("To report it lost, press 1").say("Report it lost").hear("has been stopped")


def test_a_found_card_is_not_reported(quick_hotline: Hotline) -> None:
    caller = quick_hotline.english(CHEN).press(LOSS).press("1")
    caller.say("I found my card").hear("To report it lost, press 1").say("report it lost", "0.59").hear("use the keys")


@pytest.mark.parametrize("said", ["取消挂失", "撤销转账", "我的卡丢了后来找到了", "解除挂失"])
def test_what_is_undone_is_not_begun(shared_hotline: Hotline, said: str) -> None:
    shared_hotline.clock.forward(hours=2)
    shared_hotline.mandarin().say(said).hear(WRONG).hang_up()


@pytest.mark.parametrize("said", ["cancel my transfer", "I found my card", "stop the payment", "undo my transfer"])
def test_what_is_undone_is_not_begun_in_english(shared_hotline: Hotline, said: str) -> None:
    shared_hotline.clock.forward(hours=2)
    shared_hotline.english().say(said).hear(WRONG_EN).hang_up()
