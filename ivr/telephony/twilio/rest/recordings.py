"""Recordings at Twilio."""

from collections.abc import Sequence
from typing import Any

from ivr.foundation.errors import ProviderError
from ivr.telephony.notifications import RecordingStatus
from ivr.telephony.provider import Done, Recording, Sound
from ivr.telephony.twilio.rest.account import NOT_IN_PROGRESS, TwilioAccount
from ivr.telephony.twilio.words import RECORDINGS

NOT_ACTIONABLE = 16114  # the recording's status does not allow the change


class TwilioRecordings:
    """/Calls/{CallSid}/Recordings and /Recordings"""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account

    def start(self, call: str, notify_url: str = "") -> str | None:
        """POST /Calls/{CallSid}/Recordings"""
        create = self._account.client.calls(call).recordings.create
        told: dict[str, Any] = {"recording_channels": "dual", "trim": "do-not-trim"}
        if notify_url:
            events = ["in-progress", "completed", "absent"]
            told |= {"recording_status_callback": notify_url, "recording_status_callback_event": events}
        started = self._account.ask("the call is not recorded", lambda: create(**told), NOT_IN_PROGRESS)
        return None if started is None else str(started.sid)

    def of_call(self, call: str) -> Sequence[Recording]:
        """GET /Calls/{CallSid}/Recordings"""
        recordings = self._account.client.calls(call).recordings
        found = self._account.ask("the recordings could not be listed", lambda: recordings.list(limit=50))
        return [_read(each) for each in found or () if str(each.status) in RECORDINGS]

    def pause(self, call: str, recording: str) -> Done:
        """paused; the pause is recorded as silence"""
        return self._turn(call, recording, "paused", "paused", pause_behavior="silence")

    def resume(self, call: str, recording: str) -> Done:
        """in-progress"""
        return self._turn(call, recording, "in-progress", "running")

    def stop(self, call: str, recording: str) -> Done:
        """stopped"""
        return self._turn(call, recording, "stopped", "processing")

    def find(self, recording: str) -> Recording | None:
        """GET /Recordings/{RecordingSid}"""
        fetch = self._account.client.recordings(recording).fetch
        found = self._account.ask("the recording could not be fetched", fetch)
        return None if found is None or str(found.status) not in RECORDINGS else _read(found)

    def media(self, recording: str) -> bytes | None:
        """GET /Recordings/{RecordingSid}.wav"""
        return self._account.media(_file(recording))

    def sound(self, recording: str, first: int = 0, last: int | None = None) -> Sound | None:
        """GET /Recordings/{RecordingSid}.wav, a range of it"""
        return self._account.sound(_file(recording), first, last)

    def delete(self, recording: str) -> Done:
        """DELETE /Recordings/{RecordingSid}"""
        return self._account.change("the recording was not deleted", self._account.client.recordings(recording).delete)

    def _turn(self, call: str, recording: str, status: str, wanted: RecordingStatus, **more: Any) -> Done:
        """Change the status; Twilio refuses a change to the status it has already, which counts as done."""
        update = self._account.client.calls(call).recordings(recording).update
        try:
            return self._account.change("the recording was not changed", lambda: update(status=status, **more))
        except ProviderError as error:
            if getattr(error.__cause__, "code", None) != NOT_ACTIONABLE:
                raise
            now = self.find(recording)
            if now is not None and now.status == wanted:
                return "done"
            if now is None or now.status not in ("running", "paused"):
                return "gone"
            raise


def _file(recording: str) -> str:
    return f"Recordings/{recording}.wav?RequestedChannels=2"


def _read(found: Any) -> Recording:
    status = RECORDINGS[str(found.status)]
    seconds = int(found.duration) if status == "ready" and str(found.duration or "").isdecimal() else 0
    return Recording(str(found.sid), str(found.call_sid), status, int(found.channels or 1), seconds)
