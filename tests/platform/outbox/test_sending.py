"""Sending texts: each is sent once despite crashes, and one that hangs or fails blocks no other."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.db import Database
from ivr.foundation.clock import steady
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ProviderError
from ivr.platform.jobs import heartbeat, tasks
from ivr.platform.outbox import sending, texts
from ivr.platform.outbox.sending import Sender
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

    def send(self, to: str, body: str) -> str:
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

    def find(self, to: str, body: str, since: datetime) -> str | None:
        """Whether this text was taken since then."""
        self.asked += 1
        assert since == NOW  # when the text was posted: none that was sent earlier is meant
        return "SM1" if f"{to} {body}" in self.taken else None


@dataclass(frozen=True)
class TaskContext:
    """What the tasks of this test need of a worker."""

    database: Database
    keyring: Keyring
    texts: Carrier
    stop: threading.Event

    def now(self) -> datetime:
        """The time of the texts."""
        return NOW

    def steady(self) -> float:
        """The machine's own."""
        return steady()


def _post(database: Database, keyring: Keyring, *keys: str) -> None:
    with database.begin() as connection, Session(connection) as db:
        for key in keys:
            texts.post(db, keyring, key=key, recipient="+8613800138000", body=f"body {key}", now=NOW)
        db.flush()


def _states(database: Database) -> list[str]:
    with database.begin() as connection:
        return [row[0] for row in connection.execute(text("select state from outgoing_texts order by id"))]


@pytest.mark.parametrize("mood", ["kill before", "kill after"])
def test_a_worker_killed_around_a_send_sends_once(database: Database, keyring: Keyring, mood: str) -> None:
    _post(database, keyring, "receipt")
    carrier = Carrier(mood)
    with pytest.raises(Killed):
        Sender(database, keyring, carrier, now=lambda: NOW).send_due(NOW)
    assert _states(database) == ["sending"]
    carrier.mood = ""
    successor = Sender(database, keyring, carrier, now=lambda: NOW)
    assert successor.send_due(NOW + timedelta(seconds=29)) == 0
    assert successor.send_due(NOW + timedelta(seconds=30)) == 1
    assert carrier.taken == ["+8613800138000 body receipt"]
    assert carrier.asked == 1
    assert _states(database) == ["sent"]


def test_a_text_whose_answer_was_lost_is_asked_about_and_not_sent_again(database: Database, keyring: Keyring) -> None:
    _post(database, keyring, "receipt")
    carrier = Carrier("loses its answer")
    worker = Sender(database, keyring, carrier, now=lambda: NOW)
    worker.send_due(NOW)
    assert _states(database) == ["waiting"]
    carrier.mood = ""
    assert worker.send_due(LATER) == 1
    assert (carrier.asked, len(carrier.taken), _states(database)) == (1, 1, ["sent"])


def test_workers_at_once_send_each_text_once(database: Database, keyring: Keyring) -> None:
    _post(database, keyring, *(f"key{n:02}" for n in range(30)))
    carrier = Carrier()
    start = threading.Barrier(4)
    failed: list[BaseException] = []

    def work() -> None:
        worker = Sender(database, keyring, carrier, now=lambda: NOW)
        start.wait(timeout=30)
        try:
            while worker.send_due(NOW):
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


def test_a_refused_text_stays_and_the_others_leave(database: Database, keyring: Keyring) -> None:
    _post(database, keyring, "one")
    carrier = Carrier("refuses")
    worker = Sender(database, keyring, carrier, now=lambda: NOW)
    worker.send_due(NOW)
    assert _states(database) == ["waiting"]
    carrier.mood = ""
    _post(database, keyring, "two")
    worker.send_due(NOW)
    assert carrier.taken == ["+8613800138000 body two"]


def test_a_text_the_provider_takes_strangely_stops_no_other(database: Database, keyring: Keyring) -> None:
    """An error that nobody foresaw: the text's lease runs on, the next one leaves in the same round."""

    class Strange(Carrier):
        def send(self, to: str, body: str) -> str:
            if body == "body one":
                raise ZeroDivisionError
            return super().send(to, body)

    _post(database, keyring, "one", "two")
    carrier = Strange()
    worker = Sender(database, keyring, carrier, now=lambda: NOW)
    worker.send_due(NOW)
    assert carrier.taken == ["+8613800138000 body two"]
    assert _states(database) == ["waiting", "sent"]


def test_a_text_that_is_given_up_is_an_alarm(database: Database, keyring: Keyring) -> None:
    log = listen()
    _post(database, keyring, "receipt")
    moment = NOW
    worker = Sender(database, keyring, Carrier("refuses"), now=lambda: moment)
    worker.send_due(moment)
    assert "critical" not in log.getvalue()
    moment = NOW + timedelta(hours=24)
    worker.send_due(moment)
    assert _states(database) == ["failed"]
    assert "critical" in log.getvalue()


def test_a_code_that_runs_out_behind_a_slow_text_is_not_sent(database: Database, keyring: Keyring) -> None:
    """The second is looked at when the first has left, not when both were due."""
    elapsed = 0.0

    class Slow(Carrier):
        def send(self, to: str, body: str) -> str:
            nonlocal elapsed
            elapsed += 20
            return super().send(to, body)

    with database.begin() as connection, Session(connection) as db:
        for key, expires in (("slow", None), ("code", NOW + timedelta(seconds=15)), ("good", None)):
            texts.post(db, keyring, key=key, recipient="+8613800138000", body=key, now=NOW, expires_at=expires)
            db.flush()
    carrier = Slow()
    Sender(database, keyring, carrier, steady=lambda: elapsed).send_due(NOW)
    assert [each.split()[1] for each in carrier.taken] == ["slow", "good"]
    assert _states(database) == ["sent", "expired", "sent"]


def test_a_text_that_hangs_delays_no_task_and_no_other_text(database: Database, keyring: Keyring) -> None:
    release, gone, stop = threading.Event(), threading.Event(), threading.Event()

    class Hanging(Carrier):
        def send(self, to: str, body: str) -> str:
            if body == "body hangs":
                assert release.wait(60)
            taken = super().send(to, body)
            if body == "body leaves":
                gone.set()
            return taken

    _post(database, keyring, "hangs", "leaves")
    context = TaskContext(database, keyring, Hanging(), stop)
    threads = tasks.threads_of((*sending.TASKS, *heartbeat.TASKS), context, context.steady)
    thread = threading.Thread(target=tasks.run, args=(threads, stop))
    thread.start()
    try:
        assert gone.wait(60), "another sender takes the other text"
        for _ in range(600):
            with database.begin() as connection:
                if connection.execute(text("select count(*) from worker_beats")).scalar():
                    break
            threading.Event().wait(0.05)
        else:
            raise AssertionError("the other tasks waited for a text")
    finally:
        release.set()
        stop.set()
        thread.join(60)
    assert not thread.is_alive()
