"""What wrong passwords cost: in a call, in a day, in a row, across calls, and for the number that calls."""

import pytest

from tests.journeys.steps import BALANCE, BILLS, PASSWORDS, TRANSFER, sign, to_bill, to_transfer
from tests.support.caller import Caller
from tests.support.hotline import CARD, CHEN, LI, QUERY, STRANGER, TRANSACTION, WANG, WITHHELD, ZHANG, Hotline

pytestmark = pytest.mark.both  # counts that SQL makes, under a lock


def _guess(hotline: Hotline, times: int, number: str = WANG) -> Caller:
    """A call with so many wrong query passwords."""
    caller = hotline.mandarin(number).press(BALANCE).press("1")
    for _ in range(times):
        caller.press("111111")
    return caller


def _sign_wrongly(hotline: Hotline, times: int) -> Caller:
    caller = to_transfer(hotline.mandarin()).press("10#").press("1")
    for _ in range(times):
        caller.press("111111")
    return caller


def test_the_third_wrong_query_password_ends_self_service_in_this_call(hotline: Hotline) -> None:
    caller = _guess(hotline, 1).hear("您输入的号码或密码有误，您还可以再试两次")
    caller.press("222222").hear("您还可以再试一次").press("333333")
    caller.hear("本次通话中密码输入错误次数已达上限，将由人工客服为您服务")
    assert caller.queue == "general"


def test_the_fifth_in_a_day_locks_until_midnight_of_the_bank(hotline: Hotline) -> None:
    _guess(hotline, 3)
    _guess(hotline, 1).hear("您还可以再试一次").press("222222").hear(
        "密码已锁定，将于二零二六年三月五日凌晨零点自动解锁"
    )
    hotline.clock.at(23, 59)
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("密码已锁定").not_hear("余额")
    hotline.clock.forward(minutes=1)
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("尾号四四五八的账户，余额")


def test_a_right_password_does_not_forgive_the_day(hotline: Hotline) -> None:
    _guess(hotline, 2).press(QUERY[WANG]).hear("尾号四四五八的账户，余额")
    _guess(hotline, 2).press(QUERY[WANG]).hear("尾号四四五八的账户，余额")
    _guess(hotline, 1).hear("密码已锁定")


def test_the_tenth_in_a_row_locks_until_the_branch(hotline: Hotline) -> None:
    for _ in range(2):
        _guess(hotline, 3)
        last = _guess(hotline, 2)
        hotline.clock.forward(days=1)
    last.hear("携带本人身份证件到任一营业网点办理解锁")
    hotline.clock.forward(days=365)
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("营业网点").not_hear("余额")


def test_the_third_wrong_transaction_password_in_a_day_locks_for_a_day(hotline: Hotline) -> None:
    caller = _sign_wrongly(hotline, 1).hear("您还可以再试两次").press("222222").press("333333")
    caller.hear("密码已锁定，将于二零二六年三月五日上午十点自动解锁")
    hotline.clock.forward(hours=23, minutes=59)
    _sign_wrongly(hotline, 0).press(TRANSACTION[WANG]).hear("密码已锁定")
    hotline.clock.forward(minutes=1)
    _sign_wrongly(hotline, 0).press(TRANSACTION[WANG]).hear("验证码已发送")


def test_the_sixth_wrong_transaction_password_in_a_row_locks_until_the_branch(hotline: Hotline) -> None:
    _sign_wrongly(hotline, 3)
    hotline.clock.forward(days=1)
    _sign_wrongly(hotline, 3).hear("营业网点")
    hotline.clock.forward(days=30)
    _sign_wrongly(hotline, 0).press(TRANSACTION[WANG]).hear("营业网点")


def test_the_transaction_lock_leaves_the_query_password_open(hotline: Hotline) -> None:
    _sign_wrongly(hotline, 3)
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("尾号四四五八的账户，余额")


def test_the_old_password_at_a_change_counts_with_its_everyday_use(hotline: Hotline) -> None:
    for _ in range(3):
        hotline.mandarin().press(PASSWORDS).press("1").press("1").press("111111")
    _guess(hotline, 2).hear("密码已锁定")


def test_ten_failures_an_hour_send_a_number_to_agents(hotline: Hotline) -> None:
    for card in (CARD[LI], CARD[CHEN]):
        for times in (3, 2):
            caller = hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{card}#")
            caller.keys(*["111111"] * times)
    blocked = hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[LI]}#")
    blocked.hear("该电话号码暂时只能办理人工服务")
    assert blocked.queue == "general"
    hotline.clock.forward(hours=1, seconds=1)
    hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[LI]}#").hear("请输入六位查询密码")


def test_a_number_asks_for_three_customers_an_hour(hotline: Hotline) -> None:
    for card in (CARD[WANG], CARD[LI], CARD[CHEN]):
        hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{card}#").hear("请输入六位查询密码")
    fourth = hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[ZHANG]}#")
    fourth.hear("该电话号码暂时只能办理人工服务")
    hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[WANG]}#").hear("请输入六位查询密码")
    hotline.clock.forward(hours=1, seconds=1)
    hotline.mandarin(STRANGER).press(BALANCE).press("1").press(f"{CARD[ZHANG]}#").hear("请输入六位查询密码")


@pytest.mark.parametrize("keys", [("1", "6222021001122334459#"), ("2", "110101199003074216")])
def test_a_number_that_is_nobodys_hears_what_a_wrong_password_hears(hotline: Hotline, keys: tuple[str, str]) -> None:
    known = hotline.mandarin(WITHHELD).press(BALANCE).press("1").press(f"{CARD[WANG]}#")
    nobody = hotline.mandarin(WITHHELD).press(BALANCE).press(keys[0]).press(keys[1])
    assert nobody.heard == known.heard
    for guess in ("482913", "571604", "938257"):
        known.press(guess)
        nobody.press(guess)
        assert nobody.heard == known.heard
    for call in ("4829", "5716"):
        known = hotline.mandarin(WITHHELD).press(BALANCE).press("1").press(f"{CARD[WANG]}#").press(f"{call}30")
        nobody = hotline.mandarin(WITHHELD).press(BALANCE).press(keys[0]).press(keys[1]).press(f"{call}30")
        assert nobody.heard == known.heard
    assert "密码已锁定" in nobody.heard


def test_who_becomes_someone_else_keeps_no_proof(hotline: Hotline) -> None:
    """王芳 proves herself; in the same call another card is claimed: nothing of hers opens it."""
    caller = hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("尾号四四五八的账户，余额").press("#")
    hotline.clock.forward(minutes=11)
    caller.press(BALANCE).hear("请输入六位查询密码").press("*").press("8").press("1").press(f"{CARD[LI]}#")
    caller.press(QUERY[WANG]).hear("您输入的号码或密码有误")
    caller.press(QUERY[LI]).hear("尾号三零零五的账户，余额一千二百五十元")
    caller.press("#").press(TRANSFER).hear("您没有登记收款人")


def test_a_transaction_password_proves_nothing_of_who_is_claimed_next(hotline: Hotline) -> None:
    """王芳 signs, lets her query password run out, and claims to be 陈静, whose query password alone she knows."""
    clock = hotline.clock
    caller = to_bill(hotline.mandarin()).press("1")
    clock.forward(minutes=9)
    sign(caller).hear("确认缴费，请按1").press("#")
    clock.forward(minutes=2)
    caller.press(BILLS).hear("请输入六位查询密码").press("*").press("8").press("1").press(f"{CARD[CHEN]}#")
    caller.press(QUERY[CHEN]).press("1").press("3100458812#").hear("请输入六位交易密码").not_hear("确认缴费")
