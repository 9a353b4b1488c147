"""A call leg: its parties, its status, and the event journal that its phone reads."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from exchange import clock
from exchange.channel import LegChannel, WebhookTarget

LIVE = frozenset({"queued", "ringing", "in-progress"})
JOURNAL_EVENTS = 5000
MAX_CALL_SECONDS = 14_400

Event = dict[str, Any]


class Conversation(Protocol):
    """A conversation: a bridge of two legs, or a conference."""

    def listeners(self, speaker: "Leg") -> Sequence["Leg"]:
        """The legs that hear what `speaker` says now."""


@dataclass(frozen=True)
class CallbackPlan:
    """Where the progress of a leg is reported, and which of initiated, ringing, answered, completed."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(eq=False)
class Leg:
    """One party's call. `holder` is the number of the phone that has the call: the caller's, or the called one's."""

    sid: str
    caller: str
    called: str
    direction: str
    holder: str
    channel: LegChannel
    parent: "Leg | None" = None
    status: str = "queued"
    callback: CallbackPlan | None = None
    fallback: WebhookTarget | None = None
    answered_by: str | None = None
    screened_as: str | None = None
    conversation: Conversation | None = None
    sip_code: str = "200"
    created_at: datetime = field(default_factory=clock.now)
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime = field(default_factory=clock.now)
    reports: int = 0
    journal: deque[Event] = field(default_factory=lambda: deque(maxlen=JOURNAL_EVENTS))
    finished: threading.Event = field(default_factory=threading.Event)
    _told: int = 0

    @property
    def over(self) -> bool:
        return self.status not in LIVE

    @property
    def seconds(self) -> int:
        """Duration since the call was answered; 0 if it never was."""
        if self.answered_at is None:
            return 0
        return round(((self.ended_at or clock.now()) - self.answered_at).total_seconds())

    def tell(self, kind: str, **details: object) -> None:
        """Appends an event to the phone's journal; ignored after the end of the call."""
        with self.channel.changed:
            if self.ended_at is not None:
                return
            self._told += 1
            self.journal.append({"seq": self._told, "at": clock.iso(clock.now()), "type": kind, **details})
            self.channel.changed.notify_all()

    def warn(self, code: int, message: str) -> None:
        self.tell("warning", code=code, message=message)

    def move(self, status: str) -> bool:
        """queued → ringing → in-progress. False when the call has already ended."""
        with self.channel.changed:
            if self.over:
                return False
            self.status = status
            self.updated_at = clock.now()
            if status == "in-progress":
                self.answered_at = self.updated_at
            self.tell("answered" if status == "in-progress" else status)
            self.channel.wake()
            return True

    def hang_up(self, by: str, reason: str, status: str = "completed", sip_code: str = "200") -> bool:
        """Ends the call with a final status. False when it had already ended. `by`: caller, hotline or exchange."""
        with self.channel.changed:
            if self.over:
                return False
            self.tell("ended", by=by, reason=reason)
            self.status, self.sip_code = status, sip_code
            self.ended_at = self.updated_at = clock.now()
            self.channel.end()
            return True
