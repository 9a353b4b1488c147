"""Waiting queues: members, waiting times, and claims of the first caller."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from exchange import clock
from exchange.bridge import Claim
from exchange.channel import WebhookTarget
from exchange.leg import Leg
from exchange.sids import new_sid

DEFAULT_QUEUE_SIZE = 1000
MAX_QUEUE_SIZE = 5000
MAX_NAME_CHARACTERS = 64


@dataclass(eq=False)
class Member:
    """A waiting caller, or one who was just taken out; `claim` says by whom."""

    leg: Leg
    queue: "WaitQueue"
    enqueued_at: datetime = field(default_factory=clock.now)
    left_at: datetime | None = None
    claim: Claim | None = None

    @property
    def seconds(self) -> int:
        """The waiting time, so far or in total."""
        return round(((self.left_at or clock.now()) - self.enqueued_at).total_seconds())


@dataclass(eq=False)
class WaitQueue:
    """First in, first out. `diallers` are legs that wait for a caller to enqueue."""

    sid: str
    name: str
    max_size: int
    members: list[Member] = field(default_factory=list)
    diallers: list[Leg] = field(default_factory=list)
    created_at: datetime = field(default_factory=clock.now)
    updated_at: datetime = field(default_factory=clock.now)

    @property
    def average_seconds(self) -> int:
        """The mean waiting time of the current members."""
        waited = [member.seconds for member in self.members]
        return round(sum(waited) / len(waited)) if waited else 0

    def position(self, member: Member) -> int:
        """From 1; 0 for a caller who has left."""
        return self.members.index(member) + 1 if member in self.members else 0


class Queues:
    """All queues, by name. Every change is made under the exchange's lock, so that a caller is taken out only once."""

    def __init__(self, lock: threading.RLock) -> None:
        self._lock = lock
        self._queues: dict[str, WaitQueue] = {}

    def all(self) -> list[WaitQueue]:
        """Oldest first."""
        with self._lock:
            return list(self._queues.values())

    def named(self, name: str) -> WaitQueue | None:
        with self._lock:
            return self._queues.get(name)

    def get(self, sid: str) -> WaitQueue | None:
        return next((queue for queue in self.all() if queue.sid == sid), None)

    def open(self, name: str, max_size: int = DEFAULT_QUEUE_SIZE) -> WaitQueue:
        """The queue of this name, created if necessary."""
        with self._lock:
            if name not in self._queues:
                self._queues[name] = WaitQueue(new_sid("QU"), name, max_size)
            return self._queues[name]

    def remove(self, queue: WaitQueue) -> bool:
        """False while it has members."""
        with self._lock:
            if queue.members:
                return False
            return self._queues.pop(queue.name, None) is not None

    def join(self, queue: WaitQueue, leg: Leg) -> Member | None:
        """Appends the caller; None when the queue is full."""
        with self._lock:
            if len(queue.members) >= queue.max_size:
                return None
            member = Member(leg, queue)
            queue.members.append(member)
            for dialler in queue.diallers:
                dialler.channel.wake()
            return member

    def take_out(self, member: Member) -> bool:
        """Removes a waiting caller; False when another leg was first."""
        with self._lock:
            if member not in member.queue.members:
                return False
            member.queue.members.remove(member)
            member.left_at = member.queue.updated_at = clock.now()
            return True

    def claim_first(self, queue: WaitQueue, dialler: Leg, greeting: WebhookTarget | None) -> Claim | None:
        """Takes the caller who waited longest out for `dialler`; None when the queue is empty."""
        with self._lock:
            if not queue.members:
                return None
            member = queue.members[0]
            self.take_out(member)
            member.claim = Claim(member.leg, dialler, greeting)
            member.leg.channel.notify_room_change()
            return member.claim

    def dequeue(self, member: Member, target: WebhookTarget) -> bool:
        """Takes a caller out by REST and redirects the call to `target`; False when another leg was first."""
        with self._lock:
            if not self.take_out(member):
                return False
            member.leg.channel.redirect(target)
            return True
