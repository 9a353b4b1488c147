"""Databases for the bench: migrated and seeded, with a bundle and a given number of past calls."""

import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

from bench import bundles
from ivr.cli.operations import load_demonstration
from ivr.db import schema
from ivr.installation import Installation

SECRET = "made-up-for-the-bench-" + "0123456789abcdef" * 2
TURNS = 6  # per past call
SEALED_STATE, SEALED_ANSWER = 420, 900  # bytes, as measured on the walks
KEPT_SHARE = 20  # one call in 20 still has its session and answers: one day out of about three weeks


def environment(url: str) -> dict[str, str]:
    """The environment variables for a server with this database."""
    return {"IVR_DATABASE_URL": url, "IVR_SECRET_KEY": SECRET}


def sqlite_database(path: Path, steps: int, past_calls: int = 0) -> Mapping[str, str]:
    """A new SQLite database with a generated bundle; returns the environment of its server."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    settings = environment(f"sqlite:///{path}")
    prepare(settings, steps)
    if past_calls:
        fill(path, past_calls)
    return settings


def prepare(settings: Mapping[str, str], steps: int) -> None:
    """Migrate and seed a database, and publish a generated bundle (0 steps: the project's own flows)."""
    installation = Installation.here(settings)
    database = installation.database
    schema.upgrade(database)
    load_demonstration(installation)
    keyring = installation.keyring
    if steps:
        with database.begin() as connection:
            bundles.publish_generated(connection, keyring, steps, installation.settings)
    database.close()


def fill(path: Path, calls: int) -> float:
    """Insert past calls with their turns, in key order (fastest for SQLite); returns the seconds taken."""
    began = time.monotonic()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        bundle = raw.execute("SELECT hash FROM bundles").fetchone()[0]
        spread = (1 << 60) // calls  # the keys are spread evenly, so that new calls fall between them
        raw.execute("CREATE TEMP TABLE past (n INTEGER PRIMARY KEY, call TEXT, kept INTEGER)")
        raw.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?) "
            "INSERT INTO past SELECT i, printf('CA%015x%017x', i * ?, i), i % ? = 0 FROM n",
            (calls, spread, KEPT_SHARE),
        )
        raw.execute(
            "INSERT INTO calls (call, turn, bundle, state, caller, language, started_at, ended_at, ending, erased) "
            "SELECT call, ?, ?, iif(kept, randomblob(?), x''), iif(kept, randomblob(46), NULL), 'zh-CN', "
            "datetime('now', '-' || (n % 1800000) || ' seconds') || '.000000', "
            "datetime('now', '-' || (n % 1800000) || ' seconds', '60 seconds') || '.000000', "
            "'hung_up', NOT kept FROM past",
            (TURNS, bundle, SEALED_STATE),
        )
        raw.execute(
            "WITH t(turn) AS (VALUES (0), (1), (2), (3), (4), (5)) "
            "INSERT INTO turns (call, turn, at, answer, trail) "
            "SELECT call, turn, 1790000000000 + n, iif(kept, randomblob(?), NULL), "
            """'[["main.menu","1"],["topic0.say1","enter"],["topic0.next1","enter"]]' FROM past, t ORDER BY n, turn""",
            (SEALED_ANSWER,),
        )
        raw.execute("DROP TABLE past")
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return time.monotonic() - began
