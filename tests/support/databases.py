"""Fixtures everyone shares: a fresh database on SQLite and on PostgreSQL, keys, settings and a quick hasher.

Each test has a database of its own: a file on SQLite, a copy of a template on the run's one PostgreSQL server.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from ivr.bank.ledger.hashing import PasswordHasher
from ivr.db import Database, open_database, schema
from ivr.foundation.config import Settings, read_settings
from ivr.foundation.crypto import Keyring
from tests.support.postgres import Server, shared_server

ROOT = Path(__file__).parents[2]
TEMPLATE = "hotline_template"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
_NUMBERS = count()


def make_schema(database: Database) -> None:
    """Every table and trigger of the product, in an empty database, as the migrations make them."""
    schema.upgrade(database)


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[Database]:
    """A copy of an SQLite file in a folder, open."""
    database = open_database(f"sqlite:///{shutil.copy(template, folder / 'hotline.db')}")
    yield database
    database.close()


@contextmanager
def postgres_copy(server: Server, template: str) -> Iterator[Database]:
    """A copy of a PostgreSQL database, open, and dropped at the end."""
    name = f"hotline_{WORKER}_{next(_NUMBERS)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    database = open_database(server.url(name))
    yield database
    database.close()
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The run's PostgreSQL server, with a template database that holds the schema."""
    base = tmp_path_factory.getbasetemp()
    with shared_server(base if WORKER == "alone" else base.parent, _make_template) as server:
        yield server


def _make_template(server: Server) -> None:
    server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
    server.execute(f"CREATE DATABASE {TEMPLATE}")
    database = open_database(server.url(TEMPLATE))
    make_schema(database)
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = open_database(f"sqlite:///{path}")
    make_schema(database)
    database.close()
    return path


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A fresh SQLite file with the schema."""
    with sqlite_copy(sqlite_template, tmp_path) as database:
        yield database


@pytest.fixture
def postgres_database(postgres_server: Server) -> Iterator[Database]:
    """A fresh PostgreSQL database with the schema."""
    with postgres_copy(postgres_server, TEMPLATE) as database:
        yield database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh database with the schema: each test that asks for it runs on both kinds."""
    made: Database = request.getfixturevalue(f"{request.param}_database")
    return made


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Keys made up for tests."""
    return Keyring(("made-up-for-tests-" + "0123456789abcdef" * 2,))


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The project's own config.yaml."""
    return read_settings(ROOT / "config.yaml")


@pytest.fixture(scope="session")
def fast_hasher(keyring: Keyring) -> PasswordHasher:
    """Argon2id with the smallest parameters: under a millisecond a hash, for tests only."""
    return PasswordHasher(keyring, memory_kib=8, passes=1, lanes=1, at_once=2)
