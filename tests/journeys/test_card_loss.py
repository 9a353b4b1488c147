"""Loss of a card: stopped at once, at any hour, without a password, while locked, and never undone by phone."""

import pytest

from tests.journeys.steps import BALANCE, LOSS, prove
from tests.support.hotline import CARD, CHEN, LI, SAVINGS, STRANGER, WANG, WITHHELD, Hotline


def _lost(hotline: Hotline, card: str) -> bool:
    index = hotline.keyring.blind_index("card", card)
    return hotline.one("select lost_until from cards where number_index = :i", i=index) is not None


@pytest.mark.both
def test_from_a_registered_mobile_one_key_names_the_card(hotline: Hotline) -> None:
    caller = hotline.mandarin().press(LOSS).hear("挂失尾号四四五八的银行卡，请按1", "挂失其他银行卡，请按8")
    caller.press("1").hear("即将挂失尾号四四五八的银行卡", "确认挂失，请按1").not_hear("密码")
    assert not _lost(hotline, CARD[WANG])
    caller.press("1").hear("挂失成功", "口头挂失有效期至", "二零二六年三月九日上午十点")
    assert _lost(hotline, CARD[WANG])
    assert not _lost(hotline, SAVINGS)
    assert hotline.texts() == [
        "【远山银行】您尾号4458的银行卡已口头挂失并停用（2026-03-04 10:00），有效期至2026-03-09 10:00，"
        "请在此之前携带身份证件到营业网点办理正式挂失。"
    ]


def test_by_card_number_at_three_in_the_night(hotline: Hotline) -> None:
    hotline.clock.at(3)
    caller = hotline.mandarin(STRANGER).press(LOSS).hear("按银行卡号挂失，请按1").press("1")
    caller.press(f"{CARD[LI]}#").hear("即将挂失尾号三零零五的银行卡").press("1")
    caller.hear("挂失成功", "二零二六年三月九日凌晨三点")
    assert _lost(hotline, CARD[LI])
    assert len(hotline.texts(LI)) == 1


def test_by_identity_card_with_an_x_in_english(hotline: Hotline) -> None:
    caller = hotline.english(WITHHELD).press(LOSS).press("2").press("44030619781126501*")
    caller.hear("You are about to stop the card ending in five zero six eight").press("1").hear("has been stopped")
    assert _lost(hotline, CARD[CHEN])
    assert hotline.texts(CHEN)[0].startswith("[Yuanshan Bank] Your card ending in 5068 was reported lost")


def test_whoever_reports_a_card_its_holder_is_texted_in_their_own_language(hotline: Hotline) -> None:
    hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{CARD[CHEN]}#").press("1").hear("挂失成功")
    hotline.english(WITHHELD).press(LOSS).press("1").press(f"{CARD[LI]}#").press("1").hear("has been stopped")
    assert hotline.texts(CHEN)[0].startswith("[Yuanshan Bank] Your card")
    assert hotline.texts(LI)[0].startswith("【远山银行】您尾号3005的银行卡")


def test_by_identity_card_a_holder_of_two_cards_chooses(hotline: Hotline) -> None:
    caller = hotline.mandarin(STRANGER).press(LOSS).press("2").press("110101199003074215")
    caller.hear("请选择要挂失的银行卡", "尾号四三二幺的银行卡，请按2").press("2").press("1").hear("挂失成功")
    assert _lost(hotline, SAVINGS)
    assert not _lost(hotline, CARD[WANG])


def test_it_works_while_the_password_is_locked(hotline: Hotline) -> None:
    for guesses in (3, 2):
        caller = hotline.mandarin().press(BALANCE).press("1").keys(*["111111"] * guesses)
    caller.hear("密码已锁定")
    hotline.mandarin().press(LOSS).press("1").press("1").hear("挂失成功")
    assert _lost(hotline, CARD[WANG])


def test_a_card_that_is_lost_already_keeps_its_report(hotline: Hotline) -> None:
    hotline.mandarin().press(LOSS).press("1").press("1").hear("挂失成功")
    hotline.clock.forward(hours=5)
    caller = hotline.mandarin().press(LOSS).press("1").press("1")
    caller.hear("已办理口头挂失，有效期至二零二六年三月九日上午十点")
    assert len(hotline.texts()) == 1


def test_a_report_ends_after_five_days(hotline: Hotline) -> None:
    hotline.pauses = False
    hotline.mandarin().press(LOSS).press("1").press("1")
    hotline.clock.forward(days=5, seconds=-1)
    hotline.mandarin().press(LOSS).press("1").press("1").hear("已办理口头挂失")
    hotline.clock.forward(seconds=1)
    hotline.mandarin().press(LOSS).press("1").press("1").hear("挂失成功", "三月十四日")


@pytest.mark.both
def test_a_number_reports_three_cards_a_day(hotline: Hotline) -> None:
    cards = [CARD[WANG], SAVINGS, CARD[LI], CARD[CHEN]]
    for card in cards[:3]:
        hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{card}#").press("1").hear("挂失成功")
    fourth = hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{cards[3]}#").press("1")
    fourth.hear("今日挂失次数已达上限", "人工客服")
    assert fourth.queue == "security"
    assert not _lost(hotline, cards[3])
    hotline.clock.forward(days=1)
    hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{cards[3]}#").press("1").hear("挂失成功")


def test_a_caller_who_says_no_stops_nothing(hotline: Hotline) -> None:
    hotline.mandarin().press(LOSS).press("1").press("2").hear("已为您取消，银行卡没有挂失")
    assert not _lost(hotline, CARD[WANG])


@pytest.mark.parametrize("keys", [("1", "6222021001122334459#"), ("2", "110101199003074216")])
def test_a_card_that_is_not_found_can_be_keyed_again(hotline: Hotline, keys: tuple[str, str]) -> None:
    caller = hotline.mandarin(STRANGER).press(LOSS).press(keys[0]).press(keys[1])
    caller.hear("没有查询到相应的银行卡", "按银行卡号挂失，请按1")


def test_reporting_a_card_reveals_no_balance_and_proves_nothing(hotline: Hotline) -> None:
    caller = hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{CARD[WANG]}#").press("1")
    caller.press("#").press(BALANCE).hear("请输入六位查询密码").not_hear("余额", "王芳")


def test_a_customer_who_proved_themselves_chooses_among_their_cards(hotline: Hotline) -> None:
    caller = prove(hotline.mandarin().press(BALANCE)).press("#").press(LOSS).hear("请选择要挂失的银行卡")
    caller.press("2").press("1").hear("挂失成功")
    assert _lost(hotline, SAVINGS)
