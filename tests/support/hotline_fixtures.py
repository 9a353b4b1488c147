"""Fixtures of a running hotline: `hotline` on both databases, `quick_hotline` on SQLite alone."""

from collections.abc import Iterator

import pytest

from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.support.databases import sqlite_copy
from tests.support.hotline import Clock, Hotline, open_hotline
from tests.support.seeding import seeded, seeded_postgres, seeded_sqlite, sqlite_template

__all__ = ["clock", "hotline", "quick_hotline", "seeded", "seeded_postgres", "seeded_sqlite", "shared_hotline"]


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


@pytest.fixture(scope="module")
def shared_hotline(tmp_path_factory: pytest.TempPathFactory, settings: Settings, keyring: Keyring) -> Iterator[Hotline]:
    """One installation on SQLite for a whole module, whose tests leave each other alone."""
    template = sqlite_template(tmp_path_factory.getbasetemp(), keyring)
    with sqlite_copy(template, tmp_path_factory.mktemp("shared")) as database:
        opened = open_hotline(database, settings, keyring, Clock())
        yield opened
        opened.close()
