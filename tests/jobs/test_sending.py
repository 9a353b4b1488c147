"""The worker: texts leave once whoever dies between, what is over is forgotten, and a fault stops no other chore."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.calls.models import Call, TurnTaken
from ivr.crypto import Keyring
from ivr.customers.models import Attempt, Lockout, OneTimeCode
from ivr.db import Database
from ivr.errors import ProviderError
from ivr.jobs import retention
from ivr.jobs.lanes import Chore, Lane
from ivr.jobs.worker import Worker
from ivr.outbox import texts
from ivr.queues.models import CallbackRow, QueuedCall
from tests.support.hotline import listen

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)  # a refusal is written with the time of the machine's clock


class Killed(BaseException):
    """The worker's process ends here."""


class Carrier:
    """Who sends texts; it can refuse, or kill the worker before or after it took one."""

    def __init__(self, mood: str = "") -> None:
        self.mood = mood
        self.taken: list[str] = []
        self.asked = 0

    def send_text(self, to: str, body: str) -> str:
        """Take a text, as the mood is."""
        if self.mood == "refuses":
            raise ProviderError("busy")
        if self.mood == "kill before":
            raise Killed
        self.taken.append(f"{to} {body}")
        if self.mood == "kill after":
            raise Killed
        if self.mood == "loses its answer":
            raise ProviderError("the answer did not come in time")
        return f"SM{len(self.taken)}"

    def find_text(self, to: str, body: str, since: datetime) -> str | None:
        """Whether this text was taken since then."""
        self.asked += 1
        assert since == NOW  # when the text was posted: none that was sent earlier is meant
        return "SM1" if f"{to} {body}" in self.taken else None


def _post(database: Database, keyring: Keyring, *keys: str) -> None:
    with database.begin() as connection, Session(connection) as rows:
        for key in keys:
            texts.post(rows, keyring, key=key, recipient="+8613800138000", body=f"body {key}", now=NOW)
        rows.flush()


def _states(database: Database) -> list[str]:
    with database.begin() as connection:
        return [row[0] for row in connection.execute(text("select state from outgoing_texts order by id"))]


@pytest.mark.parametrize("mood", ["kill before", "kill after"])
def test_a_worker_killed_around_a_send_sends_once(
    database: Database, keyring: Keyring, tmp_path: Path, mood: str
) -> None:
    _post(database, keyring, "receipt")
    carrier = Carrier(mood)
    with pytest.raises(Killed):
        Worker(database, keyring, carrier, tmp_path / "anchors", now=lambda: NOW).send_texts(NOW)
    assert _states(database) == ["sending"]
    carrier.mood = ""
    successor = Worker(database, keyring, carrier, tmp_path / "anchors", now=lambda: NOW)
    assert successor.send_texts(NOW + timedelta(seconds=29)) == 0
    assert successor.send_texts(NOW + timedelta(seconds=30)) == 1
    assert carrier.taken == ["+8613800138000 body receipt"]
    assert carrier.asked == 1
    assert _states(database) == ["sent"]


def test_a_text_whose_answer_was_lost_is_asked_about_and_not_sent_again(
    database: Database, keyring: Keyring, tmp_path: Path
) -> None:
    _post(database, keyring, "receipt")
    carrier = Carrier("loses its answer")
    worker = Worker(database, keyring, carrier, tmp_path / "anchors", now=lambda: NOW)
    worker.send_texts(NOW)
    assert _states(database) == ["waiting"]
    carrier.mood = ""
    assert worker.send_texts(LATER) == 1
    assert (carrier.asked, len(carrier.taken), _states(database)) == (1, 1, ["sent"])


def test_workers_at_once_send_each_text_once(database: Database, keyring: Keyring, tmp_path: Path) -> None:
    _post(database, keyring, *(f"key{n:02}" for n in range(30)))
    carrier = Carrier()
    start = threading.Barrier(4)
    failed: list[BaseException] = []

    def work() -> None:
        worker = Worker(database, keyring, carrier, tmp_path / "anchors", now=lambda: NOW)
        start.wait(timeout=30)
        try:
            while worker.send_texts(NOW):
                pass
        except BaseException as error:  # noqa: BLE001 - shown by the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    assert sorted(carrier.taken) == [f"+8613800138000 body key{n:02}" for n in range(30)]
    assert set(_states(database)) == {"sent"}


