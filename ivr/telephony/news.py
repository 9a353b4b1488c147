"""News of calls, conferences and recordings, in webhooks that nobody waits for: in no order, and perhaps twice.

`sequence` counts the news of one thing from 0, where the provider counts them: a smaller one is older.
"""

from dataclasses import dataclass
from typing import Literal

CallStatus = Literal["queued", "ringing", "talking", "ended", "busy", "no_answer", "failed", "cancelled"]
RecordingStatus = Literal["running", "paused", "processing", "ready", "absent"]
ConferenceEvent = Literal[
    "began", "ended", "joined", "left", "muted", "unmuted", "held", "retrieved", "changed", "announced"
]
OVER: frozenset[CallStatus] = frozenset({"ended", "busy", "no_answer", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class CallNews:
    """How a call stands."""

    call: str
    status: CallStatus
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class ConferenceNews:
    """What happened in a conference; `call` and `label` are the participant's, empty where it is about all of them."""

    conference: str
    name: str
    event: ConferenceEvent
    call: str = ""
    label: str = ""
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class RecordingNews:
    """How a recording stands; `seconds` is known once it is ready."""

    recording: str
    call: str
    status: RecordingStatus
    seconds: int = 0


News = CallNews | ConferenceNews | RecordingNews
