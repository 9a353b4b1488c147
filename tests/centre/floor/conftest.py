"""The floor on both databases, filled by hand."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.floor.board import Board, FloorRules, board
from ivr.centre.queues.models import Agent, AgentChange, AgentSkill, QueuedCall
from ivr.db import Database
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.support.console import rows_of
from tests.support.hotline import START, ZONE


@dataclass
class Floor:
    """A day on the floor, written down row by row; moments are seconds after 09:00 of the bank's day."""

    database: Database
    keyring: Keyring
    rules: FloorRules
    nine: datetime = START - timedelta(hours=1)
    _number: "count[int]" = field(default_factory=lambda: count(1))

    def work(self) -> AbstractContextManager[Session]:
        """A unit of work."""
        return rows_of(self.database, self.keyring)

    def at(self, seconds: float) -> datetime:
        return self.nine + timedelta(seconds=seconds)

    def call(self, db: Session, state: str, entered: float, left: float | None = None, queue: str = "general") -> int:
        """A stay in a queue; returns its id."""
        name = f"CA{next(self._number):032x}"
        entered_at, left_at = self.at(entered), None if left is None else self.at(left)
        row = QueuedCall(
            call=name, queue=queue, state=state, language="zh-CN", level="none", entered_at=entered_at,
            rank_at=entered_at, seen_at=entered_at, left_at=left_at, queue_sid="QU1", turn=1,
        )  # fmt: skip
        db.add(row)
        db.flush()
        return row.id

    def agent(self, db: Session, name: str, state: str, since: float = 0, **skills: int) -> None:
        """An agent at work."""
        at = self.at(since)
        db.add(Agent(id=name, state=state, since=at, idle_since=at, proved_at=at))
        db.add_all(AgentSkill(agent_id=name, skill=skill, level=level) for skill, level in skills.items())
        db.flush()

    def talk(
        self,
        db: Session,
        agent: str,
        talked: float,
        ended: float | None,
        held: int = 0,
        pause: tuple[float, float] | None = None,
    ) -> Interaction:
        """A talk; `pause` is when its sheet was handed in, and when the agent's pause for it ended."""
        made = Interaction(
            kind="inbound", call_id=f"CA{next(self._number):032x}", queue="general", agent_id=agent,
            state="talking" if ended is None else "ended", conference="c", accepted_at=self.at(talked),
            talked_at=self.at(talked), held_seconds=held, ended_at=None if ended is None else self.at(ended),
        )  # fmt: skip
        db.add(made)
        db.flush()
        if pause is not None:
            db.add(
                WrapUp(
                    interaction_id=made.id,
                    agent_id=agent,
                    state="submitted",
                    closed_at=self.at(pause[0]),
                    until=self.at(pause[1]),
                )
            )
            db.flush()
        return made

    def did(self, db: Session, agent: str, *changes: tuple[float, str]) -> None:
        """The journal of an agent."""
        db.add_all(AgentChange(agent_id=agent, at=self.at(at), state=state, cause="test") for at, state in changes)
        db.flush()

    def board(self, seconds: float) -> Board:
        """As it is then."""
        with rows_of(self.database, self.keyring) as db:
            return board(db, self.rules, self.at(seconds).astimezone(ZONE))


@pytest.fixture
def floor(database: Database, keyring: Keyring, settings: Settings) -> Floor:
    """An empty floor, on SQLite and on PostgreSQL."""
    return Floor(database, keyring, FloorRules(ZONE, settings.floor, settings.queues))
