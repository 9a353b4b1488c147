"""Turns taken by name: whoever counts before writing holds the turn until the commit, so nobody counts too few."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(rows: Session, what: str, subject: str | bytes) -> None:
    """Wait until no other transaction counts `what` for this subject, and keep others waiting until the commit.

    SQLite has one writer, who begins with the lock: nothing to do. Where a turn of a call takes several it takes them
    in this order: caller, lockout, loss, money, bill, code, queue, callback, text.
    """
    if rows.get_bind().dialect.name == "sqlite":
        return
    name = subject.encode() if isinstance(subject, str) else subject
    digest = hashlib.blake2b(what.encode() + b"|" + name, digest_size=8).digest()
    rows.execute(select(func.pg_advisory_xact_lock(int.from_bytes(digest, "big", signed=True))))
