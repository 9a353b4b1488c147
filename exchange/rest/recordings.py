"""The Recordings resource: list, fetch, play, delete; pause and stop on a live call."""

from flask import Response, request

from exchange import media
from exchange.callbacks import status_callback_plan
from exchange.clock import rfc2822
from exchange.parameters import API_VERSION
from exchange.recordings import LIVE, Recording
from exchange.rest import shapes
from exchange.rest.calls import find_leg
from exchange.rest.refusals import invalid, invalid_parameter, not_found
from exchange.rest.routes import Routes
from exchange.switchboard import Switchboard

CURRENT = "Twilio.CURRENT"


class Recordings:
    """/Recordings and /Calls/{CallSid}/Recordings"""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def mount(self, routes: Routes) -> None:
        routes.add("/Recordings.json", self.list)
        routes.add("/Recordings/<sid>.json", self.fetch)
        routes.add("/Recordings/<sid>.json", self.delete, "DELETE")
        routes.add("/Recordings/<sid>.wav", self.hear)
        routes.add("/Recordings/<sid>", self.hear)
        routes.add("/Calls/<call>/Recordings.json", self.list_of_call)
        routes.add("/Calls/<call>/Recordings.json", self.start, "POST")
        routes.add("/Calls/<call>/Recordings/<sid>.json", self.fetch_of_call)
        routes.add("/Calls/<call>/Recordings/<sid>.json", self.update, "POST")
        routes.add("/Calls/<call>/Recordings/<sid>.json", self.delete_of_call, "DELETE")

    def list(self) -> shapes.JsonObject:
        """Newest first; filters CallSid and DateCreated."""
        return shapes.search(
            "recordings",
            self._board.recordings.find,
            self._write,
            named={"CallSid": lambda each: each.leg.sid},
            dated={"DateCreated": lambda each: each.started_at},
        )

    def list_of_call(self, call: str) -> shapes.JsonObject:
        leg = find_leg(self._board, call)
        return shapes.listing("recordings", self._board.recordings.find(lambda each: each.leg is leg), self._write)

    def fetch(self, sid: str) -> shapes.JsonObject:
        return self._write(self._recording(sid))

    def fetch_of_call(self, call: str, sid: str) -> shapes.JsonObject:
        return self._write(self._recording(sid, call))

    def hear(self, sid: str) -> Response:
        """A WAV file; 404 until the recording is completed."""
        recording = self._recording(sid)
        if recording.status in LIVE:
            raise not_found(f"/Recordings/{sid}.wav")
        answer = Response(media.silence(recording.seconds, recording.channels), mimetype="audio/x-wav")
        answer.content_length = media.wav_bytes(recording.seconds, recording.channels)
        return answer

    def delete(self, sid: str) -> tuple[str, int]:
        return self._delete(self._recording(sid))

    def delete_of_call(self, call: str, sid: str) -> tuple[str, int]:
        return self._delete(self._recording(sid, call))

    def start(self, call: str) -> tuple[shapes.JsonObject, int]:
        """Records a call in progress, mono unless RecordingChannels is dual."""
        leg, form = find_leg(self._board, call), request.form
        if leg.status != "in-progress":
            raise invalid(21220, "Requested resource is not eligible for recording")
        channels = 2 if form.get("RecordingChannels") == "dual" else 1
        reports = status_callback_plan(
            shapes.url(form, "RecordingStatusCallback"),
            shapes.method(form, "RecordingStatusCallbackMethod"),
            " ".join(form.getlist("RecordingStatusCallbackEvent")).split(),
        )
        started = self._board.recordings.start(leg, "StartCallRecordingAPI", self._board.base_url, channels, reports)
        return self._write(started), 201

    def update(self, call: str, sid: str) -> shapes.JsonObject:
        """paused (PauseBehavior skip or silence), in-progress, or stopped."""
        recording, status = self._recording(sid, call), request.form.get("Status", "")
        if status not in ("paused", "in-progress", "stopped"):
            raise invalid_parameter("Status")
        keeps_time = request.form.get("PauseBehavior", "silence") != "skip"
        if not self._board.recordings.change(recording, status, keeps_time):
            raise invalid(16114, "The recording is not in a state in which it can be changed.")
        return self._write(recording)

    def _recording(self, sid: str, call: str | None = None) -> Recording:
        if sid == CURRENT:
            live = self._board.recordings.find(lambda each: each.leg.sid == call and each.status in LIVE)
            found = live[0] if live else None
        else:
            found = self._board.recordings.get(sid)
        if found is None or call not in (None, found.leg.sid):
            raise not_found(f"/Recordings/{sid}")
        return found

    def _delete(self, recording: Recording) -> tuple[str, int]:
        if not self._board.recordings.delete(recording):
            raise invalid(16114, "The recording is still being made.")
        return "", 204

    def _write(self, recording: Recording) -> shapes.JsonObject:
        account = self._board.settings.account_sid
        uri = f"/{API_VERSION}/Accounts/{account}/Recordings/{recording.sid}.json"
        return {
            "sid": recording.sid,
            "account_sid": account,
            "api_version": API_VERSION,
            "call_sid": recording.leg.sid,
            "conference_sid": None,
            "status": recording.status,
            "source": recording.source,
            "channels": recording.channels,
            "track": recording.track,
            "duration": str(recording.seconds if recording.status not in LIVE else -1),
            "start_time": rfc2822(recording.started_at),
            "date_created": rfc2822(recording.started_at),
            "date_updated": rfc2822(recording.updated_at),
            "media_url": recording.url,
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "encryption_details": None,
            "uri": uri,
            "subresource_uris": {},
        }
