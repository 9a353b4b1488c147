"""The banks that the contract is held against. Their books are loaded once and copied for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.db import Database, open_database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.bank.harnesses import BankHarness, LedgerHarness
from tests.bank.remote import RemoteHarness
from tests.fakes.core_server import CoreServer, serve
from tests.support.databases import TEMPLATE, WORKER, postgres_copy, sqlite_copy
from tests.support.postgres import Server

POSTGRES = pytest.mark.postgres
BOOKS = f"hotline_books_{WORKER}"
Housed = Callable[[Database], LedgerHarness]


@pytest.fixture(scope="session")
def housed(keyring: Keyring, settings: Settings, fast_hasher: PasswordHasher) -> Housed:
    """The embedded bank in a database."""
    return lambda database: LedgerHarness(database, keyring, settings, fast_hasher)


@pytest.fixture(scope="session")
def sqlite_books(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, housed: Housed) -> Path:
    """An SQLite file with the demonstration bank's books, to be copied."""
    folder = tmp_path_factory.mktemp("books")
    with sqlite_copy(sqlite_template, folder) as database:
        housed(database).open()
    return folder / "hotline.db"


@pytest.fixture(scope="session")
def postgres_books(postgres_server: Server, housed: Housed) -> str:
    """The name of a PostgreSQL database with the demonstration bank's books, to be copied."""
    postgres_server.execute(f"DROP DATABASE IF EXISTS {BOOKS}")
    postgres_server.execute(f"CREATE DATABASE {BOOKS} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    database = open_database(postgres_server.url(BOOKS))
    housed(database).open()
    database.close()
    return BOOKS


@pytest.fixture
def sqlite_ledger(tmp_path: Path, sqlite_books: Path, housed: Housed) -> Iterator[LedgerHarness]:
    """The embedded bank on SQLite."""
    with sqlite_copy(sqlite_books, tmp_path) as database:
        yield housed(database)


@pytest.fixture
def postgres_ledger(postgres_server: Server, postgres_books: str, housed: Housed) -> Iterator[LedgerHarness]:
    """The embedded bank on PostgreSQL."""
    with postgres_copy(postgres_server, postgres_books) as database:
        yield housed(database)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=POSTGRES)])
def ledger(request: pytest.FixtureRequest) -> LedgerHarness:
    """The embedded bank on each database."""
    made: LedgerHarness = request.getfixturevalue(f"{request.param}_ledger")
    return made


@pytest.fixture
def core(tmp_path: Path, sqlite_books: Path, housed: Housed) -> Iterator[CoreServer]:
    """A core bank over HTTP, with a database of its own."""
    (tmp_path / "core").mkdir()
    with sqlite_copy(sqlite_books, tmp_path / "core") as database, serve(housed(database)) as server:
        yield server


@pytest.fixture
def remote(database: Database, core: CoreServer) -> RemoteHarness:
    """A hotline on each database, with a remote core bank and a short timeout."""
    return RemoteHarness(database, core, seconds=2.5)  # under the three of an answer that drips


@pytest.fixture(
    params=[
        "ledger-sqlite",
        pytest.param("ledger-postgres", marks=POSTGRES),
        "remote-sqlite",
        pytest.param("remote-postgres", marks=POSTGRES),
    ]
)
def harness(request: pytest.FixtureRequest) -> BankHarness:
    """Each adapter on each database."""
    adapter, _, kind = request.param.partition("-")
    if adapter == "ledger":
        ledger: LedgerHarness = request.getfixturevalue(f"{kind}_ledger")
        return ledger
    return RemoteHarness(request.getfixturevalue(f"{kind}_database"), request.getfixturevalue("core"))
