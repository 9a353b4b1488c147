"""What the engine wants done, imperative. The union is closed: whoever renders it must know every member."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing said in one language: a text, or a recording that replaces it; `key` is the prompt it comes from.

    `played` is the address of what a caller recorded: it is played instead of any text.
    """

    text: str
    language: str
    recording: str | None = None
    key: str = ""
    played: str = ""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say these, in order; the caller cannot interrupt."""

    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Gather:
    """Say these and wait for keys (and speech); the call is then the caller's turn."""

    utterances: tuple[Utterance, ...]
    language: str
    wait_seconds: int
    num_digits: int | None = None
    finish_on_key: str = "#"
    speech: bool = False
    hints: tuple[str, ...] = ()
    interrupt: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """Take a message behind a tone, until a key, a silence or its greatest length ends it; both in seconds."""

    longest_seconds: int
    silence_seconds: int
    finish_on_key: str = "#"


@dataclass(frozen=True, slots=True)
class Continue:
    """Come back as soon as what was said is over, without a pause: the request tells when the caller had heard it."""


@dataclass(frozen=True, slots=True)
class Poll:
    """Come back after so many seconds; something is still being done."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Put the caller into a queue and keep them company there; `again`: they never left it."""

    queue: str
    language: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Rejoin:
    """Back to the agent, who waits in the conference."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Action = Speak | Gather | Record | Continue | Poll | Enqueue | Rejoin | Hangup


@dataclass(frozen=True, slots=True)
class Invoke:
    """Ask a service; `key` is the idempotency key of this visit to the step: "<call>:<visit>".

    `given` tells for each input the variable that it was taken from.
    """

    service: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
