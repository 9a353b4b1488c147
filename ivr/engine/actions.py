"""What the engine tells the provider to do next. The union is closed: a renderer must handle every member."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Utterance:
    """One text spoken in one language, or the recording that replaces it. `key` names its prompt.

    `audio_url` is the address of a caller's own recording, which is played instead of any text.
    """

    text: str
    language: str
    recording: str | None = None
    key: str = ""
    audio_url: str = ""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say these, in order; the caller cannot interrupt."""

    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak the utterances and wait for keys (and speech). The caller may interrupt where `interrupt` is set."""

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
    """Record a message after a beep. A key, a silence or the maximum length ends it; both limits are in seconds."""

    max_seconds: int
    silence_seconds: int
    finish_on_key: str = "#"


@dataclass(frozen=True, slots=True)
class Continue:
    """Request the next document as soon as the speech has ended, with no pause in between.

    The time of that request shows when the caller had heard everything.
    """


@dataclass(frozen=True, slots=True)
class Poll:
    """Request the next document after so many seconds, because a service has not finished yet."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Put the caller into a queue and play its wait loop. `rejoins`: the caller never left the queue."""

    queue: str
    language: str
    still_queued: bool = False


@dataclass(frozen=True, slots=True)
class Rejoin:
    """Return to the agent, who waits in the conference."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Action = Speak | Gather | Record | Continue | Poll | Enqueue | Rejoin | Hangup


@dataclass(frozen=True, slots=True)
class Invoke:
    """Call a service. `key` is the idempotency key of this visit to the step: "<call>:<visit>".

    `input_variables` maps each input to the variable its value was read from.
    """

    service: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    input_variables: Mapping[str, str] = field(default_factory=dict)
