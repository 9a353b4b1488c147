"""The outbox: a text for each key once, claimed by one worker, tried again, and never sent when it is too old."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.platform.jobs.leases import claim
from ivr.platform.outbox import texts
from ivr.platform.outbox.texts import BACKOFF_SECONDS, LEASE, Claimed

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def _nobody(_: Claimed) -> None:
    """Sends nothing: these tests conclude what they claim themselves."""


class Box:
    """The outbox, with each operation in its own transaction."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self.database, self.keyring = database, keyring

    def post(self, key: str = "call:1:receipt", body: str = "回单", expires_at: datetime | None = None) -> None:
        """Post a text."""
        with self.database.begin() as connection, Session(connection) as db:
            texts.post(db, self.keyring, key=key, recipient="+8613800138000", body=body, now=NOW, expires_at=expires_at)
            db.flush()

    def claim(self, after: float = 0) -> list[Claimed]:
        """Claim what is due so many seconds later."""
        with self.database.begin() as connection, Session(connection) as db:
            moment, taken = NOW + timedelta(seconds=after), []
            while (claimed := claim(db, texts.sending(self.keyring, _nobody), moment)) is not None:
                taken.append(claimed)
            return taken

    def failed(self, claimed: Claimed, after: float = 0) -> bool:
        """The provider refused it; whether it is given up."""
        with self.database.begin() as connection, Session(connection) as db:
            return texts.failed(db, claimed, NOW + timedelta(seconds=after))

    def sent(self, claimed: Claimed, sid: str = "SM1") -> None:
        """The provider took it."""
        with self.database.begin() as connection, Session(connection) as db:
            texts.sent(db, claimed, sid)

    def states(self) -> list[Any]:
        """State and body of every text."""
        with self.database.begin() as connection:
            return [
                tuple(row) for row in connection.execute(text("select state, body from outgoing_texts order by id"))
            ]


@pytest.fixture
def box(database: Database, keyring: Keyring) -> Box:
    return Box(database, keyring)


def test_one_key_is_one_text_however_often_it_is_posted(box: Box) -> None:
    box.post()
    box.post(body="something else")
    [claimed] = box.claim()
    assert (claimed.recipient, claimed.body, claimed.is_repeat) == ("+8613800138000", "回单", False)


def test_a_claimed_text_is_nobody_elses_until_its_lease_ends(box: Box) -> None:
    box.post()
    [first] = box.claim()
    assert box.claim(LEASE.total_seconds() - 1) == []
    [second] = box.claim(LEASE.total_seconds())
    assert second.is_repeat
    assert second.id == first.id


def test_what_was_taken_is_closed_and_its_body_erased(box: Box) -> None:
    box.post()
    box.sent(box.claim()[0])
    assert box.states() == [("sent", None)]
    assert box.claim(86_400) == []


def test_a_worker_that_was_slow_does_not_undo_the_next_ones_word(box: Box) -> None:
    box.post()
    [slow] = box.claim()
    [quick] = box.claim(30)
    box.sent(quick)
    box.failed(slow, 31)
    assert box.states() == [("sent", None)]


def test_a_worker_that_was_slow_takes_no_text_out_of_the_next_ones_hands(box: Box) -> None:
    """Its word comes while the next one is still sending: the text would leave a third time."""
    box.post()
    [slow] = box.claim()
    [quick] = box.claim(30)
    box.failed(slow, 31)
    assert box.claim(40) == []
    box.sent(slow)
    assert [state for state, _ in box.states()] == ["sending"]
    box.sent(quick)
    assert box.states() == [("sent", None)]


def test_a_refused_text_waits_longer_each_time_and_is_tried_for_a_day(box: Box) -> None:
    box.post()
    at, waits = 0.0, iter(BACKOFF_SECONDS)
    while at < 24 * 3600:
        seconds = next(waits, BACKOFF_SECONDS[-1])
        [claimed] = box.claim(at)
        assert not box.failed(claimed, at)
        assert box.claim(at + seconds - 1) == []
        at += seconds
    [last] = box.claim(at)
    assert last.is_repeat
    assert box.failed(last, at)
    assert box.states() == [("failed", None)]


def test_one_text_is_claimed_at_a_time(box: Box) -> None:
    box.post(key="one")
    box.post(key="two")
    with box.database.begin() as connection, Session(connection) as db:
        assert claim(db, texts.sending(box.keyring, _nobody), NOW) is not None
    assert [state for state, _ in box.states()] == ["sending", "waiting"]


def test_a_text_that_no_key_opens_waits_and_keeps_no_other(box: Box) -> None:
    box.post(key="unreadable")
    box.post(key="readable")
    with box.database.begin() as connection:
        connection.execute(
            text("update outgoing_texts set body = :other where key = 'unreadable'"), {"other": b"x" * 40}
        )
    assert [each.body for each in box.claim()] == ["回单"]
    assert box.claim(29) == []


def test_a_code_that_is_too_old_does_not_leave(box: Box) -> None:
    box.post(expires_at=NOW + timedelta(seconds=120))
    box.post(key="other")
    assert [each.body for each in box.claim(120)] == ["回单"]
    assert box.states()[0] == ("expired", None)


@pytest.mark.parametrize("after", [0, 119])
def test_a_code_that_is_still_good_leaves(box: Box, after: float) -> None:
    box.post(expires_at=NOW + timedelta(seconds=120))
    assert len(box.claim(after)) == 1


def test_a_code_whose_sender_died_expires_too(box: Box) -> None:
    box.post(expires_at=NOW + timedelta(seconds=120))
    box.claim(100)
    assert box.claim(131) == []
    assert box.states() == [("expired", None)]


def test_what_waits_for_more_than_a_minute_is_an_alarm(box: Box) -> None:
    box.post()
    for after, late in ((60, 0), (61, 1)):
        with box.database.begin() as connection, Session(connection) as db:
            assert len(texts.stuck(db, NOW + timedelta(seconds=after))) == late
