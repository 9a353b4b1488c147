"""The journal of calls: the locked session row, and every answer under (call, turn)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ivr.calls.models import Call, TurnRecord
from ivr.db import Instant, Transaction
from ivr.db.hot.prepared import Prepared
from ivr.engine.actions import Action, Gather, Speak
from ivr.engine.session import Session, dump, load
from ivr.foundation.crypto import Keyring


def _values(*names: str) -> dict[str, Any]:
    return {name: bindparam(f"v_{name}") for name in names}


_LOCK = Prepared(
    select(Call.turn, Call.state, Call.ended_at.is_not(None)).where(Call.call == bindparam("v_call")).with_for_update()
)
_ANSWER = Prepared(
    select(TurnRecord.answer).where(TurnRecord.call == bindparam("v_call"), TurnRecord.turn == bindparam("v_turn"))
)
_OPEN = Prepared(
    insert(Call).values(
        **_values("call", "turn", "bundle", "state", "caller", "caller_index", "language", "started_at", "ending")
    ),
    v_started_at=Instant(),
)
_MOVE = Prepared(
    update(Call)
    .where(Call.call == bindparam("v_call"), Call.turn == bindparam("v_from"))
    .values(**_values("turn", "state"))
)
_APPEND = Prepared(insert(TurnRecord).values(**_values("call", "turn", "at", "answer", "trail")))
_END = Prepared(
    update(Call)
    .where(Call.call == bindparam("v_call"), Call.ended_at.is_(None))
    .values(**_values("ended_at", "ending", "state")),
    v_ended_at=Instant(),
)
OVER = b"over"  # replaces the session when a call ends; retention erases it with the answers
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
SAID = "said"


def heard(actions: Sequence[Action]) -> tuple[str, str]:
    """The trail entry with the keys of a turn's prompts in spoken order; it contains no values."""
    keys = [utterance.key for action in actions if isinstance(action, _SPOKEN) for utterance in action.utterances]
    return "", " ".join((SAID, *keys))


_SPOKEN = (Speak, Gather)


@dataclass(frozen=True, slots=True)
class Journal:
    """Reads and writes calls inside the caller's transaction."""

    keyring: Keyring

    def lock(self, transaction: Transaction, call: str) -> tuple[int, bytes, bool] | None:
        """The call's next turn, sealed state and whether it is over; locks the row until the transaction ends."""
        row = transaction.run(_LOCK, {"v_call": call}).fetchone()
        return None if row is None else (row[0], bytes(row[1]), bool(row[2]))

    def session(self, call: str, state: bytes) -> Session:
        """Decrypt and load the session."""
        return load(self.keyring.open(f"calls.state|{call}", state))

    def over_for(self, transaction: Transaction, call: str, now: datetime) -> timedelta:
        """How long ago a call ended; zero while it is in progress."""
        ended = transaction.connection.scalar(select(Call.ended_at).where(Call.call == call))
        return timedelta(0) if ended is None else now - ended

    def answered(self, transaction: Transaction, call: str, turn: int) -> str | None:
        """The stored answer of a turn; None when there is none, or it was erased."""
        row = transaction.run(_ANSWER, {"v_call": call, "v_turn": turn}).fetchone()
        if row is None or row[0] is None:
            return None
        return self.keyring.open_text(f"turns.answer|{call}.{turn}", bytes(row[0]))

    def open(self, transaction: Transaction, session: Session, at: datetime, caller: str | None) -> None:
        """Insert the row of a new call; IntegrityError when another worker inserted it first."""
        sealed = self.keyring.seal_text(f"calls.caller|{session.call_id}", caller) if caller else None
        row = {
            "v_call": session.call_id, "v_turn": 0, "v_bundle": session.bundle_hash, "v_state": b"", "v_caller": sealed,
            "v_caller_index": self.keyring.blind_index("mobile", caller) if caller else None,
            "v_language": session.language, "v_started_at": at, "v_ending": "",
        }  # fmt: skip
        transaction.run(_OPEN, row)

    def save(self, transaction: Transaction, session: Session, answer: str, trail: Any, at: datetime) -> None:
        """Store the completed turn and advance the call, and the session, to the next one."""
        call, turn = session.call_id, session.turn
        session.turn = turn + 1
        state = self.keyring.seal(f"calls.state|{call}", dump(session))
        sealed = self.keyring.seal_text(f"turns.answer|{call}.{turn}", answer)
        moved = transaction.run(_MOVE, {"v_call": call, "v_from": turn, "v_turn": turn + 1, "v_state": state})
        if moved.rowcount != 1:
            raise RuntimeError(f"turn {turn} of a call was processed twice although its row is locked")
        text = _ENCODE(trail)
        at_ms = int(at.timestamp() * 1000)
        transaction.run(_APPEND, {"v_call": call, "v_turn": turn, "v_at": at_ms, "v_answer": sealed, "v_trail": text})

    def end(self, transaction: Transaction, call: str, at: datetime, ending: str) -> bool:
        """Mark a call as over and erase its session; False when it was over already or is unknown."""
        ended = transaction.run(_END, {"v_call": call, "v_ended_at": at, "v_ending": ending, "v_state": OVER})
        return bool(ended.rowcount == 1)
