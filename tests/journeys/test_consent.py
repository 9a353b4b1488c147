"""Consent to a callback: written down with the time of the yes, and nothing before it."""

import pytest
from sqlalchemy import select

from ivr.centre.queues.models import CallbackRow
from tests.support.caller import Caller
from tests.support.hotline import STRANGER, WITHHELD, Hotline


def _kept(hotline: Hotline) -> list[CallbackRow]:
    with hotline.rows() as db:
        kept = list(db.scalars(select(CallbackRow)))
        db.expunge_all()
    return kept


def _asked(hotline: Hotline, number: str = STRANGER) -> Caller:
    """A caller in a queue asks to be called back; 40 seconds after the call began."""
    caller = hotline.mandarin(number).press("0")
    hotline.clock.forward(seconds=25)
    caller.wait()
    hotline.clock.forward(seconds=15)
    return caller.wait_key("1")


def test_consent_has_the_time_of_the_yes(hotline: Hotline) -> None:
    hotline.pauses = False
    caller = _asked(hotline).hear("并保存该号码", "同意，请按1")
    assert _kept(hotline) == []
    hotline.clock.forward(seconds=7)
    caller.press("1").hear("已为您登记回电")
    [kept] = _kept(hotline)
    assert kept.consented_at == kept.created_at == hotline.clock()


def test_consent_to_another_number_has_the_time_of_that_yes(hotline: Hotline) -> None:
    hotline.pauses = False
    caller = _asked(hotline, WITHHELD).hear("请输入回电号码")
    hotline.clock.forward(seconds=11)
    caller.press("13800000001#").hear("同意，请按1")
    hotline.clock.forward(seconds=9)
    caller.press("1").hear("已为您登记回电")
    [kept] = _kept(hotline)
    assert kept.consented_at == hotline.clock()
    hotline.clock.forward(seconds=30)
    assert caller.again().status == 200
    assert [each.consented_at for each in _kept(hotline)] == [kept.consented_at], "the same yes, said again"


@pytest.mark.parametrize("keyed", ["8613800000001", "008613800000001", "0086013800000001", "013800000001"])
def test_a_number_with_its_country_code_is_read_back_as_at_home(shared_hotline: Hotline, keyed: str) -> None:
    caller = _asked(shared_hotline, WITHHELD)
    caller.press(f"{keyed}#").hear("幺三八，零零零零，零零零幺").hear("同意，请按1")


def test_so_is_one_that_is_keyed_while_no_agent_is_there(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    hotline.rule("general", hours="business")
    hotline.clock.at(3)
    caller = hotline.mandarin(WITHHELD).press("0").press("1").hear("请输入回电号码")
    caller.press("008613800000001#").hear("幺三八，零零零零，零零零幺").hear("同意，请按1")
