"""A turn's transaction on a pooled connection is a transaction like any other, whichever way its statements go."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from ivr.calls.models import Publication, PublishedBundle
from ivr.db import Database, Instant, Transaction, engines
from ivr.db.hot import checkpoints
from ivr.db.hot.prepared import Prepared
from ivr.db.retry import is_retryable

AT = datetime(2026, 3, 4, 10, 0, 0, 123456, tzinfo=UTC)
KEEP = Prepared(
    insert(PublishedBundle).values(
        hash=bindparam("v_hash"), sources=bindparam("v_sources"), published_at=bindparam("v_at")
    ),
    v_at=Instant(),
)
COUNT = Prepared(select(func.count()).select_from(PublishedBundle))
READ = Prepared(select(PublishedBundle.sources).where(PublishedBundle.hash == bindparam("v_hash")).with_for_update())
ADD = Prepared(
    update(PublishedBundle).where(PublishedBundle.hash == bindparam("v_hash")).values(sources=bindparam("v_sources"))
)
THREADS, TURNS = 8, 25
WAIT_SECONDS = 20


def row(name: str = "a", sources: str = "0") -> dict[str, object]:
    return {"v_hash": name, "v_sources": sources, "v_at": AT}


def kept_rows(database: Database) -> int:
    with database.turn() as transaction:
        return int(transaction.run(COUNT, {}).fetchone()[0])


@pytest.mark.parametrize("durable", [True, False])
def test_a_turn_is_committed_at_its_end(database: Database, durable: bool) -> None:
    with database.turn(durable=durable) as transaction:
        transaction.run(KEEP, row())
    assert kept_rows(database) == 1


def test_a_turn_that_breaks_leaves_nothing(database: Database) -> None:
    def broken() -> None:
        with database.turn() as transaction:
            transaction.run(KEEP, row())
            raise KeyError("broken")

    with pytest.raises(KeyError):
        broken()
    assert kept_rows(database) == 0


def test_sqlalchemy_joins_the_turn_and_ends_with_it(database: Database) -> None:
    with database.turn() as transaction:
        transaction.run(KEEP, row("a"))
        assert transaction.connection.scalar(select(func.count()).select_from(PublishedBundle)) == 1
        transaction.connection.execute(insert(Publication).values(bundle="a", at=AT, by="x", reason=""))

    def broken() -> None:
        with database.turn() as transaction:
            transaction.connection.execute(insert(Publication).values(bundle="b", at=AT, by="x", reason=""))
            transaction.run(KEEP, row("b"))
            raise KeyError("broken")

    with pytest.raises(KeyError):
        broken()
    with database.turn() as transaction:  # on the same connection, which has been SQLAlchemy's in the turns before
        transaction.run(KEEP, row("c"))
    with database.begin() as connection:
        assert sorted(connection.scalars(select(PublishedBundle.hash))) == ["a", "c"]
        assert list(connection.scalars(select(Publication.bundle))) == ["a"]


def test_a_typed_value_is_kept_as_sqlalchemy_keeps_it(database: Database) -> None:
    with database.turn() as transaction:
        transaction.run(KEEP, row("a"))
        transaction.connection.execute(insert(PublishedBundle).values(hash="b", sources="", published_at=AT))
    with database.begin() as connection:
        assert set(connection.scalars(select(PublishedBundle.published_at))) == {AT}
        raw = connection.exec_driver_sql("SELECT published_at FROM bundles").fetchall()
    assert raw[0] == raw[1]


def test_the_driver_s_errors_are_sqlalchemy_s_and_spoil_no_later_turn(database: Database) -> None:
    with database.turn() as transaction:
        transaction.run(KEEP, row())
    with pytest.raises(IntegrityError), database.turn() as transaction:
        transaction.run(KEEP, row())
    assert kept_rows(database) == 1


def test_turns_of_many_threads_lose_no_update(database: Database) -> None:
    with database.turn() as transaction:
        transaction.run(KEEP, row())

    def add(_: int) -> None:
        for _ in range(TURNS):
            with database.turn(durable=False) as transaction:
                value = int(transaction.run(READ, {"v_hash": "a"}).fetchone()[0])
                transaction.run(ADD, {"v_hash": "a", "v_sources": str(value + 1)})

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(THREADS)))
    with database.turn() as transaction:
        assert transaction.run(READ, {"v_hash": "a"}).fetchone()[0] == str(THREADS * TURNS)


@pytest.mark.parametrize("joined", [True, False])
def test_a_server_that_ends_connections_costs_one_turn_not_every_kept_one(
    postgres_database: Database, joined: bool
) -> None:
    def cut_off() -> None:
        with postgres_database.turn() as transaction:
            with postgres_database.begin() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            if joined:
                transaction.connection.scalar(select(1))
            transaction.run(COUNT, {})

    _hold_at_once(postgres_database, 4)
    with pytest.raises(DBAPIError) as caught:
        cut_off()
    assert is_retryable(caught.value)
    assert kept_rows(postgres_database) == 0
    _hold_at_once(postgres_database, 4)


def _hold_at_once(database: Database, count: int) -> None:
    """So many turns open at the same time, so that as many connections are kept afterwards."""
    together = threading.Barrier(count, timeout=WAIT_SECONDS)

    def hold(_: int) -> int:
        with database.turn() as transaction:
            together.wait()
            return int(transaction.run(COUNT, {}).fetchone()[0])

    with ThreadPoolExecutor(count) as pool:
        assert list(pool.map(hold, range(count))) == [0] * count


def test_the_log_is_copied_back_beside_the_turns(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "TURNS", 5)
    path = Path(str(sqlite_database.durable.url.database))
    before = path.stat().st_size
    for number in range(5):
        with sqlite_database.turn(durable=False) as transaction:
            transaction.run(KEEP, row(str(number), "x" * 50_000))
    deadline = time.monotonic() + WAIT_SECONDS
    while path.stat().st_size < before + 200_000:
        assert time.monotonic() < deadline, "nothing was copied back"
        time.sleep(0.01)  # a file gives no sign that it grew


def _restarts(database: Database) -> int:
    """How often the write-ahead log began anew: the checkpoint sequence number in its header (bytes 12 to 15)."""
    with Path(f"{database.durable.url.database}-wal").open("rb") as log:
        return int.from_bytes(log.read(16)[12:], "big")


def test_the_log_begins_anew_while_turns_never_stop(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection is open yet, so none checkpoints in its own commit: only what runs beside the turns does."""
    monkeypatch.setattr(checkpoints, "TURNS", 20)
    monkeypatch.setattr(engines, "CHECKPOINT_PAGES", 0)
    kept_rows(sqlite_database)
    before, writers, most = _restarts(sqlite_database), 4, 5000

    def write(writer: int) -> int:
        for number in range(most):
            with sqlite_database.turn(durable=False) as transaction:
                transaction.run(KEEP, row(f"{writer}.{number}"))
            if number % 20 == 19 and _restarts(sqlite_database) >= before + 2:
                return number + 1
        return most

    with ThreadPoolExecutor(writers) as pool:
        turns = list(pool.map(write, range(writers)))
    assert _restarts(sqlite_database) >= before + 2, f"the log only grew, in {sum(turns)} turns"
    assert kept_rows(sqlite_database) == sum(turns)


