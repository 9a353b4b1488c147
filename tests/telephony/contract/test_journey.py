"""The whole hotline behind another provider than Twilio: not a line of the product knows which one rings."""

from collections.abc import Iterator
from typing import Any

import pytest

from ivr.calls import stale_queue_entries
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.telephony.provider import Provider
from tests.fakes.carillon.api import serve
from tests.fakes.carillon.exchange import Carillon
from tests.fakes.carillon_adapter import connect
from tests.support.hotline import QUERY, WANG, Clock, Hotline, open_hotline
from tests.support.hotline_fixtures import clock, seeded_sqlite
from tests.support.serving import Served
from tests.telephony.contract.carillon_world import KEY, SECRET, LegTelephone
from tests.telephony.contract.world import eventually

__all__ = ["clock", "seeded_sqlite"]


@pytest.fixture
def house(
    seeded_sqlite: Database, settings: Settings, keyring: Keyring, clock: Clock
) -> Iterator[tuple[Hotline, Carillon, Provider]]:
    """The product, and a carillon that calls it."""
    inner: list[Any] = []
    door = Served(lambda environ, start: inner[0](environ, start))  # type: ignore[arg-type] # its port is sealed
    public = f"http://127.0.0.1:{door.port}"
    carillon = Carillon(KEY, SECRET, f"{public}/voice", f"{public}/voice/status")
    with serve(carillon) as address:
        provider = connect(address, KEY, SECRET, tuple(settings.speech))
        hotline = open_hotline(seeded_sqlite, settings, keyring, clock, public_url=public, provider=provider)
        inner.append(hotline.app)
        yield hotline, carillon, provider
        carillon.close()
        assert carillon.unanswered == []
        hotline.close()
        door.close()


def hears(telephone: LegTelephone, words: str) -> None:
    """Wait until these words were said."""
    eventually(lambda: words in "".join(telephone.heard()))


def test_a_caller_of_another_provider_hears_the_balance(house: tuple[Hotline, Carillon, Provider]) -> None:
    hotline, carillon, _ = house
    telephone = LegTelephone(carillon.dial(WANG))
    for keys in ("1", "2", "1", QUERY[WANG]):
        telephone.press(keys)
    hears(telephone, "余额五万二千三百八十元六角六分")
    telephone.hang_up()
    eventually(lambda: hotline.ask("select call, ending from calls"), [(telephone.call, "hung_up")])
    assert "Traceback" not in hotline.log.getvalue()


def test_a_caller_of_another_provider_waits_and_is_answered(house: tuple[Hotline, Carillon, Provider]) -> None:
    hotline, carillon, provider = house
    telephone = LegTelephone(carillon.dial(WANG))
    for keys in ("1", "0"):
        telephone.press(keys)
    hears(telephone, "您是下一位")
    hotline.clock.forward(minutes=6)
    swept = stale_queue_entries.sweep(hotline.database, hotline.keyring, provider.calls, hotline.clock())
    assert swept == 0, "the caller waits"
    [(queue,)] = hotline.ask("select queue_sid from queued_calls")
    assert [each.call for each in provider.queues.members(queue)] == [telephone.call]
    assert provider.queues.take(queue, telephone.call, f"{carillon.door}/fallback") == "done"
    eventually(lambda: hotline.ask("select state from queued_calls"), [("answered",)])
    telephone.hang_up()
