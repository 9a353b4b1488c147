"""A message that was left comes with a callback: sealed, and never in place of another."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.queues import callbacks
from ivr.centre.queues.models import CallbackRow
from ivr.db import Database
from ivr.foundation.crypto import Keyring

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def _book(rows: Session, keyring: Keyring, call: str, recording: str | None) -> str:
    return callbacks.book(
        rows, keyring, call=call, number="13800138000", queue="general", problem="x", language="en", customer=None,
        consented_at=AT, recording=recording,
    )  # fmt: skip


def _kept(rows: Session, keyring: Keyring) -> list[str | None]:
    found = rows.scalars(select(CallbackRow))
    return [
        keyring.open_text(f"callbacks.recording|{row.call}", row.recording) if row.recording else None for row in found
    ]


def test_a_callback_that_is_owed_takes_a_message_where_it_has_none_and_keeps_the_first(
    database: Database, keyring: Keyring
) -> None:
    with database.begin() as connection, Session(connection) as rows:
        assert (_book(rows, keyring, "one", None), _kept(rows, keyring)) == ("booked", [None])
        assert (_book(rows, keyring, "two", "RE2"), _kept(rows, keyring)) == ("already", ["RE2"])
        assert (_book(rows, keyring, "three", "RE3"), _kept(rows, keyring)) == ("already", ["RE2"])
        assert b"RE2" not in bytes(rows.scalars(select(CallbackRow.recording)).one() or b"")
