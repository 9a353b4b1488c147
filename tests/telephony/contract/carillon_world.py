"""The second provider, with its telephones."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ivr.telephony.provider import Provider
from tests.exchange.web_application import serving
from tests.fakes.carillon.api import serve
from tests.fakes.carillon.exchange import Carillon
from tests.fakes.carillon.legs import Leg
from tests.fakes.carillon_adapter import connect
from tests.telephony.contract.world import LANGUAGES, NUMBER, Pages, eventually

KEY, SECRET = "house-key", "made-up-secret"


@dataclass
class LegTelephone:
    """A telephone at a leg."""

    leg: Leg

    @property
    def call(self) -> str:
        """The leg's id."""
        return self.leg.id

    def heard(self) -> list[str]:
        """Everything that reached it."""
        return list(self.leg.heard)

    def press(self, keys: str) -> None:
        """Keys, where something is asked."""
        eventually(lambda: self.leg.asked)
        self.leg.signals.put(("keys", keys))

    def silent(self) -> None:
        """The time for an answer runs out."""
        eventually(lambda: self.leg.asked)
        self.leg.signals.put(("silence", ""))

    def say(self, words: str) -> None:
        """Words: in a room to those who hear them, else where something is asked."""
        if self.leg.room is not None:
            self.leg.room.spread(self.leg.id, words)
            return
        eventually(lambda: self.leg.asked)
        self.leg.signals.put(("words", words))

    def leave_message(self, words: str) -> None:
        """Words, onto a tape."""
        self.say(words)

    def hang_up(self) -> None:
        """The end."""
        self.leg.end()


@dataclass
class CarillonWorld:
    """A carillon that runs."""

    carillon: Carillon
    provider: Provider
    pages: Pages

    def dial(self, number: str = NUMBER) -> LegTelephone:
        """A call to the hotline."""
        return LegTelephone(self.carillon.dial(number))

    def holds(self, to: str) -> None:
        """It can be rung."""
        self.carillon.telephones[_peer(to)] = threading.Event()

    def picks_up(self, to: str) -> LegTelephone:
        """It is picked up."""
        peer = _peer(to)
        eventually(lambda: bool(self._ringing(peer)))
        [leg] = self._ringing(peer)
        self.carillon.telephones[peer].set()
        eventually(lambda: leg.state, "up")
        return LegTelephone(leg)

    def at(self, address: str, seconds: float) -> Provider:
        """Another one's port."""
        return connect(address, KEY, SECRET, LANGUAGES, seconds)

    def _ringing(self, peer: str) -> list[Leg]:
        return [each for each in list(self.carillon.legs.values()) if each.peer == peer and each.state == "alerting"]


def _peer(to: str) -> str:
    return to if to.startswith("desk:") else f"tel:{to}"


@contextmanager
def opened() -> Iterator[CarillonWorld]:
    """A carillon and the hotline's pages."""
    carillon = Carillon(KEY, SECRET)
    with serve(carillon) as address:
        provider = connect(address, KEY, SECRET, LANGUAGES)
        pages = Pages(lambda: provider)
        with serving(pages.app()) as base:
            pages.base = base
            carillon.door, carillon.news = f"{base}/voice", f"{base}/status"
            yield CarillonWorld(carillon, provider, pages)
            carillon.close()
            assert carillon.unanswered == []
