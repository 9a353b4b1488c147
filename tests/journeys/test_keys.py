"""Keys, words and silence: nobody is trapped, 0 reaches a person from every menu, and a language is kept."""

import pytest

from tests.journeys.steps import BALANCE, BILLS, LOSS, PASSWORDS, TRANSFER, prove, sign, to_bill
from tests.support.caller import Caller
from tests.support.hotline import LI, QUERY, STRANGER, WANG, Hotline

BY_IDENTITY = ("8", "2", "110101199003074215", "739164")  # no card is named, so accounts are asked for
MENUS = {  # menu -> the keys that lead to it, from the greeting
    "greeting": (),
    "main menu": ("1",),
    "offer of cards": ("1", BALANCE),
    "how to identify": ("1", BALANCE, "8"),
    "which account": ("1", BALANCE, "1", "739164", "2"),
    "after the balance": ("1", BALANCE, "1", "739164"),
    "which biller": ("1", BILLS, "1", "739164"),
    "account to pay from": ("1", BILLS, *BY_IDENTITY, "1", "3100458812#"),
    "confirming a payment": ("1", BILLS, "1", "739164", "1", "3100458812#", "285907"),
    "account to transfer from": ("1", TRANSFER, *BY_IDENTITY),
    "payee": ("1", TRANSFER, "1", "739164"),
    "lost card": ("1", LOSS),
    "how to report": ("1", LOSS, "8"),
    "confirming a loss": ("1", LOSS, "1"),
    "which password": ("1", PASSWORDS),
}


@pytest.mark.parametrize("menu", MENUS)
def test_zero_reaches_a_person_from_every_menu(shared_hotline: Hotline, menu: str) -> None:
    shared_hotline.clock.forward(hours=2)
    caller = shared_hotline.caller().keys(*MENUS[menu]).press("0").hear("正在为您转接人工客服")
    assert caller.queue
    caller.hang_up()


@pytest.mark.parametrize("menu", MENUS)
def test_silence_ends_with_a_person_and_then_in_words(shared_hotline: Hotline, menu: str) -> None:
    shared_hotline.clock.forward(hours=2)
    _assert_ends_with_a_person_then_in_words(shared_hotline.caller().keys(*MENUS[menu]), lambda caller: caller.silent())


@pytest.mark.parametrize("menu", MENUS)
def test_wrong_keys_end_with_a_person_and_then_in_words(shared_hotline: Hotline, menu: str) -> None:
    shared_hotline.clock.forward(hours=2)
    _assert_ends_with_a_person_then_in_words(
        shared_hotline.caller().keys(*MENUS[menu]), lambda caller: caller.press("7")
    )


def _assert_ends_with_a_person_then_in_words(caller: Caller, act: object, turns: int = 30) -> None:
    """A caller who does the same for ever: first a person is tried, then the call ends with a goodbye."""
    assert callable(act)
    was_queued = False
    for _ in range(turns):
        if caller.queue:
            was_queued = True
            caller.leave("queue-full")
        elif caller.ended:
            break
        else:
            act(caller)
    assert caller.ended
    assert was_queued
    caller.hear("再见")


def test_alternating_silence_and_wrong_keys_ends_too(hotline: Hotline) -> None:
    caller = hotline.mandarin()
    for turn in range(12):
        if caller.queue:
            break
        (caller.silent if turn % 2 else lambda: caller.press("7"))()
    assert caller.queue == "general"


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("查询余额", "请选择银行卡"),
        ("帐户查寻", "尾号四四五八的银行卡，请按1"),
        ("我想查鱼额", "尾号四四五八的银行卡，请按1"),
        ("交电费", "尾号四四五八的银行卡，请按1"),
        ("我要转帐", "尾号四四五八的银行卡，请按1"),
        ("我的卡丢了", "挂失尾号四四五八的银行卡，请按1"),
        ("修改蜜码", "修改查询密码，请按1"),
        ("按五", "修改查询密码，请按1"),
        ("转人工", "正在为您转接人工客服"),
        ("再说一遍", "账户查询，请按2"),
    ],
)
def test_words_choose_as_keys_do_homophones_too(shared_hotline: Hotline, words: str, heard: str) -> None:
    shared_hotline.clock.forward(hours=2)
    shared_hotline.mandarin().say(words).hear(heard).hang_up()