def _synchronous(transaction: Transaction) -> str:
    is_sqlite = transaction.connection.dialect.name == "sqlite"
    asked = "PRAGMA synchronous" if is_sqlite else "SHOW synchronous_commit"
    return str(transaction.connection.exec_driver_sql(asked).scalar_one())


@pytest.mark.parametrize(("durable", "expected"), [(True, {"2", "on"}), (False, {"1", "off"})], ids=["full", "quick"])
def test_a_durable_commit_is_on_the_disk_and_a_quick_one_may_not_be(
    database: Database, durable: bool, expected: set[str]
) -> None:
    """SQLite: 2 is FULL, 1 is NORMAL."""
    with database.turn(durable=durable) as transaction:
        assert _synchronous(transaction) in expected
    with database.begin(durable=durable) as connection:
        asked = "PRAGMA synchronous" if database.is_sqlite else "SHOW synchronous_commit"
        assert str(connection.exec_driver_sql(asked).scalar_one()) in expected


def test_a_commit_is_durable_where_nothing_else_is_asked_for(database: Database) -> None:
    with database.turn() as transaction:
        assert _synchronous(transaction) in {"2", "on"}


def test_a_transaction_inside_another_is_an_error_at_once_and_no_wait(database: Database) -> None:
    with database.begin(), pytest.raises(RuntimeError, match="nested transactions"), database.begin(durable=False):
        raise AssertionError("both were begun")
    with database.begin() as connection:  # the next one is begun as ever
        assert connection.scalar(select(1)) == 1
