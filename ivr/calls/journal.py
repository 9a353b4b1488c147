"""The journal of calls: the session row under its lock, and every answer under (call, turn)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from ivr.calls.models import Call, TurnTaken
from ivr.crypto import Keyring
from ivr.db.prepared import Prepared
from ivr.engine.session import Session, dump, load

_CALLS, _TURNS = Call.__table__, TurnTaken.__table__


def _values(*names: str) -> dict[str, Any]:
    return {name: bindparam(f"v_{name}") for name in names}


_LOCK = Prepared(select(_CALLS.c.turn, _CALLS.c.state).where(_CALLS.c.call == bindparam("v_call")).with_for_update())
_ANSWER = Prepared(
    select(_TURNS.c.answer).where(_TURNS.c.call == bindparam("v_call"), _TURNS.c.turn == bindparam("v_turn"))
)
_MOVE = Prepared(
    update(_CALLS)
    .where(_CALLS.c.call == bindparam("v_call"), _CALLS.c.turn == bindparam("v_from"))
    .values(**_values("turn", "state"))
)
_APPEND = Prepared(insert(_TURNS).values(**_values("call", "turn", "at", "answer", "trail")))


@dataclass(frozen=True, slots=True)
class Journal:
    """Reads and writes calls inside a transaction that someone else opened."""

    keyring: Keyring

    def lock(self, connection: Connection, call: str) -> tuple[int, bytes] | None:
        """The call's next turn and its sealed state, the row locked until the transaction ends."""
        row = _LOCK.run(connection, {"v_call": call}).fetchone()
        return None if row is None else (row[0], bytes(row[1]))

    def session(self, call: str, state: bytes) -> Session:
        """The session in a sealed state."""
        return load(self.keyring.open(f"calls.state|{call}", state))

    def answered(self, connection: Connection, call: str, turn: int) -> str | None:
        """The answer that was given to a turn; None when there is none, or it was erased."""
        row = _ANSWER.run(connection, {"v_call": call, "v_turn": turn}).fetchone()
        if row is None or row[0] is None:
            return None
        return self.keyring.open_text(f"turns.answer|{call}.{turn}", bytes(row[0]))

    def open(self, connection: Connection, session: Session, at: datetime, caller: str | None) -> None:
        """The row of a new call, before its first turn; IntegrityError when someone else opened it."""
        place = f"calls.caller|{session.call}"
        connection.execute(
            insert(Call).values(
                call=session.call,
                turn=0,
                bundle=session.bundle,
                state=b"",
                language=session.language,
                started_at=at,
                caller=self.keyring.seal_text(place, caller) if caller else None,
                ending="",
            )
        )

    def save(self, connection: Connection, session: Session, answer: str, trail: Any, at: datetime) -> None:
        """Store the turn just taken and move the call on to the next; the session's own turn is moved too."""
        call, turn = session.call, session.turn
        session.turn = turn + 1
        state = self.keyring.seal(f"calls.state|{call}", dump(session))
        sealed = self.keyring.seal_text(f"turns.answer|{call}.{turn}", answer)
        moved = _MOVE.run(connection, {"v_call": call, "v_from": turn, "v_turn": turn + 1, "v_state": state})
        if moved.rowcount != 1:
            raise RuntimeError(f"turn {turn} of a call was taken twice under its lock")
        text = json.dumps(trail, ensure_ascii=False, separators=(",", ":"))
        at_ms = int(at.timestamp() * 1000)
        _APPEND.run(connection, {"v_call": call, "v_turn": turn, "v_at": at_ms, "v_answer": sealed, "v_trail": text})

    def end(self, connection: Connection, call: str, at: datetime, ending: str) -> bool:
        """Mark a call as over; False when it was already, or nobody knows it."""
        ended = connection.execute(
            update(Call).where(Call.call == call, Call.ended_at.is_(None)).values(ended_at=at, ending=ending)
        )
        return ended.rowcount == 1
