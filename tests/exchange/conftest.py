"""A new exchange and a new application for each test."""

import logging
from collections.abc import Iterator

import pytest

from tests.exchange.web_application import RunningExchange, run_exchange


@pytest.fixture
def running() -> Iterator[RunningExchange]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with run_exchange() as running:
        yield running


@pytest.fixture
def full_exchange() -> Iterator[RunningExchange]:
    """With a status and a fallback URL."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with run_exchange(more_urls=True) as running:
        yield running
