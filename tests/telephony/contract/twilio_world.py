"""Twilio's adapter in front of the embedded exchange, with its telephones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask

from exchange import Exchange, ExchangeSettings
from ivr.foundation.config import read_settings
from ivr.foundation.environment import Environment
from ivr.telephony import twilio
from ivr.telephony.provider import Provider
from tests.exchange.web_application import HOTLINE, SID, TOKEN, PhoneCall, RunningExchange, WebApplication, serving
from tests.support.databases import ROOT
from tests.telephony.contract.world import NUMBER, Pages


@dataclass
class ExchangeTelephone:
    """A telephone of the exchange."""

    at: PhoneCall
    answers: int = 0

    @property
    def call(self) -> str:
        """The call's sid."""
        return self.at.sid

    def heard(self) -> list[str]:
        """What is said to it, by the hotline or by others in a conference."""
        return [each["text"] for each in self.at.news()["events"] if each["type"] == "say"]

    def press(self, keys: str) -> None:
        """Keys, once something is gathered."""
        self.answers += 1
        self.at.hear("listening", self.answers)
        self.at.press(keys)

    def say(self, words: str) -> None:
        """Words."""
        self.at.say(words)

    def leave_message(self, words: str) -> None:
        """Words, and the key that ends a message."""
        self.at.hear("recording")
        self.at.say(words).press("#")

    def hang_up(self) -> None:
        """The end."""
        self.at.hang_up()


@dataclass
class TwilioWorld:
    """An exchange that runs."""

    office: RunningExchange
    provider: Provider
    pages: Pages
    rung: dict[str, int] = field(default_factory=dict)

    def dial(self, number: str = NUMBER) -> ExchangeTelephone:
        """A call to the hotline."""
        return ExchangeTelephone(self.office.call(number))

    def holds(self, to: str) -> None:
        """It can be rung."""
        self.office.register(_client(to))

    def picks_up(self, to: str) -> ExchangeTelephone:
        """It is picked up."""
        self.rung[to] = self.rung.get(to, 0) + 1
        return ExchangeTelephone(self.office.ringing_call(_client(to), self.rung[to]).answer())

    def at(self, address: str, seconds: float) -> Provider:
        """Another one's port."""
        return connected(address, seconds)


def _client(to: str) -> str:
    return to.replace("desk:", "client:")


def connected(address: str, seconds: float = 7.0) -> Provider:
    """Twilio's adapter, sent to an address."""
    environment = Environment(
        public_url="", database_url="", hotline_number=HOTLINE, account_sid=SID, auth_token=TOKEN, api_url=address
    )
    return twilio.connect(environment, read_settings(ROOT / "config.yaml"), seconds)


@contextmanager
def opened() -> Iterator[TwilioWorld]:
    """The exchange and the hotline's pages."""
    pages = Pages(lambda: world.provider)
    with serving(pages.app()) as base:
        pages.base = base
        exchange = Exchange(ExchangeSettings(SID, TOKEN, HOTLINE, f"{base}/voice", f"{base}/status", pace="stepped"))
        app = Flask("exchange")
        app.register_blueprint(exchange.blueprint())
        with serving(app) as address:
            world = TwilioWorld(RunningExchange(address, WebApplication(), exchange), connected(address), pages)
            yield world
            exchange.close()
