"""What /readyz and /metrics look at: database, version, flows, worker. Reads only, and never waits long."""

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ivr import clock
from ivr.calls.bundles import Bundles
from ivr.calls.standing import Figure, standing, worker_unseen_seconds
from ivr.db import Database, schema
from ivr.errors import IvrError

Check = Callable[[], str | None]
UNSEEN_SECONDS = 90  # a worker shows itself every 15
SILENT = "the database does not answer"


def checks(database: Database, bundles: Bundles) -> Mapping[str, Check]:
    """What must hold before calls are taken; each gives None, or what is wrong and what to do."""
    return {
        "database": lambda: _database_problem(database),
        "migrations": lambda: _schema_problem(database),
        "bundle": lambda: _bundle_problem(bundles),
    }


def warnings(database: Database) -> Mapping[str, Check]:
    """What calls can do without for a while."""
    return {"worker": lambda: _worker_warning(database)}


def figures(database: Database, bundles: Bundles) -> list[Figure]:
    """How things stand, by the queues of the newest bundle; none where the database does not answer, or nothing is
    published, which the checks say.
    """
    try:
        with database.look() as transaction:
            queues = tuple(bundles.current(transaction).queues)
            return list(standing(transaction.connection, queues, clock.now()))
    except (IvrError, SQLAlchemyError):
        return []


def _database_problem(database: Database) -> str | None:
    name = database.durable.url.database
    if database.is_sqlite and name and not Path(name).exists():
        return f"{Path(name).name} was taken away while it was in use: stop every process, and bring it back"
    try:
        with database.look() as transaction:
            transaction.connection.execute(text("select 1"))
    except SQLAlchemyError as error:
        return f"{type(error).__name__}: check IVR_DATABASE_URL and that the database runs"
    return None


def _schema_problem(database: Database) -> str | None:
    try:
        present = schema.present(database)
    except SQLAlchemyError:
        return SILENT
    return None if present == schema.newest() else "run: python -m ivr migrate"


def _bundle_problem(bundles: Bundles) -> str | None:
    try:
        bundles.warm()
    except (IvrError, SQLAlchemyError) as error:
        return str(error) if isinstance(error, IvrError) else SILENT
    return None


def _worker_warning(database: Database) -> str | None:
    try:
        with database.look() as transaction:
            unseen = worker_unseen_seconds(transaction.connection, clock.now())
    except SQLAlchemyError:
        return None  # the checks tell of it
    if unseen is not None and unseen < UNSEEN_SECONDS:
        return None
    return "no worker was seen lately, so no text leaves; run: python -m ivr worker"
