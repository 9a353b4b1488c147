"""A topic's version is the number of committed transactions that changed it, on both databases."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ivr.db import Database, look, work
from ivr.platform import live
from ivr.platform.live import Listener
from ivr.platform.live.models import TopicCount

THREADS, EACH = 8, 125
BOUND_SECONDS = 20


@pytest.fixture
def listener(database: Database) -> Iterator[Listener]:
    made = Listener(database)
    yield made
    made.close()


def change(database: Database, topic: str, **more: bool) -> None:
    with work(database, durable=False) as db:
        live.changed(db, topic, **more)


def version(database: Database, topic: str) -> int:
    with look(database) as db:
        return live.versions(db).get(topic, 0)


def hears(listener: Listener, topic: str, wanted: int) -> bool:
    """Whether the listener comes to know a version; it may take a slow machine some time, not for ever."""
    heard = listener.wait(0, BOUND_SECONDS)
    while heard.versions.get(topic, 0) != wanted:
        after = listener.wait(heard.number, BOUND_SECONDS)
        if after.number == heard.number:
            return False
        heard = after
    return True


def test_a_commit_wakes_and_a_rollback_does_not(database: Database, listener: Listener) -> None:
    assert hears(listener, "floor", 0)
    with suppress(ZeroDivisionError), work(database) as db:
        live.changed(db, "floor")
        raise ZeroDivisionError
    change(database, "staff")
    assert hears(listener, "staff", 1)
    assert listener.wait(0, 1).versions.get("floor", 0) == 0
    change(database, "floor", at_once=False)
    assert hears(listener, "floor", 1), "what sends no wake-up is found all the same"


def test_a_transaction_counts_once_and_a_savepoint_that_is_undone_not_at_all(database: Database) -> None:
    with work(database) as db:
        for _ in range(3):
            live.changed(db, "staff")
        with suppress(ZeroDivisionError), db.begin_nested():
            live.changed(db, "floor")
            live.changed(db, "queues")
            raise ZeroDivisionError
        live.changed(db, "queues")
        with db.begin_nested():
            live.changed(db, "desk:agent1")
    assert [version(database, topic) for topic in ("staff", "floor", "queues", "desk:agent1")] == [1, 0, 1, 1]


def test_a_thousand_changes_by_eight_at_once_are_never_missed(database: Database, listener: Listener) -> None:
    assert hears(listener, "floor", 0)

    def write() -> None:
        for _ in range(EACH):
            change(database, "floor")

    writers = [threading.Thread(target=write) for _ in range(THREADS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert version(database, "floor") == THREADS * EACH
    assert hears(listener, "floor", THREADS * EACH)
    with look(database) as db:
        rows = db.scalar(select(func.count()).select_from(TopicCount)) or 0
    assert rows <= THREADS


def test_the_version_is_the_sum_of_the_rows(database: Database) -> None:
    with work(database) as db:
        db.add_all(TopicCount(topic="floor", changes=changes) for changes in (2, 3))
    assert version(database, "floor") == 5


@pytest.mark.postgres
def test_no_writer_waits_for_another(postgres_database: Database) -> None:
    """Two transactions that change one topic are open at once, and the second one commits first."""
    change(postgres_database, "floor")
    with postgres_database.durable.begin() as first, Session(first) as one:
        live.changed(one, "floor")
        with postgres_database.durable.begin() as second, Session(second) as other:
            other.execute(text("SET LOCAL lock_timeout = '2s'"))
            live.changed(other, "floor")
        assert version(postgres_database, "floor") == 2
    assert version(postgres_database, "floor") == 3


def test_what_was_counted_survives_a_restart(database: Database, listener: Listener) -> None:
    change(database, "staff")
    assert hears(listener, "staff", 1)
    listener.close()
    change(database, "staff")
    again = Listener(database)
    assert hears(again, "staff", 2)
    again.close()


@pytest.mark.postgres
def test_a_lost_line_is_opened_again_and_everybody_is_told(postgres_database: Database) -> None:
    listener = Listener(postgres_database)
    before = listener.wait(0, BOUND_SECONDS)
    with work(postgres_database) as db:
        db.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
            )
        )
    away = listener.wait(before.number, BOUND_SECONDS)
    assert away.is_away
    back = listener.wait(away.number, BOUND_SECONDS)
    assert not back.is_away
    assert back.returns == before.returns + 1
    change(postgres_database, "staff")
    assert hears(listener, "staff", 1)
    listener.close()
