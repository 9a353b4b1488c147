"""The waiting room's rounds: numbered like turns, and the last ones kept, so that the same request gets the same bytes.

A round is asked for at `/voice/wait/<turn>/<round>`; every round ends by sending the provider on to the next one, and
keys pressed meanwhile go there too. The URL without a round is round 1: a provider that asks for it again later,
because a document broke, gets the newest round.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session as DbSession

from ivr.calls.models import Call
from ivr.centre.queues import waiting
from ivr.centre.queues.distribution import staffed
from ivr.centre.queues.estimates import minutes
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.staffing import staffing_of
from ivr.centre.queues.waiting import QueuePosition
from ivr.engine.actions import Utterance
from ivr.engine.bundle import Bundle
from ivr.foundation.errors import UnknownTurn

CALLBACK_KEY = "1"
HOLD_SECONDS = 20
KEPT = 2  # rounds: the newest, and the one before for a repeat that comes late
Kept = list[tuple[int, int, str | None]]  # turn, round, what was sent; None where the turn's own answer was


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the provider on behalf of a waiting caller."""

    call: str
    turn: int
    number: int
    digits: str = ""
    queue_id: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """The same bytes as before."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerOf:
    """The answer that the call's turn got."""

    turn: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The caller stands at another turn of the call by now: waiting there, or at a question."""

    turn: int
    waits: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The caller wants to hear about a callback."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of the queue: nobody waits here, or has waited too long."""


@dataclass(frozen=True, slots=True)
class Company:
    """A new round: what is said."""

    utterances: tuple[Utterance, ...]


Round = Again | AnswerOf | Elsewhere | Offer | Leave | Company


def next_round(db: DbSession, asked: Asked, bundle_of: Callable[[str], Bundle], now: datetime) -> Round:
    """What a waiting caller gets, their stay's row locked; raises `UnknownTurn` for what was never offered."""
    call = db.execute(select(Call.bundle, Call.turn, Call.ended_at).where(Call.call == asked.call)).first()
    entry = waiting.latest(db, asked.call)
    if call is None or entry is None:
        return Leave()
    digest, turn, ended_at = call
    if entry.state in waiting.HERE:
        entry.seen_at = now
    entry.queue_sid = asked.queue_id or entry.queue_sid
    db.flush()
    if (known := _known(entry, asked, turn, is_over=ended_at is not None)) is not None:
        return known
    return _new(db, entry, asked, bundle_of(digest), now)


def _known(entry: QueuedCall, asked: Asked, turn: int, *, is_over: bool) -> Round | None:
    """What needs no new round: one that was given already, or a place where nobody waits any more."""
    kept = _kept(entry)
    given = {(at, number): text for at, number, text in kept}
    if (asked.turn, asked.number) in given:
        text = given[asked.turn, asked.number]
        return AnswerOf(asked.turn) if text is None else Again(text)
    if is_over:
        return Leave()
    if asked.turn > turn:
        raise UnknownTurn("a wait that has not been offered yet")
    if asked.turn < turn:
        return Elsewhere(turn, entry.state == "waiting") if entry.state in waiting.HERE else Leave()
    newest = max((number for at, number, _ in kept if at == turn), default=0)
    if asked.number > newest + 1:
        raise UnknownTurn("a round that has not been offered yet")
    return None if asked.number > newest else Again(given[turn, newest] or "")


def _new(db: DbSession, entry: QueuedCall, asked: Asked, bundle: Bundle, now: datetime) -> Round:
    if entry.state == "answered" and entry.left_turn is None:
        waiting.move(db, entry, "wait_on", now)  # it was taken for a talk with an agent; the place is as it was
    elif entry.state == "leaving":
        waiting.move(db, entry, "return", now)
    if entry.state != "waiting":
        return Leave()
    if asked.digits == CALLBACK_KEY:
        return Offer()
    rules = bundle.queues[entry.queue]
    staffing = staffing_of(entry.queue, rules)
    staff = staffed(db, staffing, (now - entry.entered_at).total_seconds()) or staffed(db, staffing)
    position = waiting.position(db, entry, rules, staff, now)
    db.flush()
    if position.overdue:
        waiting.move(db, entry, "time_out", now)
        return Leave()
    return Company(tuple(_said(bundle, entry, position)))


def keep(db: DbSession, asked: Asked, text: str) -> None:
    """Keep what a round was answered with."""
    entry = waiting.latest(db, asked.call)
    if entry is not None:
        _note(db, entry, asked.turn, asked.number, text)


def offer(connection: Connection, call: str, turn: int, number: int, now: datetime) -> None:
    """The caller looks at the offer of a callback; the place is kept. The answer of this round is the turn's."""
    db = DbSession(bind=connection)
    entry = waiting.latest(db, call)
    if entry is None or entry.state != "waiting":
        raise UnknownTurn("nobody waits here any more")
    waiting.move(db, entry, "ask_callback", now)
    _note(db, entry, turn, number, None)


def _note(db: DbSession, entry: QueuedCall, turn: int, number: int, text: str | None) -> None:
    kept = [*_kept(entry), (turn, number, text)][-KEPT:]
    entry.answers = json.dumps(kept, ensure_ascii=False)
    db.flush()


def _kept(entry: QueuedCall) -> Kept:
    return [(turn, number, text) for turn, number, text in json.loads(entry.answers or "[]")]


def _said(bundle: Bundle, entry: QueuedCall, position: QueuePosition) -> Iterator[Utterance]:
    prompts = bundle.prompts[entry.language]
    facts: dict[str, Any] = {**bundle.constants, "ahead": position.ahead, "minutes": minutes(position.tell_seconds)}
    keys = ["queue.still"] if position.rounds > 1 else []
    keys += ["queue.position" if position.ahead else "queue.next"]
    keys += ["queue.wait"] if position.is_shorter else []  # the same figure again would be a promise not kept
    for key in [*keys, "queue.callback_key"]:
        yield from prompts.utterances(key, facts)
