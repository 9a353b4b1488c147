"""A fresh exchange and a fresh application for each test."""

import logging
from collections.abc import Iterator

import pytest

from tests.exchange.web_application import Office, open_office


@pytest.fixture
def office() -> Iterator[Office]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with open_office() as running:
        yield running


@pytest.fixture
def full_office() -> Iterator[Office]:
    """With a status and a fallback URL."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with open_office(more_urls=True) as running:
        yield running
