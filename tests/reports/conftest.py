"""Contacts written straight into the tables, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from ivr.calls.models import Call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import QueuedCall
from ivr.db import Database, look, work
from ivr.foundation.crypto import Keyring

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@dataclass
class Books:
    """A database to write contacts into, and to ask."""

    database: Database
    keyring: Keyring
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def call(self, at: datetime = MONDAY, ending: str = "served", number: str = "", lasts: int = 300) -> str:
        """A call; its id."""
        sid = f"CA{next(self._numbers):032x}"
        with work(self.database) as db:
            db.add(
                Call(
                    call=sid, turn=1, bundle="b", state=b"over", language="zh-CN", started_at=at,
                    ended_at=at + timedelta(seconds=lasts) if ending else None, ending=ending,
                    caller=self.keyring.seal_text(f"calls.caller|{sid}", number) if number else None,
                    caller_index=self.keyring.blind_index("mobile", number) if number else None,
                )
            )  # fmt: skip
        return sid

    def stay(
        self, call: str, state: str, waited: float = 10, at: datetime = MONDAY, queue: str = "general",
        customer: str | None = None,
    ) -> int:  # fmt: skip
        """A stay in a queue, `waited` seconds long; its number."""
        here = state in ("waiting", "leaving")
        with work(self.database) as db:
            row = QueuedCall(
                call=call, queue=queue, state=state, language="zh-CN", level="none", customer_id=customer,
                entered_at=at, rank_at=at, seen_at=at, left_at=None if here else at + timedelta(seconds=waited),
            )  # fmt: skip
            db.add(row)
            db.flush()
            return row.id

    def talk(
        self, call: str, stay: int | None, agent: str = "agent1", at: datetime = MONDAY, talked: float = 100,
        held: int = 0, wrapped: float = 30, category: str = "transfer", customer: str | None = None,
        kind: str = "inbound", recording: str | None = None,
    ) -> int:  # fmt: skip
        """A talk that is over, `talked` seconds without hold, written up in `wrapped` seconds; its number."""
        end = at + timedelta(seconds=talked + held)
        with work(self.database) as db:
            row = Interaction(
                kind=kind, call_id=call, queued_call_id=stay, queue="general", agent_id=agent, state="ended",
                customer_id=customer, conference=f"c{call}{agent}", accepted_at=at, talked_at=at, held_seconds=held,
                ended_at=end, ended_by="customer", recording_id=recording,
            )  # fmt: skip
            db.add(row)
            db.flush()
            sheet = WrapUp(
                interaction_id=row.id, agent_id=agent, state="submitted", category=category, product="card",
                disposition="solved", until=end + timedelta(seconds=60), closed_at=end + timedelta(seconds=wrapped),
            )  # fmt: skip
            db.add(sheet)
            return row.id

    def look(self) -> "Looking":
        """To be asked; with it as a context."""
        return Looking(self)


@dataclass
class Looking:
    """A transaction that only reads."""

    books: Books

    def __enter__(self) -> Session:
        self._open = look(self.books.database)
        return self._open.__enter__()

    def __exit__(self, *error: object) -> None:
        self._open.__exit__(None, None, None)


@pytest.fixture
def books(database: Database, keyring: Keyring) -> Books:
    """Empty, on SQLite and on PostgreSQL."""
    return Books(database, keyring)
