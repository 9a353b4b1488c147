"""Who calls: a number, a SIP address whose host is trusted or not, a client, nobody."""

import pytest

from ivr.telephony.twilio.callers import read_caller
from ivr.telephony.webhooks import Caller

TRUSTED = frozenset({"pbx.bank.example", "10.0.0.7:5080", "[2001:db8::7]"})
WANG = Caller("+8613800138000")

NUMBERS = (
    "sip:+8613800138000@pbx.bank.example",
    "sip:13800138000@pbx.bank.example",
    "sip:013800138000@PBX.bank.example;transport=udp",
    "sips:%2B8613800138000@pbx.bank.example",
    "sip:+86-138-0013-8000;phone-context=bank@pbx.bank.example;user=phone",
    "sip:+8613800138000:secret@pbx.bank.example?Subject=x",
    "sip:+8613800138000@10.0.0.7:5080",
    "sip:+8613800138000@[2001:db8::7]",
)


@pytest.mark.parametrize("text", NUMBERS)
def test_a_sip_caller_of_a_trusted_host_calls_from_the_number_in_the_address(text: str) -> None:
    assert read_caller(text, TRUSTED) == WANG


@pytest.mark.parametrize("text", NUMBERS)
def test_of_any_other_host_the_number_counts_for_nothing(text: str) -> None:
    caller = read_caller(text, {"bank.example", "pbx.bank.example.evil.example"})
    assert caller.number is None
    assert caller.address.startswith("sip:")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sip:Alice@pbx.bank.example", "sip:alice@pbx.bank.example"),
        ("sip:alice@other.example:5062;transport=tcp", "sip:alice@other.example:5062"),
        ("sip:+8613800138000@other.example", "sip:+8613800138000@other.example"),
        ("client:agent_7", "client:agent_7"),
    ],
)
def test_callers_without_a_number_are_told_apart_by_their_address(text: str, address: str) -> None:
    assert read_caller(text, TRUSTED) == Caller(None, address)


@pytest.mark.parametrize(
    "text", ["", "ANONYMOUS", "+266696687", "sip:", "sip:@pbx.bank.example", "sip:a@b c", "client:", "anonymous@x"]
)
def test_a_withheld_caller_has_neither(text: str) -> None:
    assert read_caller(text, TRUSTED) == Caller()