def test_what_is_not_understood_is_asked_again(hotline: Hotline) -> None:
    hotline.mandarin().say("今天天气怎么样").hear("抱歉，您的选择有误", "账户查询，请按2")


def test_words_choose_in_english(hotline: Hotline) -> None:
    hotline.english().say("I lost my card").hear("To report the card ending in")
    hotline.english().say("my card is lost").hear("To report the card ending in")
    hotline.english().say("my card was stolen").hear("To report the card ending in")
    hotline.english().say("operator please").hear("connecting you to an agent")


def test_nine_repeats_and_hash_goes_to_the_main_menu(hotline: Hotline) -> None:
    caller = prove(hotline.mandarin(LI).press(BALANCE)).hear("查询最近交易，请按1")
    caller.press("9").hear("查询最近交易，请按1").press("#").hear("账户查询，请按2")


def test_star_goes_back_to_the_question_before(hotline: Hotline) -> None:
    caller = hotline.mandarin().press(BILLS).press("1").press(QUERY[WANG]).hear("缴电费，请按1")
    caller.press("1").hear("请输入电费户号").press("*").hear("缴电费，请按1").press("*").hear("账户查询，请按2")


def test_zero_and_nine_inside_a_number_are_digits(hotline: Hotline) -> None:
    caller = hotline.mandarin(STRANGER).press(BALANCE).press("1").press("0000000000000000#")
    caller.hear("请输入六位查询密码").press("099990").hear("您输入的号码或密码有误")


def test_star_at_the_password_takes_another_card(hotline: Hotline) -> None:
    caller = hotline.mandarin().press(BALANCE).press("1").hear("如需更换银行卡或身份证，请依次按星号键、井号键")
    caller.press("*").hear("使用其他银行卡或身份证，请按8").press("8").press("1").press("6222023101002003005#").press(
        QUERY[LI]
    )
    caller.hear("尾号三零零五的账户")


def test_back_does_not_cross_a_payment_that_stands(hotline: Hotline) -> None:
    caller = sign(to_bill(hotline.mandarin()).press("1")).press("1").hear("缴费成功", "继续办理，请按井号键")
    caller.press("*").hear("继续办理，请按井号键").not_hear("确认缴费")
    assert hotline.one("select count(*) from postings where kind = 'bill' and key like 'CA%'") == 1


def test_the_language_stays_for_the_whole_call(hotline: Hotline) -> None:
    caller = hotline.english(WANG).keys(BALANCE, "1", QUERY[WANG], "1", "#", BILLS, "1", "3100458812#")
    caller.keys("285907", "1", "#", LOSS, "2", "2", PASSWORDS, "0").wait()
    spoken = caller.said[1:]  # the greeting speaks both
    names = ("李强", "王芳")
    assert [text for text in spoken[1:] if any("一" <= c <= "鿿" and text not in names for c in text)] == []


def test_every_say_names_the_voice_of_its_language(hotline: Hotline) -> None:
    body = hotline.caller().reply.text
    assert '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">' in body
    assert '<Say language="en-US" voice="Polly.Joanna-Neural">' in body


@pytest.mark.parametrize("words", ["English", "english.", "In English please", "two", "英语", "说英文", "二"])
def test_a_greeting_in_two_languages_is_answered_in_either(shared_hotline: Hotline, words: str) -> None:
    shared_hotline.caller().say(words).hear("For balances, press 2").hang_up()


@pytest.mark.parametrize("words", ["中文", "普通话", "Mandarin", "Chinese, please", "one", "一"])
def test_mandarin_is_chosen_in_either_language(shared_hotline: Hotline, words: str) -> None:
    shared_hotline.caller().say(words).hear("账户查询，请按2").hang_up()


def test_a_miss_at_a_greeting_in_two_languages_is_told_in_both(shared_hotline: Hotline) -> None:
    caller = shared_hotline.caller().press("7")
    caller.hear(
        "抱歉，您的选择有误，请重新选择。",
        "Sorry, that was not one of the choices.",
        "普通话，请按1",
        "For English, press 2",
    )
    caller.silent().hear("抱歉，没有收到您的输入。", "Sorry, we did not receive anything.")
