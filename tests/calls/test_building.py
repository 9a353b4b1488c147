"""A bundle is built while no transaction is open, once for all who wait; what fails leaves callers an answer."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text

from ivr.calls.assembly import publish_files
from ivr.calls.publishing import bundles as published
from ivr.calls.publishing.bundles import Bundles
from ivr.calls.services.registry import catalogue
from ivr.db import Database, engines
from ivr.engine import checks
from ivr.engine.bundle import Bundle
from ivr.engine.findings import Finding
from ivr.engine.sources import Sources
from ivr.engine.sources import build as really_build
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError, ProviderError
from tests.support.databases import ROOT
from tests.support.hotline import START, Clock, open_hotline
from tests.support.seeding import built, seeded, seeded_postgres, seeded_sqlite

__all__ = ["seeded", "seeded_postgres", "seeded_sqlite"]
WAIT_SECONDS = 60


def open_transactions(database: Database) -> int:
    """Transactions that others hold open: on SQLite whether its one writer is busy."""
    if database.is_sqlite:
        with closing(sqlite3.connect(str(database.durable.url.database), isolation_level=None, timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return 1
            other.rollback()
        return 0
    asked = (
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() "
        "and xact_start is not null and backend_type = 'client backend'"
    )
    with database.durable.connect() as connection:
        return int(connection.execute(text(asked)).scalar_one())


class Slow:
    """A machine on which building takes as long as a test wants."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.began, self.goes_on = threading.Event(), threading.Event()
        self.count, self.open = 0, -1

    def build(self, sources: Sources, services: object) -> Bundle:
        """Build, when told to."""
        del services
        self.count += 1
        for _ in range(8):  # who asks at the same time may just be looking for the bundle's hash: a moment, not a build
            self.open = open_transactions(self.database)
            if not self.open:
                break
            time.sleep(0.05)  # a moment that another thread needs to end its look; a closed transaction gives no sign
        self.began.set()
        assert self.goes_on.wait(WAIT_SECONDS)
        return really_build(sources, catalogue())


@pytest.fixture
def slow(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """Looks end after half a second, and building takes longer."""
    machine = Slow(seeded)
    monkeypatch.setattr(engines, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(published, "build", machine.build, raising=False)  # where it was built once
    monkeypatch.setattr("ivr.calls.publishing.building.build", machine.build, raising=False)
    return machine


def test_a_bundle_is_built_once_outside_any_transaction_however_long_it_takes(seeded: Database, slow: Slow) -> None:
    bundles = Bundles(seeded, catalogue)
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(bundles.warm, WAIT_SECONDS) for _ in range(4)]
        assert slow.began.wait(WAIT_SECONDS)
        waited = threading.Event()
        waited.wait(2 * engines.LOOK_SECONDS)  # longer than the watchdog needs to cut the transaction
        slow.goes_on.set()
        assert {each.result() for each in asking} == {built()[1].hash}
    assert (slow.count, slow.open) == (1, 0)


def test_a_caller_who_comes_while_a_bundle_is_built_is_answered_when_it_is(
    seeded: Database, slow: Slow, settings: Settings, keyring: Keyring
) -> None:
    hotline = open_hotline(seeded, settings, keyring, Clock())
    hotline.parts.bundles._builder.built.clear()
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(hotline.caller)
        assert slow.began.wait(WAIT_SECONDS)
        slow.goes_on.set()
        caller = call.result()
    assert slow.open == 0
    caller.press("1").press("0").hear("正在为您转接人工")
    hotline.parts.bundles._builder.built.clear()
    caller.wait().hear("您是下一位")
    hotline.close()


def test_who_cannot_wait_for_a_bundle_is_told_in_time_and_the_building_goes_on(seeded: Database, slow: Slow) -> None:
    bundles = Bundles(seeded, catalogue)
    digest = built()[1].hash
    with pytest.raises(ProviderError, match="still being built"):
        bundles.build(digest, 0.0)
    slow.goes_on.set()
    assert bundles.build(digest, WAIT_SECONDS).hash == digest
    assert slow.count == 1


def test_what_this_release_cannot_build_is_tried_once_and_said(
    seeded_sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fails(*_: object) -> Bundle:
        tried.append(1)
        raise LookupError("a step of another release")

    monkeypatch.setattr("ivr.calls.publishing.building.build", fails)
    bundles = Bundles(seeded_sqlite, catalogue)
    for _ in range(3):
        with pytest.raises(ConfigurationError, match="a step of another release"):
            bundles.warm(WAIT_SECONDS)
    assert len(tried) == 1


def test_flows_are_proven_while_others_write(
    database: Database, keyring: Keyring, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_then = []

    def check(bundle: Bundle) -> list[Finding]:
        open_then.append(open_transactions(database))
        return list(really_check(bundle))

    really_check = checks.check
    monkeypatch.setattr("ivr.calls.assembly.checks.check", check)
    publish_files(database, keyring, settings, ROOT, START, "start")
    assert open_then == [0]


def test_a_rollback_that_comes_while_flows_are_proven_stands(
    seeded_sqlite: Database, keyring: Keyring, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder was published before by another process, and taken back at once."""
    sources = built()[0]
    older = Sources(sources.flows, {**sources.prompts, "en.yaml": sources.prompts["en.yaml"] + "\n"}, sources.rules)

    def check(bundle: Bundle) -> list[Finding]:
        del bundle
        with seeded_sqlite.begin() as connection:
            published.publish(connection, keyring, sources, START, "others")
            published.publish(connection, keyring, older, START, "others", "rollback")
        return []

    with seeded_sqlite.begin() as connection:
        published.publish(connection, keyring, older, START, "staff")
        connection.execute(text("delete from publications where bundle = :b"), {"b": sources.hash})
        connection.execute(text("delete from bundles where hash = :b"), {"b": sources.hash})
    monkeypatch.setattr("ivr.calls.assembly.checks.check", check)
    assert publish_files(seeded_sqlite, keyring, settings, ROOT, START, "start") == older.hash
