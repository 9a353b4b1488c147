"""Webhooks of a carillon: JSON, under a seal that bears its time."""

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from ivr.foundation.errors import WebhookRefused
from ivr.telephony.notifications import (
    OVER,
    CallNotification,
    CallStatus,
    ConferenceEvent,
    ConferenceNotification,
    Notification,
    RecordingNotification,
)
from ivr.telephony.webhooks import WITHHELD, WRONG_KEY, Caller, QueueExit, Webhook
from tests.fakes.carillon.signing import seal

CALLS: Mapping[str, CallStatus] = {
    "alerting": "ringing", "up": "talking", "finished": "ended", "engaged": "busy", "unanswered": "no_answer",
    "withdrawn": "cancelled",
}  # fmt: skip
ROOMS: Mapping[str, ConferenceEvent] = {"came": "joined", "went": "left", "shut": "ended"}
NOBODY = "leg-000000000000"

QUEUE_EXITS: Mapping[str, QueueExit] = {
    "picked_up": "answered", "sent_out": "left", "dropped": "hung_up", "no_room": "full", "broken": "failed",
}  # fmt: skip
KEYS = re.compile(r"[0-9*#]{0,32}", re.ASCII)
LEG = re.compile(r"leg-[0-9a-f]{12}", re.ASCII)


class SealedWebhooks:
    """Reads what a carillon of this key sends."""

    def __init__(self, key: str, secret: str) -> None:
        self._key, self._secret = key, secret

    def read(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Webhook:
        """The seal first, then the words."""
        return _form(self._sealed(url, body, environ))

    def read_notification(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Notification:
        """What happened to a leg, in a room, or to a tape."""
        told = self._sealed(url, body, environ)
        if told["what"] == "room":
            return ConferenceNotification(told["room"], told["name"], ROOMS[told["deed"]], told["leg"], told["tag"])
        if told["what"] == "tape":
            return RecordingNotification(told["tape"], told["leg"], "ready", told["length"])
        return CallNotification(told["leg"], CALLS[told["state"]])

    def _sealed(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Mapping[str, Any]:
        given = environ.get("HTTP_CARILLON_SEAL", "")
        at = re.match(r"at=([0-9]{1,12});", given, re.ASCII)
        if at is None or not hmac.compare_digest(seal(self._secret, int(at[1]), url, body), given):
            raise WebhookRefused("the seal does not fit")
        told: Mapping[str, Any] = json.loads(body)
        if told["key"] != self._key or not LEG.fullmatch(told["leg"] or NOBODY):
            raise WebhookRefused("another one's webhook")
        return told

    def failed_url(self, fields: Mapping[str, str]) -> str:
        """A carillon asks for no fallback."""
        del fields
        return ""


def _form(told: Mapping[str, Any]) -> Webhook:
    keys = str(told.get("keys", ""))
    return Webhook(
        told["leg"],
        _caller(told["peer"]),
        is_final=CALLS[told["state"]] in OVER,
        digits=keys if KEYS.fullmatch(keys) else WRONG_KEY,
        speech=told.get("words", ""),
        queue_exit=QUEUE_EXITS.get(told["outcome"], "failed") if told["what"] == "left_line" else None,
        confidence=told["sure"] / 100 if "sure" in told else None,
        queue_id=told.get("line", ""),
        queue_seconds=told.get("waited"),
        recording=(told["tape"], told["sound"], told["length"]) if told["what"] == "message" else None,
    )


def _caller(peer: str) -> Caller:
    kind, _, name = peer.partition(":")
    if kind == "tel":
        return Caller(name)
    return Caller(None, peer) if kind == "desk" else WITHHELD
