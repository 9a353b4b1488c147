"""Fixtures of a running hotline: `hotline` on both databases, `quick_hotline` on SQLite alone."""

from collections.abc import Iterator

import pytest

from ivr.config import Settings
from ivr.crypto import Keyring
from ivr.db import Database
from tests.support.hotline import Clock, Hotline, open_hotline
from tests.support.seeding import seeded, seeded_postgres, seeded_sqlite

__all__ = ["clock", "hotline", "quick_hotline", "seeded", "seeded_postgres", "seeded_sqlite"]


@pytest.fixture
def clock() -> Clock:
    """Ten in the morning of a working day."""
    return Clock()


@pytest.fixture
def hotline(seeded: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Hotline]:
    """A fresh installation; each test that asks for it runs on SQLite and on PostgreSQL."""
    opened = open_hotline(seeded, settings, keyring, clock)
    yield opened
    opened.close()


@pytest.fixture
def quick_hotline(seeded_sqlite: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Hotline]:
    """A fresh installation on SQLite, where the database is not what is tried."""
    opened = open_hotline(seeded_sqlite, settings, keyring, clock)
    yield opened
    opened.close()
