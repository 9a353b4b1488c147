"""A service centre on both databases."""

from collections.abc import Iterator

import pytest

from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.support.centre import Centre, open_centre
from tests.support.hotline import Clock
from tests.support.hotline_fixtures import clock, seeded, seeded_postgres, seeded_sqlite

__all__ = ["clock", "seeded", "seeded_postgres", "seeded_sqlite"]


@pytest.fixture
def centre(seeded: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Centre]:
    """Fresh for each test, on SQLite and on PostgreSQL."""
    with open_centre(seeded, settings, keyring, clock) as opened:
        yield opened


@pytest.fixture
def quick_centre(seeded_sqlite: Database, settings: Settings, keyring: Keyring, clock: Clock) -> Iterator[Centre]:
    """On SQLite, where the database is not what is tried."""
    with open_centre(seeded_sqlite, settings, keyring, clock) as opened:
        yield opened
