"""Calls that meet at one moment: limits hold over all of them, and an equal transfer is made once."""

import pytest

from tests.faults.storms import storm
from tests.journeys.steps import LOSS, sign, to_code
from tests.support.books import check_books, moved
from tests.support.caller import Caller
from tests.support.hotline import CARD, CHEN, LI, SAVINGS, STRANGER, WANG, ZHANG, Hotline

pytestmark = pytest.mark.both  # locks


def test_an_equal_transfer_that_another_call_made_meanwhile_is_asked_about(hotline: Hotline) -> None:
    """Both passed the check before either moved anything."""
    first, first_code = to_code(hotline, hotline.mandarin(), "300"), hotline.code()
    second, second_code = to_code(hotline, hotline.mandarin(), "300"), hotline.code()
    first.press(first_code).hear("转账成功")
    second.press(second_code).hear("您在十分钟内已向同一收款人转过三百元")
    assert [fen for _, _, fen in moved(hotline)] == [300_00]
    hotline.clock.forward(seconds=61)
    sign(second.press("1").press("1")).press(hotline.code()).hear("转账成功")
    assert [fen for _, _, fen in moved(hotline)] == [300_00, 300_00]
    check_books(hotline)


def test_equal_transfers_of_many_calls_at_one_moment_go_through_once(hotline: Hotline) -> None:
    _press_at_once([(to_code(hotline, hotline.mandarin(), "200"), hotline.code()) for _ in range(3)])
    assert [fen for _, _, fen in moved(hotline)] == [200_00]


def test_reports_of_many_calls_at_one_moment_stop_at_the_limit(hotline: Hotline) -> None:
    cards = [CARD[WANG], SAVINGS, CARD[LI], CARD[CHEN], CARD[ZHANG]]
    callers = [(hotline.mandarin(STRANGER).press(LOSS).press("1").press(f"{card}#"), "1") for card in cards]
    _press_at_once(callers)
    assert hotline.one("select count(*) from cards where lost_until is not null") == 3


def _press_at_once(callers: list[tuple[Caller, str]]) -> None:
    assert {reply.status for reply in storm([(caller.door, caller.request(keys)) for caller, keys in callers])} == {200}
