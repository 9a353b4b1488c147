"""Rounds of the wait loop: numbered like turns; the last ones are stored, so that repeated requests get the same bytes.

A round is requested at `/voice/wait/<turn>/<round>`; it ends with a redirect to the next one, and keys pressed
meanwhile are sent there too. The URL without a round means round 1: a provider that requests it again later, because
a document failed, gets the newest round.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session as DbSession

from ivr.calls.models import Call
from ivr.centre.desk.queries import handling_seconds
from ivr.centre.queues import closing, waiting
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.serving import serving
from ivr.centre.queues.staffing import staffing_of
from ivr.centre.queues.waiting import Pace, QueuePosition
from ivr.engine.actions import Utterance
from ivr.engine.bundle import Bundle
from ivr.foundation.errors import UnknownTurn

CALLBACK_KEY = "1"
HOLD_SECONDS = 20
KEPT = 2  # stored rounds: the newest, and the one before for a late repeat
StoredRounds = list[tuple[int, int, str | None]]  # turn, round, document; None when the turn's answer was sent


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """The provider's request for a round."""

    call: str
    turn: int
    number: int
    digits: str = ""
    queue_id: str = ""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """A repeated request: the stored document."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """A repeated request that the call's turn answered: the turn's stored answer."""

    turn: int


@dataclass(frozen=True, slots=True)
class OtherTurn:
    """The call has moved to another turn, where it waits or asks a question."""

    turn: int
    waits: bool


@dataclass(frozen=True, slots=True)
class OfferCallback:
    """The caller pressed the callback key."""


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """LeaveQueue the queue: the entry is closed, or the maximum wait is over."""


@dataclass(frozen=True, slots=True)
class NewRound:
    """A new round and its announcement."""

    utterances: tuple[Utterance, ...]


RoundAnswer = StoredAnswer | TurnAnswer | OtherTurn | OfferCallback | LeaveQueue | NewRound


def next_round(db: DbSession, request: RoundRequest, bundle_of: Callable[[str], Bundle], now: datetime) -> RoundAnswer:
    """The answer to a request; locks the queue entry. Raises `UnknownTurn` for numbers ahead of the call."""
    call = db.execute(select(Call.bundle, Call.turn, Call.ended_at).where(Call.call == request.call)).first()
    entry = waiting.latest(db, request.call)
    if call is None or entry is None:
        return LeaveQueue()
    digest, turn, ended_at = call
    if entry.state in waiting.HERE:
        entry.seen_at = now
    entry.queue_sid = request.queue_id or entry.queue_sid
    db.flush()
    if (known := _known(entry, request, turn, is_over=ended_at is not None)) is not None:
        return known
    return _new(db, entry, request, bundle_of(digest), now)


def _known(entry: QueuedCall, request: RoundRequest, turn: int, *, is_over: bool) -> RoundAnswer | None:
    """The answer that needs no new round: a stored one, or a queue entry that is closed or at another turn."""
    kept = _kept(entry)
    given = {(at, number): text for at, number, text in kept}
    if (request.turn, request.number) in given:
        text = given[request.turn, request.number]
        return TurnAnswer(request.turn) if text is None else StoredAnswer(text)
    if is_over:
        return LeaveQueue()
    if request.turn > turn:
        raise UnknownTurn("the turn of this wait is ahead of the call")
    if request.turn < turn:
        return OtherTurn(turn, entry.state == "waiting") if entry.state in waiting.HERE else LeaveQueue()
    newest = max((number for at, number, _ in kept if at == turn), default=0)
    if request.number > newest + 1:
        raise UnknownTurn("the round number is ahead of the wait loop")
    return None if request.number > newest else StoredAnswer(given[turn, newest] or "")


def _new(db: DbSession, entry: QueuedCall, request: RoundRequest, bundle: Bundle, now: datetime) -> RoundAnswer:
    if entry.state == "answered" and entry.left_turn is None:
        waiting.move(db, entry, "wait_on", now)  # wrongly marked as answered; the queue position is kept
    elif entry.state == "leaving":
        waiting.move(db, entry, "return", now)
    if entry.state != "waiting":
        return LeaveQueue()
    if request.digits == CALLBACK_KEY:
        return OfferCallback()
    position = waiting.position(db, entry, bundle.queues[entry.queue], _pace(db, entry, bundle, now), now)
    db.flush()
    if position.overdue:
        waiting.move(db, entry, "time_out", now)
        return LeaveQueue()
    closure = closing.closure_of(db, entry.queue, now)
    return NewRound(tuple(_said(bundle, entry, position, closure.announcement if closure is not None else "")))


def _pace(db: DbSession, entry: QueuedCall, bundle: Bundle, now: datetime) -> Pace:
    """How fast the queue is served now."""
    staffing = {name: staffing_of(name, rules) for name, rules in bundle.queues.items()}
    found = serving(db, entry.queue, staffing, (now - entry.entered_at).total_seconds())
    handling = handling_seconds(db, entry.queue, now) or bundle.queues[entry.queue].talk_seconds
    return Pace(found.staff, found.agents, handling)


def keep(db: DbSession, request: RoundRequest, text: str) -> None:
    """Store the document of a round."""
    entry = waiting.latest(db, request.call)
    if entry is not None:
        _note(db, entry, request.turn, request.number, text)


def offer(connection: Connection, call: str, turn: int, number: int, now: datetime) -> None:
    """The caller hears the callback offer and keeps the queue position. The turn's answer answers this round."""
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is None or entry.state != "waiting":
        raise UnknownTurn("the queue entry is closed")
    waiting.move(db, entry, "ask_callback", now)
    _note(db, entry, turn, number, None)


def _note(db: DbSession, entry: QueuedCall, turn: int, number: int, text: str | None) -> None:
    kept = [*_kept(entry), (turn, number, text)][-KEPT:]
    entry.answers = json.dumps(kept, ensure_ascii=False)
    db.flush()


def _kept(entry: QueuedCall) -> StoredRounds:
    return [(turn, number, text) for turn, number, text in json.loads(entry.answers or "[]")]


def _said(bundle: Bundle, entry: QueuedCall, position: QueuePosition, closed: str) -> Iterator[Utterance]:
    """`closed` is why a leader closed the queue, empty where it is open."""
    prompts = bundle.prompts[entry.language]
    facts: dict[str, Any] = {
        **bundle.constants,
        "ahead": position.ahead,
        "low": position.wait.low,
        "high": position.wait.high,
    }
    facts["minutes"] = position.wait.high  # what prompts of earlier bundles say
    keys = [f"queue.closed_{closed}"] if closed and f"queue.closed_{closed}" in prompts.prompts else []
    keys += ["queue.still"] if position.rounds > 1 and not keys else []
    keys += ["queue.position" if position.ahead else "queue.next"]
    keys += ["queue.wait"] if position.is_news else []  # the same wait again would be a broken promise
    for key in [*keys, "queue.callback_key"]:
        yield from prompts.utterances(key, facts)
