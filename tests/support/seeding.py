"""The demonstration bank and the project's flows, made once for a test process and copied for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ivr.bank.customers.demo import load_demo_customers
from ivr.bank.ledger.demo import load_demo_bank
from ivr.bank.ledger.hashing import PasswordHasher
from ivr.calls.publishing import bundles as published
from ivr.calls.publishing.sources import read_sources
from ivr.calls.services.registry import catalogue
from ivr.centre.queues.models import Agent, AgentSkill
from ivr.db import Database, open_database
from ivr.engine.bundle import Bundle
from ivr.engine.sources import Sources, build
from ivr.foundation.config import read_settings
from ivr.foundation.crypto import Keyring
from tests.support.databases import ROOT, TEMPLATE, WORKER, make_schema, postgres_copy, sqlite_copy
from tests.support.postgres import Server

SEEDED_AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
SEEDED = f"hotline_seeded_{WORKER}"


def quick_hasher(keyring: Keyring) -> PasswordHasher:
    """Argon2id with the smallest parameters."""
    return PasswordHasher(keyring, memory_kib=8, passes=1, lanes=1, at_once=2)


@cache
def built() -> tuple[Sources, Bundle]:
    """The project's flows; tests/test_flows.py proves them."""
    sources = read_sources(ROOT, read_settings(ROOT / "config.yaml"))
    return sources, build(sources, catalogue())


def seed(database: Database, keyring: Keyring) -> None:
    """The demonstration bank and the published flows, into an empty schema."""
    sources, _ = built()
    with database.begin() as connection, Session(connection) as db:
        load_demo_customers(db, keyring, SEEDED_AT)
        db.flush()
        load_demo_bank(db, keyring, quick_hasher(keyring), SEEDED_AT)
        db.flush()
        published.publish(connection, keyring, sources, SEEDED_AT, "tests")
        staff_the_queues(db)


STAFF = {  # at work, so that every queue takes callers; nobody of them is ready
    "seat1": ("general", "payments", "transfers", "security", "english"),
    "seat2": ("general", "payments", "transfers", "security"),
    "seat3": ("general",),
    "seat4": ("general",),
}


def staff_the_queues(db: Session) -> None:
    """Agents at work for every queue of config.yaml."""
    for agent_id, skills in STAFF.items():
        db.add(Agent(id=agent_id, state="not_ready", since=SEEDED_AT, idle_since=SEEDED_AT))
        db.add_all(AgentSkill(agent_id=agent_id, skill=skill, level=5) for skill in skills)
    db.flush()


@cache
def sqlite_template(folder: Path, keyring: Keyring) -> Path:
    """A seeded SQLite file to copy, made once."""
    path = folder / "seeded.db"
    database = open_database(f"sqlite:///{path}")
    make_schema(database)
    seed(database, keyring)
    database.close()
    return path


@cache
def postgres_template(server: Server, keyring: Keyring) -> str:
    """The name of a seeded PostgreSQL database to copy, made once."""
    server.execute(f"DROP DATABASE IF EXISTS {SEEDED}")
    server.execute(f"CREATE DATABASE {SEEDED} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    database = open_database(server.url(SEEDED))
    seed(database, keyring)
    database.close()
    return SEEDED


@pytest.fixture
def seeded_sqlite(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, keyring: Keyring) -> Iterator[Database]:
    """A SQLite file with the demonstration bank and published flows."""
    with sqlite_copy(sqlite_template(tmp_path_factory.getbasetemp(), keyring), tmp_path) as database:
        yield database


@pytest.fixture
def seeded_postgres(postgres_server: Server, keyring: Keyring) -> Iterator[Database]:
    """A PostgreSQL database with the demonstration bank and published flows."""
    with postgres_copy(postgres_server, postgres_template(postgres_server, keyring)) as database:
        yield database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def seeded(request: pytest.FixtureRequest) -> Database:
    """A seeded database: each test that asks for it runs on both kinds."""
    made: Database = request.getfixturevalue(f"seeded_{request.param}")
    return made
