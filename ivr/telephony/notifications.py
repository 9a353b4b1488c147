"""Status callbacks of calls, conferences and recordings: asynchronous, unordered, possibly duplicated.

`sequence` numbers the callbacks of one object from 0, if the provider numbers them: a smaller one is older.
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
class CallNotification:
    """A call's status."""

    call: str
    status: CallStatus
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class ConferenceNotification:
    """An event of a conference; `call` and `label` are the participant's, empty for events of the whole conference."""

    conference: str
    name: str
    event: ConferenceEvent
    call: str = ""
    label: str = ""
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class RecordingNotification:
    """A recording's status; `seconds` is known once it is ready."""

    recording: str
    call: str
    status: RecordingStatus
    seconds: int = 0


Notification = CallNotification | ConferenceNotification | RecordingNotification