def test_a_refused_text_stays_and_the_others_leave(database: Database, keyring: Keyring, tmp_path: Path) -> None:
    _post(database, keyring, "one")
    carrier = Carrier("refuses")
    worker = Worker(database, keyring, carrier, tmp_path / "anchors", now=lambda: NOW)
    worker.send_texts(NOW)
    assert _states(database) == ["waiting"]
    carrier.mood = ""
    _post(database, keyring, "two")
    worker.send_texts(NOW)
    assert carrier.taken == ["+8613800138000 body two"]


def test_a_text_the_provider_takes_strangely_stops_no_other(
    database: Database, keyring: Keyring, tmp_path: Path
) -> None:
    """An error that nobody foresaw: the text's lease runs on, the next one leaves in the same round."""

    class Strange(Carrier):
        def send_text(self, to: str, body: str) -> str:
            if body == "body one":
                raise ZeroDivisionError
            return super().send_text(to, body)

    _post(database, keyring, "one", "two")
    carrier = Strange()
    worker = Worker(database, keyring, carrier, tmp_path / "anchors", now=lambda: NOW)
    worker.send_texts(NOW)
    assert carrier.taken == ["+8613800138000 body two"]
    assert _states(database) == ["waiting", "sent"]


def test_a_text_that_is_given_up_is_an_alarm(database: Database, keyring: Keyring, tmp_path: Path) -> None:
    log = listen()
    _post(database, keyring, "receipt")
    moment = NOW
    worker = Worker(database, keyring, Carrier("refuses"), tmp_path / "anchors", now=lambda: moment)
    worker.send_texts(moment)
    assert "critical" not in log.getvalue()
    moment = NOW + timedelta(hours=24)
    worker.send_texts(moment)
    assert _states(database) == ["failed"]
    assert "critical" in log.getvalue()


def test_a_code_that_runs_out_behind_a_slow_text_is_not_sent(
    database: Database, keyring: Keyring, tmp_path: Path
) -> None:
    """The second is looked at when the first has left, not when both were due."""
    elapsed = 0.0

    class Slow(Carrier):
        def send_text(self, to: str, body: str) -> str:
            nonlocal elapsed
            elapsed += 20
            return super().send_text(to, body)

    with database.begin() as connection, Session(connection) as rows:
        for key, expires in (("slow", None), ("code", NOW + timedelta(seconds=15)), ("good", None)):
            texts.post(rows, keyring, key=key, recipient="+8613800138000", body=key, now=NOW, expires_at=expires)
            rows.flush()
    carrier = Slow()
    Worker(database, keyring, carrier, tmp_path / "anchors", steady=lambda: elapsed).send_texts(NOW)
    assert [each.split()[1] for each in carrier.taken] == ["slow", "good"]
    assert _states(database) == ["sent", "expired", "sent"]


def test_a_text_that_hangs_delays_no_chore_and_no_other_text(
    database: Database, keyring: Keyring, tmp_path: Path
) -> None:
    release, gone, stop = threading.Event(), threading.Event(), threading.Event()

    class Hanging(Carrier):
        def send_text(self, to: str, body: str) -> str:
            if body == "body hangs":
                assert release.wait(60)
            taken = super().send_text(to, body)
            if body == "body leaves":
                gone.set()
            return taken

    _post(database, keyring, "hangs", "leaves")
    worker = Worker(database, keyring, Hanging(), tmp_path / "anchors", now=lambda: NOW)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        assert gone.wait(60), "another sender takes the other text"
        for _ in range(600):
            with database.begin() as connection:
                if connection.execute(text("select count(*) from worker_beats")).scalar():
                    break
            threading.Event().wait(0.05)
        else:
            raise AssertionError("the chores waited for a text")
    finally:
        release.set()
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def test_chores_come_round_by_the_time_that_goes_by_and_not_by_rounds() -> None:
    done = 0

    def do() -> None:
        nonlocal done
        done += 1

    moments = (1.0, 59.0, 60.0, 61.0, 119.0, 185.0, 186.0, 245.0)
    at = iter(moments)
    lane, counts = Lane("lane", (Chore(60, do, 60),), lambda: next(at)), []
    for _ in moments:
        lane.round()
        counts.append(done)
    assert counts == [0, 0, 1, 1, 1, 2, 2, 3]


