"""The hand-over to a queue as the provider reports it: what a QueueResult means, and the waiting room's rounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session as Rows

from ivr.config import Settings
from ivr.engine.actions import Utterance
from ivr.engine.bundle import Bundle
from ivr.queues import waiting
from ivr.queues.estimates import minutes
from ivr.queues.models import QueuedCall
from ivr.queues.waiting import Standing

HANGUP = "hangup"  # the caller is gone: no outcome of a flow
# twilio.md 2.3: what ended the Enqueue -> the event of the row and the outcome that the flow routes
_RESULTS: Mapping[str, tuple[str, str]] = {
    "bridged": ("answer", "answered"),
    "bridging-in-process": ("answer", "answered"),
    "redirected": ("answer", "answered"),
    "redirected-from-bridged": ("answer", "answered"),
    "hangup": ("hang_up", HANGUP),
    "queue-full": ("fail", "full"),
    "error": ("fail", "timeout"),
    "system-error": ("fail", "timeout"),
}
CALLBACK_KEY = "1"
HOLD_SECONDS = 20


def left_queue(connection: Connection, call: str, result: str, now: datetime) -> str:
    """Close the caller's stay in a queue and give the outcome for the flow."""
    rows = Rows(bind=connection)
    entry = waiting.present(rows, call)
    event, outcome = _RESULTS.get(result, ("leave", "callback"))
    if entry is not None and event == "leave":
        event, outcome = ("leave", "callback") if entry.state == "leaving" else ("time_out", "timeout")
    if entry is not None:
        waiting.move(
            rows, entry, event if entry.state == "waiting" or event in ("leave", "hang_up", "answer") else "leave", now
        )
    return outcome


@dataclass(frozen=True, slots=True)
class Round:
    """One round in the waiting room: leave now, or hear these."""

    leave: bool
    utterances: tuple[Utterance, ...] = ()


def next_round(connection: Connection, bundle: Bundle, settings: Settings, call: str, now: datetime) -> Round:
    """What a waiting caller hears next; a caller who waited too long leaves for a callback."""
    rows = Rows(bind=connection)
    entry = waiting.present(rows, call)
    if entry is None or entry.state == "leaving":
        return Round(leave=True)
    standing = waiting.stand(rows, entry, settings.queues[entry.queue], now)
    rows.flush()
    if standing.overdue:
        return Round(leave=True)
    return Round(leave=False, utterances=tuple(_said(bundle, entry, standing)))


def _said(bundle: Bundle, entry: QueuedCall, standing: Standing) -> Iterator[Utterance]:
    prompts = bundle.prompts[entry.language]
    facts: dict[str, Any] = {**bundle.constants, "ahead": standing.ahead, "minutes": minutes(standing.tell_seconds)}
    keys = ["queue.still"] if standing.rounds > 1 else []
    keys += ["queue.position" if standing.ahead else "queue.next"]
    keys += ["queue.wait"] if standing.is_shorter else []  # the same figure again would be a promise not kept
    for key in [*keys, "queue.callback_key"]:
        yield from prompts.utterances(key, facts)


def press(connection: Connection, call: str, digits: str, now: datetime) -> bool:
    """A key in the waiting room; True when it was the callback key and the caller now leaves."""
    rows = Rows(bind=connection)
    entry = waiting.present(rows, call)
    if entry is None or entry.state == "leaving":
        return True
    return digits == CALLBACK_KEY and waiting.move(rows, entry, "ask_callback", now)
