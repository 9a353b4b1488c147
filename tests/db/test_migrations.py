"""The migrations make exactly the schema that the models describe, on both databases, and can be taken back."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text

from ivr.bank.remote.models import CoreOrder
from ivr.calls.models import TurnRecord
from ivr.db import Base, Database, open_database, schema
from tests.support.postgres import Server

ROOT = Path(__file__).parents[2]
COLUMNS = ("call", "turn", "at", "answer", "trail")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database in which nothing was ever made."""
    if request.param == "sqlite":
        return open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    server: Server = request.getfixturevalue("postgres_server")
    name = f"empty_{tmp_path.name.replace('-', '_').lower()}"[:60]
    server.execute(f"DROP DATABASE IF EXISTS {name}")
    server.execute(f"CREATE DATABASE {name}")
    return open_database(server.url(name))


def _models() -> None:
    for models in sorted((ROOT / "ivr").rglob("models.py")):
        import_module(".".join(models.relative_to(ROOT).with_suffix("").parts))


def test_the_migrated_schema_is_the_one_of_the_models(empty: Database) -> None:
    _models()
    schema.upgrade(empty)
    with empty.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
    empty.close()


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    schema.upgrade(empty)
    assert schema.present(empty) == schema.newest()
    empty.close()


def test_the_first_version_can_be_taken_back(empty: Database) -> None:
    schema.upgrade(empty)
    config = schema.configuration()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with empty.begin() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    schema.upgrade(empty)
    assert schema.present(empty) == schema.newest()
    empty.close()


def test_turns_survive_being_laid_out_anew(empty: Database) -> None:
    schema.upgrade(empty)
    config = schema.configuration()
    rows = [("CA1", 0, 20, b"a", "[]"), ("CA1", 1, 30, None, "[]"), ("CA0", 0, 10, b"b", "[]")]
    with empty.begin() as connection:
        connection.execute(insert(TurnRecord), [dict(zip(COLUMNS, row, strict=True)) for row in rows])
    for to in ("0001", "head"):
        with empty.begin() as connection:
            config.attributes["connection"] = connection
            (command.downgrade if to == "0001" else command.upgrade)(config, to)
            found = connection.execute(select(TurnRecord.__table__).order_by(TurnRecord.at)).all()
            assert [tuple(row) for row in found] == sorted(rows, key=lambda row: row[2])
    empty.close()


def test_a_lease_is_carried_over_and_back(empty: Database) -> None:
    """An order in a worker's hands: the older release finds the end of the lease as its next time."""
    schema.upgrade(empty)
    due = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    until = due + timedelta(minutes=1)
    order = {
        "key": "CA1:1", "request": b"", "kind": "transfer", "state": "sent", "customer_id": "wang_fang", "body": b"",
        "reference": "R1", "made_at": due, "due_at": due, "lease_until": until, "tries": 3,
    }  # fmt: skip
    free = order | {"key": "CA1:2", "reference": "R2", "lease_until": None}
    with empty.begin() as connection:
        connection.execute(insert(CoreOrder), [order, free])
    config = schema.configuration()
    with empty.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
        older = connection.execute(text("select claims, customer_id from core_orders order by key")).all()
        assert [tuple(row) for row in older] == [(3, "wang_fang")] * 2
        command.upgrade(config, "head")
    with empty.begin() as connection:
        found = select(CoreOrder.due_at, CoreOrder.lease_until, CoreOrder.tries).order_by(CoreOrder.key)
        assert [tuple(row) for row in connection.execute(found)] == [(until, None, 3), (due, None, 3)]
    empty.close()
