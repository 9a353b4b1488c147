"""Staff pages to try: `console` on both databases, `quick_console` on SQLite, shared by a module."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.db import Database, open_database
from ivr.foundation.crypto import Keyring
from tests.support.console import Console, open_console
from tests.support.hotline import Clock


@pytest.fixture
def console(database: Database, keyring: Keyring, fast_hasher: PasswordHasher) -> Iterator[Console]:
    """Fresh staff pages; each test that asks for them runs on SQLite and on PostgreSQL."""
    opened = open_console(database, keyring, fast_hasher, Clock())
    yield opened
    opened.close()


@pytest.fixture
def own_console(sqlite_database: Database, keyring: Keyring, fast_hasher: PasswordHasher) -> Iterator[Console]:
    """Fresh staff pages on SQLite, where the database is not what is tried."""
    opened = open_console(sqlite_database, keyring, fast_hasher, Clock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared_console(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, keyring: Keyring, fast_hasher: PasswordHasher
) -> Iterator[Console]:
    """Staff pages of a module whose tests change nobody."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("console") / "console.db")
    database = open_database(f"sqlite:///{path}")
    opened = open_console(database, keyring, fast_hasher, Clock())
    yield opened
    opened.close()
    database.close()
