"""Maps Twilio's words for statuses, events and results to the port's."""

from collections.abc import Mapping

from ivr.telephony.notifications import OVER, CallStatus, ConferenceEvent, RecordingStatus
from ivr.telephony.provider import TextStatus
from ivr.telephony.webhooks import QueueExit

CALLS: Mapping[str, CallStatus] = {
    "queued": "queued", "initiated": "queued", "ringing": "ringing", "in-progress": "talking", "completed": "ended",
    "busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "cancelled",
}  # fmt: skip
FINAL = frozenset(status for status, ours in CALLS.items() if ours in OVER)
RECORDINGS: Mapping[str, RecordingStatus] = {
    "in-progress": "running", "paused": "paused", "stopped": "processing", "processing": "processing",
    "completed": "ready", "absent": "absent", "failed": "absent",
}  # fmt: skip
TEXTS: Mapping[str, TextStatus] = {
    "accepted": "queued", "scheduled": "queued", "queued": "queued", "sending": "queued", "sent": "sent",
    "delivered": "delivered", "read": "delivered", "undelivered": "failed", "failed": "failed", "canceled": "failed",
}  # fmt: skip
CONFERENCES_RUNNING = ("init", "in-progress")
CONFERENCE_EVENTS: Mapping[str, ConferenceEvent] = {
    "conference-start": "began", "conference-end": "ended", "participant-join": "joined", "participant-leave": "left",
    "participant-mute": "muted", "participant-unmute": "unmuted", "participant-hold": "held",
    "participant-unhold": "retrieved", "participant-modify": "changed", "announcement-end": "announced",
}  # fmt: skip
QUEUE_EXITS: Mapping[str, QueueExit] = {  # by Twilio's value; all others count as "failed"
    "bridged": "answered", "redirected": "answered", "redirected-from-bridged": "answered", "leave": "left",
    "hangup": "hung_up", "queue-full": "full",
}  # fmt: skip
