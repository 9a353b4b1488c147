"""Every test of this folder may ask for a running hotline, and for a second worker on the same database."""

from collections.abc import Iterator

import pytest

from ivr.db import Database, open_database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.support.hotline import Clock, Hotline, open_hotline
from tests.support.hotline_fixtures import (
    clock,
    hotline,
    quick_hotline,
    seeded,
    seeded_postgres,
    seeded_sqlite,
    shared_hotline,
)

__all__ = [
    "clock",
    "hotline",
    "other_worker",
    "quick_hotline",
    "seeded",
    "seeded_postgres",
    "seeded_postgres_hotline",
    "seeded_sqlite",
    "shared_hotline",
]


@pytest.fixture
def seeded_postgres_hotline(
    seeded_postgres: Database, settings: Settings, keyring: Keyring, clock: Clock
) -> Iterator[Hotline]:
    """A fresh installation on PostgreSQL alone."""
    opened = open_hotline(seeded_postgres, settings, keyring, clock)
    yield opened
    opened.close()


@pytest.fixture
def other_worker(hotline: Hotline) -> Iterator[Hotline]:
    """Another worker: its own connections, memory and port; the same database, keys and clock."""
    database = open_database(hotline.database.durable.url.render_as_string(hide_password=False))
    opened = open_hotline(database, hotline.settings, hotline.keyring, hotline.clock)
    yield opened
    opened.close()
    database.close()
