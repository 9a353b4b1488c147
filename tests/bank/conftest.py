"""The banks that the contract is held against."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.db import Database, open_database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.bank.houses import House, LedgerHouse
from tests.bank.remote import RemoteHouse
from tests.fakes.core_server import CoreServer, serve

POSTGRES = pytest.mark.postgres


@pytest.fixture
def ledger(database: Database, keyring: Keyring, settings: Settings, fast_hasher: PasswordHasher) -> LedgerHouse:
    """The embedded bank on each database."""
    return LedgerHouse(database, keyring, settings, fast_hasher).open()


@pytest.fixture
def core(
    tmp_path: Path, sqlite_template: Path, keyring: Keyring, settings: Settings, fast_hasher: PasswordHasher
) -> Iterator[CoreServer]:
    """A core bank over HTTP, with a database of its own."""
    database = open_database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'core.db')}")
    with serve(LedgerHouse(database, keyring, settings, fast_hasher).open()) as server:
        yield server
    database.close()


@pytest.fixture
def remote(database: Database, core: CoreServer) -> RemoteHouse:
    """A hotline on each database, its bank at the end of a line that gives up soon."""
    return RemoteHouse(database, core, seconds=1.0)


@pytest.fixture(
    params=[
        "ledger-sqlite",
        pytest.param("ledger-postgres", marks=POSTGRES),
        "remote-sqlite",
        pytest.param("remote-postgres", marks=POSTGRES),
    ]
)
def house(request: pytest.FixtureRequest, keyring: Keyring, settings: Settings, fast_hasher: PasswordHasher) -> House:
    """Each adapter on each database."""
    adapter, _, kind = request.param.partition("-")
    database = request.getfixturevalue(f"{kind}_database")
    if adapter == "ledger":
        return LedgerHouse(database, keyring, settings, fast_hasher).open()
    return RemoteHouse(database, request.getfixturevalue("core"))
