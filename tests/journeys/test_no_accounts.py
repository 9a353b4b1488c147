"""Somebody whom the bank knows but who has no account: nothing is found, and nothing is told of them."""

import pytest

from ivr.bank.customers import directory
from ivr.bank.customers.directory import Person
from tests.journeys.steps import LOSS
from tests.support.hotline import STRANGER, Hotline

IDENTITY = "110101198001010010"


@pytest.fixture
def without_accounts(hotline: Hotline) -> Hotline:
    """The demonstration bank with one customer more, who holds nothing."""
    person = Person("sun_li", "孙丽", "+8613600003333", IDENTITY, "zh-CN")
    with hotline.rows() as db:
        directory.add(db, hotline.keyring, person, hotline.clock())
    return hotline


def test_their_identity_card_finds_no_card_to_stop(without_accounts: Hotline) -> None:
    caller = without_accounts.mandarin(STRANGER).press(LOSS).press("2").press(IDENTITY)
    caller.hear("没有查询到相应的银行卡", "按银行卡号挂失，请按1").not_hear("孙", "请选择要挂失的银行卡")
    assert without_accounts.ask("select kind, subject like 'nobody:%' from attempts") == [("identify", True)]


@pytest.mark.both
def test_the_call_sounds_like_that_of_a_number_that_is_nobodys(without_accounts: Hotline) -> None:
    known = without_accounts.mandarin(STRANGER).press(LOSS).press("2").press(IDENTITY)
    unknown = without_accounts.mandarin(STRANGER).press(LOSS).press("2").press("110101199003074216")
    assert known.heard == unknown.heard


def test_their_own_mobile_offers_no_card(without_accounts: Hotline) -> None:
    without_accounts.mandarin("+8613600003333").press(LOSS).hear("按银行卡号挂失，请按1").not_hear("尾号")
