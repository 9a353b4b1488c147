"""The queue of the provider itself: the embedded exchange holds it, an agent's phone dials it, the sweep asks it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from twilio.rest import Client

from exchange import Exchange, ExchangeSettings
from ivr.calls import stale_queue_entries
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.telephony.twilio.rest import TwilioAccount, TwilioCalls
from tests.exchange.web_application import AGENT, PhoneCall, Rebased, RunningExchange, WebApplication
from tests.support.hotline import ACCOUNT, LI, TOKEN, WANG, Clock, Hotline, open_hotline
from tests.support.serving import Served

NUMBER = "+862160195588"
DIAL = "<Response><Dial><Queue>general</Queue></Dial></Response>"


@pytest.fixture
def house(seeded_sqlite: Database, settings: Settings, keyring: Keyring) -> Iterator[tuple[Hotline, RunningExchange]]:
    """The product, and the exchange that calls it."""
    inner: list[Any] = []
    door = Served(lambda environ, start: inner[0](environ, start))  # type: ignore[arg-type] # its port is signed
    public = f"http://127.0.0.1:{door.port}"
    hotline = open_hotline(seeded_sqlite, settings, keyring, Clock(), public_url=public)
    inner.append(hotline.app)
    exchange = Exchange(
        ExchangeSettings(
            ACCOUNT, TOKEN, NUMBER, f"{public}/voice", f"{public}/voice/status", f"{public}/voice/fallback", "stepped"
        )
    )
    app = Flask("tests.journeys.exchange")
    app.register_blueprint(exchange.blueprint())
    served = Served(app)
    yield hotline, RunningExchange(f"http://127.0.0.1:{served.port}", WebApplication(), exchange)
    exchange.close()
    served.close()
    hotline.close()
    door.close()


def queued(office: RunningExchange, number: str) -> PhoneCall:
    """A caller who waits and has heard the first round."""
    call = office.call(number)
    say(call, "English")
    call.press("1")
    say(call, "请按")
    call.press("0")
    say(call, "请按1")
    return call


def say(call: PhoneCall, words: str, after: int = 0) -> int:
    """Wait until the hotline has said these words; returns how many things it had said by then."""
    for number in range(after + 1, 60):
        if words in call.hear("say", number)["text"]:
            return number
    raise AssertionError(f"'{words}' was not said: {call.said()}")


def offered(call: PhoneCall) -> int:
    """Look at the offer of a callback, which is said whole before its keys are; where the telephone stands then."""
    call.press("1")
    told = say(call, "仅用于本次回电")
    call.silence()  # where time is stepped, nothing follows by itself
    return say(call, "继续等候，请按星号键", told)


def agent_dials(office: RunningExchange) -> PhoneCall:
    """An agent's phone takes the caller who stands first in the provider's queue."""
    office.register(AGENT)
    client = Client(ACCOUNT, TOKEN, http_client=Rebased(office.base))
    client.calls.create(to=AGENT, from_=NUMBER, twiml=DIAL)
    return office.ringing_call(AGENT).answer()


def test_looking_at_the_offer_keeps_the_place_at_the_provider_too(house: tuple[Hotline, RunningExchange]) -> None:
    hotline, office = house
    first, _second = queued(office, WANG), queued(office, LI)
    told = offered(first)
    first.press("*")
    told = say(first, "您的排队位置已保留", told)
    first.silence()  # where time is stepped, nothing follows by itself
    say(first, "您是下一位", told)
    agent = agent_dials(office)
    assert agent.hear("connected")["with"] == WANG
    agent.hang_up().over()
    say(first, "感谢您的来电，再见", told)
    first.over()
    assert first.warned() == []
    assert hotline.ask("select state from queued_calls order by id") == [("answered",), ("waiting",)]


def test_an_agent_takes_a_caller_out_of_the_offer(house: tuple[Hotline, RunningExchange]) -> None:
    hotline, office = house
    caller = queued(office, WANG)
    told = offered(caller)
    agent = agent_dials(office)
    assert agent.hear("connected")["with"] == WANG
    agent.hang_up().over()
    say(caller, "感谢您的来电，再见", told)
    caller.over()
    assert hotline.ask("select state from queued_calls") == [("answered",)]


def test_the_sweep_asks_the_provider_who_waits_who_talks_and_who_is_gone(
    house: tuple[Hotline, RunningExchange],
) -> None:
    hotline, office = house
    talks, waits = queued(office, WANG), queued(office, LI)
    agent = agent_dials(office)
    talks.hear("connected")
    hotline.clock.forward(minutes=6)
    calls = TwilioCalls(TwilioAccount(ACCOUNT, TOKEN, NUMBER, office.base))
    assert stale_queue_entries.sweep(hotline.database, hotline.keyring, calls, hotline.clock()) == 1
    assert hotline.ask("select state from queued_calls order by id") == [("answered",), ("waiting",)]
    [(_, sid), _other] = hotline.ask("select call, queue_sid from queued_calls order by id")
    waits.hang_up().over()
    assert [calls.whereabouts(call.sid, sid) for call in (talks, waits)] == ["elsewhere", "over"]
    agent.hang_up()