def test_a_chore_that_fails_comes_again_and_keeps_no_other() -> None:
    done: list[str] = []
    at = iter((1.0, 1.0, 2.0, 2.0))

    def fail() -> None:
        done.append("failed")
        raise ZeroDivisionError

    lane = Lane("lane", (Chore(1, fail), Chore(1, lambda: done.append("other"))), lambda: next(at))
    lane.round()
    lane.round()
    assert done == ["failed", "other"] * 2


def _call(rows: Session, name: str, started: timedelta, ended: timedelta | None) -> None:
    rows.add(
        Call(
            call=name, turn=1, bundle="b", state=b"sealed", caller=b"sealed", language="en", started_at=NOW + started,
            ended_at=None if ended is None else NOW + ended, ending="",
        )
    )  # fmt: skip
    rows.add(TurnTaken(call=name, turn=0, at=0, answer=b"sealed", trail="[]"))


def test_calls_are_forgotten_a_day_after_their_end(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.begin() as connection, Session(connection) as rows:
        _call(rows, "ended a day ago", -26 * hour, -24 * hour - timedelta(seconds=1))
        _call(rows, "ended today", -26 * hour, -23 * hour)
        _call(rows, "goes on", -hour, None)
        _call(rows, "its end was never told", -49 * hour, None)
        rows.flush()
    assert retention.erase(database, NOW) == 2
    assert retention.erase(database, NOW) == 0
    with database.begin() as connection:
        kept = connection.execute(text("select call from calls where caller is not null order by call"))
        assert [row[0] for row in kept] == ["ended today", "goes on"]
        answers = connection.execute(text("select call from turns where answer is not null order by call"))
        assert [row[0] for row in answers] == ["ended today", "goes on"]
        assert connection.execute(text("select count(*) from turns where trail = '[]'")).scalar() == 4


def test_rows_that_no_rule_looks_at_any_more_are_deleted(database: Database, keyring: Keyring) -> None:
    """Tries, codes, texts, stays in a queue, callbacks that were made; what is open or recent stays."""
    day = timedelta(days=1)
    with database.begin() as connection, Session(connection) as rows:
        for age in (91 * day, 89 * day):
            at = NOW - age
            rows.add(Attempt(at=at, call="CA1", caller_index=b"x", subject="wang", kind="query", right=True))
            rows.add(
                QueuedCall(
                    call="CA1",
                    queue="general",
                    state="answered",
                    language="en",
                    level="none",
                    entered_at=at,
                    left_at=at,
                    seen_at=at,
                )
            )
            texts.post(rows, keyring, key=f"text {age}", recipient="+8613800138000", body="body", now=at)
            rows.add(Lockout(subject=f"nobody:{age.days}", kind="query", day=at.date().isoformat()))
            rows.add(Lockout(subject=f"wang {age.days}", kind="query", day=at.date().isoformat(), branch_only=True))
        for sent in (31 * day, 29 * day):
            rows.add(
                OneTimeCode(
                    call="CA1", customer="wang", binding=b"b", digest=b"d", sent_at=NOW - sent, expires_at=NOW - sent,
                    state="used",
                )
            )  # fmt: skip
        for number, state in enumerate(("completed", "requested")):
            rows.add(
                CallbackRow(
                    call=f"CA{number}", queue="general", state=state, number=b"n", number_index=b"i", problem="p",
                    language="en", consented_at=NOW - 200 * day, created_at=NOW - 200 * day,
                )
            )  # fmt: skip
        rows.flush()
        rows.execute(text("update outgoing_texts set state = 'sent'"))
    assert retention.prune(database, NOW) == 6
    assert retention.prune(database, NOW) == 0
    with database.begin() as connection:
        kept = {
            table: connection.execute(text(f"select count(*) from {table}")).scalar()  # noqa: S608 - a list of our own
            for table in ("attempts", "queued_calls", "outgoing_texts", "one_time_codes", "callbacks", "lockouts")
        }
    assert kept == {
        "attempts": 1, "queued_calls": 1, "outgoing_texts": 1, "one_time_codes": 1, "callbacks": 1, "lockouts": 3,
    }  # fmt: skip


def test_erasing_reads_the_calls_that_are_left_and_no_others(sqlite_database: Database) -> None:
    """What was erased already is not looked through again under the write lock."""
    with sqlite_database.begin() as connection:
        plan = connection.execute(
            text(
                "explain query plan select call from calls where length(state) > 0 and started_at < '2026' "
                "and (ended_at < '2026' or started_at < '2026') order by started_at limit 200"
            )
        )
        assert "ix_calls_kept" in str(plan.all())
