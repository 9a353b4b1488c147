"""A database that keeps everyone waiting: each webhook is answered all the same, and what was asked happens once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy.exc import DBAPIError

from ivr.calls import conversation
from tests.journeys.steps import BALANCE, to_code
from tests.support.books import check_books, moved
from tests.support.hotline import Hotline

SORRY = "非常抱歉，系统暂时繁忙"


@contextmanager
def _locked(hotline: Hotline) -> Iterator[None]:
    """Someone else holds what every turn needs, for as long as this lasts."""
    if hotline.database.is_sqlite:
        with closing(sqlite3.connect(str(hotline.database.durable.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()
        return
    with hotline.database.durable.connect() as connection:
        connection.exec_driver_sql("lock table calls, queued_calls in access exclusive mode")
        yield
        connection.rollback()


@pytest.fixture
def hurried(hotline: Hotline, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """The time limit of a turn is a second, to keep the test short; the code path is the same."""
    monkeypatch.setattr(conversation, "TURN_SECONDS", 1.0)
    return hotline


def test_a_turn_that_must_wait_is_answered_with_an_apology_and_done_once_afterwards(hurried: Hotline) -> None:
    hotline = hurried
    caller = to_code(hotline, hotline.mandarin(), "100")
    request = caller.request(hotline.code())
    with _locked(hotline):
        reply = hotline.door.send("POST", *request)
        assert SORRY in reply.text
        assert "</Enqueue>" in reply.text
    assert moved(hotline) == []
    assert "转账成功" in hotline.door.send("POST", *request).text
    assert len(moved(hotline)) == 1
    check_books(hotline)


def test_calls_go_on_when_the_wait_is_over(hurried: Hotline) -> None:
    with _locked(hurried):
        hurried.caller().hear(SORRY)
    hurried.mandarin().press(BALANCE).press("1").press("739164").hear("尾号四四五八的账户")


def test_an_end_of_a_call_that_cannot_be_written_is_not_taken_so_that_it_is_told_again(hurried: Hotline) -> None:
    caller = hurried.mandarin().press("0").wait()
    with _locked(hurried):
        assert caller.hang_up().status == 503
    assert caller.hang_up().status == 200
    assert hurried.ask("select state from queued_calls") == [("abandoned",)]
    assert hurried.ask("select ending from calls") == [("hung_up",)]


def test_who_waits_in_a_queue_hears_that_they_wait(hotline: Hotline) -> None:
    caller = hotline.mandarin().press("0").wait().hear("您是下一位")
    with _locked(hotline):
        caller.wait().hear("人工客服繁忙，请您继续等待")
        caller.gathering = None
    caller.wait().hear("您是下一位").wait_key("1").hear("来电号码")


def test_a_turn_that_is_short_of_time_waits_no_longer_than_it_has(quick_hotline: Hotline) -> None:
    waits = []
    for seconds in (9.0, 2.0, 9.0):
        with quick_hotline.database.turn(seconds=seconds) as transaction:
            waits.append(transaction.connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one())
    assert waits == [3000, 1000, 3000]


@pytest.mark.postgres
def test_a_line_that_is_cut_is_taken_up_again(seeded_postgres_hotline: Hotline) -> None:
    """What the watch over a turn does to a server that obeys no timeout of its own."""
    database = seeded_postgres_hotline.database
    with pytest.raises(DBAPIError), database.turn(seconds=0.5) as transaction:
        transaction.connection.exec_driver_sql("select pg_sleep(20)")
    seeded_postgres_hotline.mandarin().hear("账户查询")
