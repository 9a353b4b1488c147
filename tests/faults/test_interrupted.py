"""Audit that cannot be written, full disks, backends that end at COMMIT, clocks that jump, callers who leave."""

import pytest
from sqlalchemy import Connection, event, text

from ivr.db import Database
from ivr.platform.audit import chain
from tests.journeys.steps import BALANCE, LOSS, TRANSFER, sign, to_bill, to_code, to_new_password, transferred
from tests.support.books import check_books, moved
from tests.support.caller import Caller
from tests.support.hotline import CARD, LI, QUERY, WANG, Hotline

SORRY = "非常抱歉，系统暂时繁忙"


def _to_code(hotline: Hotline) -> Caller:
    return to_code(hotline, hotline.mandarin(), "100")


@pytest.mark.parametrize("table", ["audit_entries", "audit_head", "outgoing_texts", "turns"])
def test_money_does_not_move_where_something_cannot_be_written(hotline: Hotline, table: str) -> None:
    caller = _to_code(hotline)
    request = caller.request(hotline.code())
    hotline.do(f"alter table {table} rename to put_away")
    first = hotline.door.send("POST", *request)
    assert first.status == 200
    assert SORRY in first.text
    hotline.do(f"alter table put_away rename to {table}")
    assert moved(hotline) == []
    assert hotline.balance(CARD[WANG]) == 52_380_66
    check_books(hotline)
    again = hotline.door.send("POST", *request)
    assert again.status == 200
    assert len(moved(hotline)) == ("转账成功" in again.text)


def test_who_waits_in_a_queue_goes_on_waiting_whatever_breaks(hotline: Hotline) -> None:
    caller = hotline.mandarin().press("0").wait().hear("您是下一位")
    hotline.do("alter table queued_calls rename to put_away")
    caller.wait().hear("人工客服繁忙，请您继续等待").wait().hear("人工客服繁忙")
    hotline.do("alter table put_away rename to queued_calls")
    caller.wait().hear("您是下一位").wait_key("1").hear("来电号码")


@pytest.mark.postgres
def test_the_end_of_a_call_is_not_lost_with_a_connection(seeded_postgres_hotline: Hotline) -> None:
    hotline = seeded_postgres_hotline
    caller = hotline.mandarin().press("0").hear("正在为您转接")
    hotline.ask(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()"
    )
    assert caller.hang_up().status == 200
    assert hotline.ask("select state from queued_calls") == [("abandoned",)]
    assert hotline.ask("select ending from calls") == [("hung_up",)]


def test_the_audit_log_is_whole_after_many_deeds(hotline: Hotline) -> None:
    transferred(hotline, "100")
    sign(to_bill(hotline.mandarin()).press("1")).press("1")
    hotline.clock.forward(days=-1)
    hotline.mandarin().press(LOSS).press("1").press("1")
    with hotline.rows() as db:
        assert chain.verify(db, hotline.keyring) is None
    deeds = [row[0] for row in hotline.ask("select deed from audit_entries order by seq")]
    assert {"transfer_money", "pay_bill", "report_loss", "verify_query", "verify_transaction", "check_code"} <= set(
        deeds
    )


class Terminator:
    """Ends the backend of the next durable transaction: at its COMMIT, or when the COMMIT has been carried out."""

    def __init__(self, database: Database, after: bool) -> None:
        self.database, self.after, self.ended = database, after, 0
        event.listen(database.durable, "commit", self.commit)

    def commit(self, connection: Connection) -> None:
        if self.ended:
            return
        self.ended += 1
        [pid] = connection.exec_driver_sql("select pg_backend_pid()").one()
        if self.after:
            connection.connection.driver_connection.commit()  # type: ignore[union-attr]
        with self.database.quick.connect() as other:
            other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        if self.after:
            connection.exec_driver_sql("select 1")  # the answer to the COMMIT is lost


@pytest.mark.postgres
@pytest.mark.parametrize("after", [False, True], ids=["before it is done", "when it is done"])
def test_a_backend_that_ends_at_commit_moves_money_once(seeded_postgres_hotline: Hotline, after: bool) -> None:
    hotline = seeded_postgres_hotline
    caller, code = _to_code(hotline), hotline.code()
    terminator = Terminator(hotline.database, after)
    caller.press(code).hear("转账成功")
    assert terminator.ended == 1
    assert [fen for _, _, fen in moved(hotline)] == [100_00]
    assert caller.again().body == caller.reply.body
    check_books(hotline)


def _allow_no_new_page(database: Database) -> None:
    """From now on SQLite finds its disk full wherever the file would have to grow."""
    with database.durable.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    _allow_pages(database, pages)


