"""Events of a call, in the past tense. Each carries its time, so that the engine needs no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

QUEUE_RESULTS = frozenset({"answered", "callback", "timeout", "full", "failed"})
"""The results of a wait in a queue."""


@dataclass(frozen=True, slots=True)
class MessageRecorded:
    """The caller left a message of `seconds`. `recording` is the provider's id, `url` the address of the audio."""

    at: datetime
    recording: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What the caller agreed to with a yes.

    `values`: variable -> its value at the yes. `said`: the slots that the question spoke, such as "payee.name".
    `depth`: the frame that holds the variables; 1 is the outermost.
    """

    values: Mapping[str, Any]
    said: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call came in. `caller` is an E.164 number or None; it is a hint and proves nothing.

    `address` distinguishes callers without a number (a SIP address, a client of the provider). It is empty where the
    number is withheld.
    """

    at: datetime
    caller: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class DigitsPressed:
    """Keys without the finish key: `0-9*#`."""

    at: datetime
    digits: str


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """What the recogniser understood. Untrusted data.

    `confidence` is 0 to 1; None means unknown and counts as 0.
    """

    at: datetime
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """The caller's time to answer ran out."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A proof that the caller gave: valid until a time (epoch seconds), for one use, or both. A yes also holds what was
    read back.
    """

    name: str
    until: float | None = None
    single_use: bool = False
    read_back: ReadBack | None = None


@dataclass(frozen=True, slots=True)
class ServiceAnswered:
    """A service returned one of its declared outcomes, with its facts."""

    at: datetime
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    customer_id: str | None = None
    committed: bool = False  # an effect was committed: `back` must not cross it
    identified_by: str = ""  # the last digits of the card that identified the customer


@dataclass(frozen=True, slots=True)
class ServiceWorking:
    """A service needs longer than a turn may take. Call it again with the same idempotency key."""

    at: datetime


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """How a wait in a queue ended: answered, timeout, full or failed. `callback`: the caller asked for one and keeps
    the place.
    """

    at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class SentByAgent:
    """The agent sends the caller to the self-service: to prove `level` and return, or (without a level) to continue
    where they left it.
    """

    at: datetime
    level: str = ""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The turn raised an error. The call says `prompt` and goes to the exit, where an agent answers."""

    at: datetime
    prompt: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call has ended."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FlowReturned:
    """A subflow ended. Only the machine creates this event."""

    at: datetime
    outcome: str


Input = DigitsPressed | SpeechHeard | NothingHeard
Event = (
    CallStarted
    | Input
    | MessageRecorded
    | ServiceAnswered
    | ServiceWorking
    | QueueLeft
    | SentByAgent
    | TurnFailed
    | HungUp
)
"""The events that come from outside the engine."""
