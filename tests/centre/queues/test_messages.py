"""A message that was left comes with a callback: sealed, and never in place of another."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues import callbacks
from ivr.centre.queues.models import CallbackRow
from ivr.db import Database
from ivr.foundation.crypto import Keyring

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def _book(db: Session, keyring: Keyring, call: str, recording: str | None) -> str:
    return callbacks.book(
        db, keyring, call=call, number="13800138000", queue="general", problem="x", language="en", customer_id=None,
        consented_at=AT, recording=recording,
    )  # fmt: skip


def _kept(db: Session, keyring: Keyring) -> list[str | None]:
    found = db.scalars(select(CallbackRow))
    return [
        keyring.open_text(f"callbacks.recording|{row.call}", row.recording) if row.recording else None for row in found
    ]


def test_a_callback_that_is_owed_takes_a_message_where_it_has_none_and_keeps_the_first(
    database: Database, keyring: Keyring
) -> None:
    with database.begin() as connection, Session(connection) as db:
        assert (_book(db, keyring, "one", None), _kept(db, keyring)) == ("booked", [None])
        assert (_book(db, keyring, "two", "RE2"), _kept(db, keyring)) == ("already", ["RE2"])
        assert (_book(db, keyring, "three", "RE3"), _kept(db, keyring)) == ("already", ["RE2"])
        assert b"RE2" not in bytes(db.scalars(select(CallbackRow.recording)).one() or b"")
