"""What happens to a call, in the past tense. Every event carries its time, so the engine needs no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

QUEUE_RESULTS = frozenset({"answered", "callback", "timeout", "full", "failed"})
"""How a wait in a queue goes on."""


@dataclass(frozen=True, slots=True)
class MessageRecorded:
    """The caller left a message of so many seconds; `recording` is the provider's id of it, `url` where it is heard."""

    at: datetime
    recording: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a yes was said to.

    `values`: variable -> its value at the yes. `said`: the slots that the question spoke, such as "payee.name".
    `depth`: the frame whose variables they are; 1 is the outermost.
    """

    values: Mapping[str, Any]
    said: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class CallStarted:
    """Someone dialled; `caller` is E.164 or None, a hint and never proof.

    `address` tells callers without a number apart (a SIP address, a client of the provider's); empty where the number
    is withheld.
    """

    at: datetime
    caller: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class DigitsPressed:
    """Keys, the finish key removed: `0-9*#`."""

    at: datetime
    digits: str


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """What the recogniser believes was said; data, whatever it says.

    `confidence` is 0 to 1, and None where it is unknown, which is as low as 0.
    """

    at: datetime
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """The time for an answer ran out."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A proof the caller gave: until a time (epoch seconds), or for one use, or both; of a yes, what was read back."""

    name: str
    until: float | None = None
    once: bool = False
    read_back: ReadBack | None = None


@dataclass(frozen=True, slots=True)
class ServiceAnswered:
    """A service came back with one of its declared outcomes and its facts."""

    at: datetime
    outcome: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    customer: str | None = None
    committed: bool = False  # an effect stands: `back` may not cross it
    identified_by: str = ""  # the last digits of the card that named the customer


@dataclass(frozen=True, slots=True)
class ServiceWorking:
    """A service needs longer than a turn may take; ask again with the same key."""

    at: datetime


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """How the wait went on: answered, timeout, full, failed; or callback, asked for by a caller who keeps the place."""

    at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class SentByAgent:
    """The agent sends the caller to the self-service: to prove `level` and come back, or on from where they left it."""

    at: datetime
    level: str = ""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The turn broke; `prompt` apologises and the call goes to the exit, where a person is."""

    at: datetime
    prompt: str


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FlowReturned:
    """A subflow ended; only the machine makes these."""

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
"""What comes from outside."""
