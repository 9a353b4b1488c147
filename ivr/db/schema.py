"""Schema versions: upgrade a database, and read its present revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ivr.db.engines import Database

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x49565231  # "IVR1": the advisory lock of migrations on PostgreSQL


def configuration() -> Config:
    """Alembic's configuration; the caller adds the connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def newest() -> str:
    """The newest revision, which this code needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def present(database: Database) -> str:
    """The revision of the database; empty before the first migration."""
    with database.look() as transaction:
        return MigrationContext.configure(transaction.connection).get_current_revision() or ""


def upgrade(database: Database) -> None:
    """Migrate the database to the newest revision, in one transaction; concurrent migrations wait."""
    config = configuration()
    with database.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("set local lock_timeout = 0")
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
