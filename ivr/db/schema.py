"""The schema's versions: upgrade to the newest, and say where a database stands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ivr.db.engines import Database

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x49565231  # "IVR1": one migrator at a time on PostgreSQL


def configuration() -> Config:
    """How Alembic finds the migrations; whoever runs a command adds the connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def newest() -> str:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def present(database: Database) -> str:
    """The revision of the database; empty where nothing was migrated yet."""
    with database.look() as transaction:
        return MigrationContext.configure(transaction.connection).get_current_revision() or ""


def upgrade(database: Database) -> None:
    """Bring the database to the newest revision, in one transaction; two at once wait for each other."""
    config = configuration()
    with database.begin() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("set local lock_timeout = 0")
            connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
