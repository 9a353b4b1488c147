"""Registered phones, and the inbox of each number: texts and incoming calls."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from exchange import clock

EXPIRES_SECONDS = 30.0
INBOX_EVENTS = 200

Event = dict[str, Any]


@dataclass
class _Phone:
    label: str
    seen: float


@dataclass
class _Inbox:
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=INBOX_EVENTS))
    told: int = 0


class Phones:
    """A registration expires 30 s after the phone last requested its inbox; another request renews it."""

    def __init__(self, lock: threading.RLock) -> None:
        self._changed = threading.Condition(lock)
        self._phones: dict[str, _Phone] = {}
        self._inboxes: defaultdict[str, _Inbox] = defaultdict(_Inbox)

    def register(self, number: str, label: str) -> None:
        with self._changed:
            self._phones[number] = _Phone(label, clock.steady())

    def rings(self, number: str) -> bool:
        """True while a phone with this number is registered."""
        with self._changed:
            phone = self._phones.get(number)
            return phone is not None and clock.steady() - phone.seen <= EXPIRES_SECONDS

    def deliver_event(self, number: str, kind: str, **details: object) -> None:
        """Adds an event to the inbox of a number, whether its phone is registered or not."""
        with self._changed:
            inbox = self._inboxes[number]
            inbox.told += 1
            inbox.events.append({"seq": inbox.told, "type": kind, **details})
            self._changed.notify_all()

    def inbox(self, number: str, after: int, wait_seconds: float) -> list[Event] | None:
        """Events newer than `after`, waiting for one if there is none; None for a number that was never registered."""
        with self._changed:
            if number not in self._phones:
                return None
            self._phones[number].seen = clock.steady()
            self._changed.wait_for(lambda: self._inboxes[number].told > after, timeout=wait_seconds)
            self._phones[number].seen = clock.steady()
            return [event for event in self._inboxes[number].events if event["seq"] > after]
