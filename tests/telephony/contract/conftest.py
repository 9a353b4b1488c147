"""The contract's tests run twice: on Twilio's adapter before the exchange, and on a provider of another kind."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager

import pytest

from tests.telephony.contract import carillon_world, twilio_world
from tests.telephony.contract.world import World

OPENED: Mapping[str, Callable[[], AbstractContextManager[World]]] = {
    "twilio": twilio_world.opened,
    "carillon": carillon_world.opened,
}


@pytest.fixture(params=OPENED)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A provider of each kind, fresh for each test."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with OPENED[request.param]() as opened:
        yield opened
