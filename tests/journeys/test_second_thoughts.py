"""Going back, saying no, taking long: nothing breaks, nothing is signed for something else, nobody is left unsure."""

import pytest

from tests.journeys.steps import BALANCE, BILLS, LOSS, prove, sign, to_bill, to_read_back
from tests.support.books import moved
from tests.support.hotline import LI, QUERY, SAVINGS, STRANGER, WANG, Hotline


@pytest.mark.parametrize("number", [WANG, LI])
def test_back_from_the_main_menu_never_misses_an_account(hotline: Hotline, number: str) -> None:
    """The balance was left for good with #, and its account was forgotten."""
    caller = prove(hotline.mandarin(number).press(BALANCE))
    if number == WANG:
        caller.press("1")
    caller.hear("查询最近交易，请按1").press("#").hear("账户查询，请按2").press("*").press(BALANCE)
    caller.not_hear("系统暂时繁忙").press("1").not_hear("系统暂时繁忙")


def test_a_no_takes_the_transaction_password_back(hotline: Hotline) -> None:
    caller = (
        sign(to_bill(hotline.mandarin()).press("1")).hear("确认缴费，请按1").press("2").hear("已为您取消，没有扣款")
    )
    caller.press(BILLS).press("1").press("3100458812#").press("2").hear("请输入六位交易密码")
    sign(caller).hear("从尾号四三二幺的账户").press("1").hear("缴费成功")
    assert hotline.balance(SAVINGS) == 8_000_00 - 186_40


def test_a_step_back_takes_the_transaction_password_back(hotline: Hotline) -> None:
    caller = sign(to_bill(hotline.mandarin()).press("1")).hear("确认缴费，请按1").press("*")
    caller.press("2").hear("请输入六位交易密码").not_hear("确认缴费")


def test_a_proof_that_ran_out_before_the_yes_is_followed_by_the_reading_back(hotline: Hotline) -> None:
    caller = sign(to_bill(hotline.mandarin()).press("1")).hear("确认缴费，请按1")
    hotline.clock.forward(minutes=11)
    caller.press("1").hear("请输入六位查询密码").press(QUERY[WANG]).hear("请输入六位交易密码")
    sign(caller).hear("一百八十六元四角", "确认缴费，请按1")
    assert moved(hotline) == []
    caller.press("1").hear("缴费成功")
    assert len(moved(hotline)) == 1


def test_a_proof_that_ran_out_after_the_yes_is_given_again_and_the_yes_stands(hotline: Hotline) -> None:
    """The query password ran out while the code was awaited: what was read back is what is signed, and is done."""
    caller = to_read_back(hotline, hotline.mandarin(), "100").hear("确认转账，请按1")
    hotline.clock.forward(minutes=11)
    sign(caller.press("1")).hear("请输入六位查询密码").press(QUERY[WANG]).hear("请输入六位验证码")
    assert moved(hotline) == []
    caller.press(hotline.code()).hear("转账成功")
    assert [fen for _, _, fen in moved(hotline)] == [100_00]


def test_a_proof_that_ran_out_and_is_not_given_again_is_told_as_nothing_done(hotline: Hotline) -> None:
    caller = to_read_back(hotline, hotline.mandarin(), "100").press("1")
    caller.keys("111111", "111111", "111111").hear("您刚才的操作未能受理", "将由人工客服继续为您办理")
    assert caller.queue
    assert moved(hotline) == []


def test_a_customer_that_changes_at_the_proof_signs_everything_anew(hotline: Hotline) -> None:
    """Between the yes and the money another customer proves himself: he hears, gets and does nothing of the first."""
    caller = to_read_back(hotline, hotline.mandarin(), "100")
    hotline.clock.forward(minutes=11)
    sign(caller.press("1")).press("*").press("8").press("1").press("6222023101002003005#").press(QUERY[LI])
    caller.hear("您刚才的操作未能受理").not_hear("李强", "一百元")
    assert caller.queue
    assert moved(hotline) == []
    assert hotline.ask("select count(*) from one_time_codes") == [(0,)]


def test_a_stopped_card_has_nothing_available(hotline: Hotline) -> None:
    hotline.mandarin().press(LOSS).press("1").press("1").hear("挂失成功")
    caller = prove(hotline.mandarin().press(BALANCE)).press("1")
    caller.hear("尾号四四五八的账户已挂失，余额五万二千三百八十元六角六分，可用余额零元")
    caller.press("2").press("2").hear("尾号四三二幺的账户，余额八千元")


def test_identity_cards_are_not_tried_out_over_a_lost_card(hotline: Hotline) -> None:
    """Ten misses in an hour, over several calls: the next one who is somebody is not told to this number."""
    for misses in (3, 3, 3, 1):
        caller = hotline.mandarin(STRANGER).press(LOSS)
        for _ in range(misses):
            caller.press("2").press("110101199003074223")
    hotline.mandarin(STRANGER).press(LOSS).press("2").press("110101199003074215").not_hear("四四五八").hear("人工客服")
    caller = hotline.mandarin(STRANGER).press(LOSS).press("1").press("6222023101002003005#")
    caller.hear("即将挂失尾号三零零五的银行卡").press("1").hear("挂失成功")


def test_a_call_that_ended_before_it_came_stays_over(hotline: Hotline) -> None:
    caller = hotline.caller()
    late = hotline.caller()
    late.call = f"CA{'7' * 32}"
    late.hang_up()
    late.dial()
    assert late.ended
    assert not caller.ended
