"""Recordings of calls: their timing, and their status callbacks.

The exchange transports no sound, so a recording is silence of the right duration.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from exchange import clock
from exchange.callback_sender import CallbackSender
from exchange.leg import CallbackPlan, Leg
from exchange.sids import new_sid

RECORDINGS_REMEMBERED = 2000
LIVE = frozenset({"in-progress", "paused"})


@dataclass(eq=False)
class Recording:
    """status: in-progress ⇄ paused → completed → deleted. `keeps_time`: a pause is recorded as silence."""

    sid: str
    leg: Leg
    source: str
    channels: int
    plan: CallbackPlan | None
    url: str
    track: str = "both"
    status: str = "in-progress"
    keeps_time: bool = True
    started_at: datetime = field(default_factory=clock.now)
    updated_at: datetime = field(default_factory=clock.now)
    seconds: int = 0
    _ran: float = 0.0
    _since: float = field(default_factory=clock.steady)

    def measure(self) -> float:
        """Seconds recorded so far."""
        runs = self.status == "in-progress" or (self.status == "paused" and self.keeps_time)
        return self._ran + (clock.steady() - self._since if runs else 0.0)

    def set_status(self, status: str) -> None:
        self._ran, self._since = self.measure(), clock.steady()
        self.status, self.updated_at = status, clock.now()


class Recordings:
    """The newest 2000 recordings, oldest first."""

    def __init__(self, lock: threading.RLock, callback_sender: CallbackSender, account_sid: str) -> None:
        self._lock = lock
        self._callback_sender = callback_sender
        self._account_sid = account_sid
        self._recordings: dict[str, Recording] = {}

    def start(
        self, leg: Leg, source: str, base_url: str, channels: int = 1, plan: CallbackPlan | None = None
    ) -> Recording:
        """Starts recording a call; `base_url` is the address of this exchange."""
        sid = new_sid("RE")
        url = f"{base_url}/2010-04-01/Accounts/{self._account_sid}/Recordings/{sid}"
        recording = Recording(sid, leg, source, channels, plan, url)
        with self._lock:
            self._recordings[sid] = recording
            for oldest in list(self._recordings)[:-RECORDINGS_REMEMBERED]:
                del self._recordings[oldest]
        leg.tell("recording", status="in-progress")
        self._report(recording)
        return recording

    def change(self, recording: Recording, status: str, keeps_time: bool = True) -> bool:
        """paused, in-progress or stopped. False when the recording has already ended."""
        with self._lock:
            if recording.status not in LIVE:
                return False
            if status == "stopped":
                self.finish(recording)
                return True
            recording.set_status(status)
            recording.keeps_time = keeps_time
        recording.leg.tell("recording", status=status)
        return True

    def finish(self, recording: Recording, seconds: float | None = None) -> None:
        """Ends a recording; `seconds` overrides the measured duration."""
        with self._lock:
            if recording.status not in LIVE:
                return
            recording.set_status("completed")
            recording.seconds = round(recording.measure() if seconds is None else seconds)
        recording.leg.tell("recording", status="completed")
        self._report(recording)

    def close_all(self, leg: Leg) -> None:
        """Ends the recordings of a call that ends."""
        for recording in self.find(lambda each: each.leg is leg):
            self.finish(recording)

    def get(self, sid: str) -> Recording | None:
        """The recording; None for a deleted one, too."""
        with self._lock:
            return self._recordings.get(sid)

    def find(self, chosen: Callable[[Recording], bool]) -> list[Recording]:
        """Newest first."""
        with self._lock:
            return [each for each in reversed(self._recordings.values()) if chosen(each)]

    def delete(self, recording: Recording) -> bool:
        """False while the recording is running."""
        with self._lock:
            if recording.status in LIVE:
                return False
            return self._recordings.pop(recording.sid, None) is not None

    def _report(self, recording: Recording) -> None:
        plan = recording.plan
        if plan is None or recording.status not in plan.events:
            return
        form = [
            ("AccountSid", self._account_sid),
            ("CallSid", recording.leg.sid),
            ("RecordingSid", recording.sid),
            ("RecordingUrl", recording.url),
            ("RecordingStatus", recording.status),
            ("RecordingDuration", str(recording.seconds)),
            ("RecordingChannels", str(recording.channels)),
            ("RecordingStartTime", clock.rfc2822(recording.started_at) or ""),
            ("RecordingSource", recording.source),
            ("RecordingTrack", recording.track),
        ]
        self._callback_sender.post(recording.leg.sid, plan.url, plan.method, form)
