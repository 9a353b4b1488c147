"""Readiness check: can a turn be committed? Tries a write of a turn's size, at most every few seconds."""

import secrets
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from ivr.calls.models import CommitTrial
from ivr.db import Database, Transaction
from ivr.foundation.clock import steady

EVERY_SECONDS = 5.0
WITHIN_SECONDS = 3.0
BYTES = 32 * 1024  # the size of a turn: on a nearly full disk a smaller write may succeed where a turn fails
LOG = structlog.get_logger("ivr.readiness")


class CommitCheck:
    """Durably writes a row of its own; a turn waits for it no longer than for another turn.

    Called by one thread at a time.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._until = float("-inf")
        self._found: str | None = None

    def problem(self) -> str | None:
        """Why a turn cannot be committed, cached for some seconds; None when it can."""
        if steady() >= self._until:
            self._found = self._tried()
            self._until = steady() + EVERY_SECONDS
        return self._found

    def _tried(self) -> str | None:
        try:
            with self._database.turn(seconds=WITHIN_SECONDS) as transaction:
                self._write(transaction)
        except IntegrityError:
            return None  # another process inserted the first row at the same time
        except SQLAlchemyError as error:
            reason = " ".join(str(error.orig if isinstance(error, DBAPIError) else error).split())
            LOG.error("the commit check failed", reason=reason)
            return f"a turn could not be committed: {reason}; look at disk space, permissions and who holds the lock"
        return None

    def _write(self, transaction: Transaction) -> None:
        values = {"at": self._now(), "filling": secrets.token_bytes(BYTES)}
        connection = transaction.connection
        if connection.execute(update(CommitTrial).where(CommitTrial.id == 1).values(values)).rowcount == 0:
            connection.execute(insert(CommitTrial).values(id=1, **values))