def _allow_pages(database: Database, pages: int = 1_073_741_823) -> None:
    """Of every connection, those that are kept for turns and those of the engines."""
    limit = f"PRAGMA max_page_count={pages}"
    for engine in (database.durable, database.quick):
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(limit))
    for durable in (True, False):
        with database.turn(durable=durable) as transaction:
            transaction.connection.exec_driver_sql(limit)


def test_a_full_disk_leaves_nothing_half_written(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = _to_code(hotline)
    stored = caller.reply.body
    _allow_no_new_page(hotline.database)
    for _ in range(300):  # until the pages at hand are full
        if SORRY in hotline.caller("+8613700001111").heard:
            break
    turns = hotline.one("select count(*) from turns")
    request = caller.request(hotline.code())
    assert SORRY in hotline.door.send("POST", *request).text
    assert moved(hotline) == []
    assert hotline.one("select count(*) from turns") == turns
    assert caller.again().body == stored, "what is only read goes on"
    check_books(hotline)
    _allow_pages(hotline.database)
    assert "转账成功" in hotline.door.send("POST", *request).text
    assert len(moved(hotline)) == 1
    check_books(hotline)


def _lock_query(hotline: Hotline) -> None:
    for guesses in (3, 2):
        hotline.mandarin().press(BALANCE).press("1").keys(*["111111"] * guesses)


def test_a_clock_set_back_opens_no_lock(hotline: Hotline) -> None:
    _lock_query(hotline)
    hotline.clock.forward(days=-1)
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("密码已锁定")
    hotline.clock.forward(days=-1)
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("密码已锁定")


def test_a_clock_that_jumps_ahead_and_back_gives_no_more_guesses(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    for _ in range(4):
        hotline.mandarin().press(BALANCE).press("1").press("111111")
    hotline.clock.forward(days=1)
    hotline.mandarin().press(BALANCE).press("1").press("111111").hear("您还可以再试")
    hotline.clock.forward(days=-1)
    for _ in range(4):
        hotline.mandarin().press(BALANCE).press("1").press("111111")
    hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).hear("密码已锁定")


def test_a_clock_set_back_gives_no_more_room_for_transfers(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    for amount in ("5000", "4999", "4998", "4997"):
        hotline.clock.forward(minutes=13)
        transferred(hotline, amount).hear("转账成功")
    hotline.clock.forward(days=-1)
    caller = hotline.mandarin().press(TRANSFER).press("1").press(QUERY[WANG]).press("2")
    caller.press("7#").hear("今日还可转账六元")


def test_a_clock_set_back_does_not_lift_the_hold_after_a_change(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    caller = to_new_password(hotline, hotline.mandarin(), "2").press("508264")
    caller.press("508264").hear("修改成功")
    hotline.clock.forward(days=-1)
    hotline.mandarin().press(TRANSFER).press("1").press(QUERY[WANG]).press("2").press("7#").hear("电话转账将于")


def test_the_newest_movement_is_first_whatever_the_clock_said(quick_hotline: Hotline) -> None:
    hotline = quick_hotline
    transferred(hotline, "11")
    hotline.clock.forward(days=-1)
    transferred(hotline, "22")
    caller = hotline.mandarin().press(BALANCE).press("1").press(QUERY[WANG]).press("1").press("1")
    assert caller.heard.index("支出二十二元") < caller.heard.index("支出十一元")


def test_who_hangs_up_at_the_code_moved_nothing(hotline: Hotline) -> None:
    caller = _to_code(hotline)
    texts = len(hotline.texts())
    assert caller.hang_up().status == 200
    assert moved(hotline) == []
    assert len(hotline.texts()) == texts
    assert hotline.ask("select ending from calls where call = :c", c=caller.call) == [("hung_up",)]


def test_a_call_that_is_over_takes_no_more_turns(hotline: Hotline) -> None:
    """A code that arrives after the end of its call: the terminal state stays, and nothing moves."""
    caller = _to_code(hotline)
    request, last = caller.request(hotline.code()), caller.reply.body
    caller.hang_up()
    late = hotline.door.send("POST", *request)
    assert late.status == 200
    assert "转账成功" not in late.text
    assert "<Hangup/>" in late.text
    assert moved(hotline) == []
    assert caller.again().body == last


def test_who_hangs_up_after_a_transfer_has_its_receipt(hotline: Hotline) -> None:
    caller = _to_code(hotline).press(hotline.code())
    caller.hang_up()
    assert "转账100.00元，交易号" in hotline.texts()[-1]
    assert hotline.balance(CARD[LI]) == 1_350_00
