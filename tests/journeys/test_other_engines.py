"""Calls that come through another engine than Twilio: its own ids, SIP callers, keys that no telephone has."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.config.settings import Telephony
from ivr.foundation.crypto import Keyring
from tests.journeys.steps import BALANCE, BILLS
from tests.support.caller import Caller
from tests.support.hotline import PUBLIC, Clock, Hotline, open_hotline

HOST = "pbx.bank.example"
UUID = "6e0ca1f8-8bd2-4d2b-a5f8-1b0c3e7a9d11"


@pytest.fixture
def other_engine(seeded: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Hotline]:
    """A hotline behind an engine whose calls have ids of their own; one SIP host is trusted. On both databases."""
    telephony = Telephony(call_ids="any", trusted_sip_hosts=(HOST,))
    opened = open_hotline(seeded, settings.model_copy(update={"telephony": telephony}), keyring, clock)
    yield opened
    opened.close()


def test_a_call_whose_id_is_a_uuid_is_served_to_its_end(other_engine: Hotline) -> None:
    caller = Caller(other_engine.door, f"sip:+8613800138000@{HOST}", call=UUID).dial()
    caller.press("1").press(BALANCE).hear("尾号四四五八")  # the cards of the number's customer are offered
    caller.press("1").press("739164").hear("余额")
    caller.press("0").wait()
    caller.hang_up()
    assert other_engine.one("select count(*) from calls where call = :c and ended_at is not null", c=UUID) == 1


def test_a_number_in_the_address_of_any_other_host_is_nobodys(other_engine: Hotline) -> None:
    caller = Caller(other_engine.door, "sip:+8613800138000@evil.example", call=UUID).dial()
    caller.press("1").press(BALANCE).not_hear("尾号四四五八")


def test_sip_callers_do_not_share_one_limit(other_engine: Hotline) -> None:
    limit = other_engine.settings.verification.caller_number.failures_an_hour

    def tries(address: str, times: int) -> Caller:
        """Wrong cards until the number is sent to agents, or so many times; three a call."""
        for turn in range(times):
            caller = Caller(other_engine.door, address, call=f"{address.partition('@')[0][4:]}-call-{turn}").dial()
            caller.press("1").press(BALANCE).press("1").press("6222021001122334458#").press("111222")
            caller.hang_up()
            other_engine.do("delete from lockouts")
        return Caller(other_engine.door, address, call=f"{address.partition('@')[0][4:]}-last").dial()

    full = tries("sip:mallory@other.example", limit)
    full.press("1").press(BALANCE).press("1").press("6222021001122334458#").not_hear("密码")
    other = tries("sip:alice@other.example", 0)
    other.press("1").press(BALANCE).press("1").press("6222021001122334458#").hear("密码")


@pytest.mark.parametrize("keys", ["A", "１", "12x", "1" * 40, " "])
def test_a_key_that_no_telephone_has_is_a_wrong_key(shared_hotline: Hotline, keys: str) -> None:
    caller = shared_hotline.mandarin()
    action = caller._asked().action
    caller._go(action, Digits=keys)
    caller.hear("抱歉").press(BILLS)
    assert caller.reply.status == 200


def test_every_address_that_a_document_names_is_whole(shared_hotline: Hotline) -> None:
    caller = shared_hotline.mandarin().press("0")
    caller.wait()
    named = [
        value
        for answer in caller.answers
        for element in ElementTree.fromstring(answer).iter()
        for value in (*element.attrib.values(), element.text or "")
        if "/voice" in value or "/audio" in value
    ]
    assert named
    assert all(each.startswith(PUBLIC) for each in named), named
