"""The banks that the contract is held against."""

import pytest

from ivr.banking.hashing import PasswordHasher
from ivr.config import Settings
from ivr.crypto import Keyring
from ivr.db import Database
from tests.banking.houses import House, LedgerHouse


@pytest.fixture
def ledger(database: Database, keyring: Keyring, settings: Settings, fast_hasher: PasswordHasher) -> LedgerHouse:
    """The embedded bank on each database."""
    return LedgerHouse(database, keyring, settings, fast_hasher).open()


@pytest.fixture(
    params=[
        "ledger-sqlite",
        pytest.param("ledger-postgres", marks=pytest.mark.postgres),
    ]
)
def house(request: pytest.FixtureRequest, keyring: Keyring, settings: Settings, fast_hasher: PasswordHasher) -> House:
    """Each adapter on each database."""
    adapter, _, kind = request.param.partition("-")
    database = request.getfixturevalue(f"{kind}_database")
    assert adapter == "ledger"
    return LedgerHouse(database, keyring, settings, fast_hasher).open()
