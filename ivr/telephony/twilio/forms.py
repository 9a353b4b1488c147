"""Parse and validate a webhook's form: required fields, repeated fields, and the syntax of each field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ivr.foundation.errors import WebhookRefused
from ivr.telephony.notifications import CallNotification, ConferenceNotification, Notification, RecordingNotification
from ivr.telephony.twilio import signature
from ivr.telephony.twilio.callers import read_caller
from ivr.telephony.twilio.words import CALLS, CONFERENCE_EVENTS, FINAL, QUEUE_EXITS, RECORDINGS
from ivr.telephony.webhooks import WRONG_KEY, Webhook

FORM_TYPE = "application/x-www-form-urlencoded"
MAX_FIELDS = 200
MAX_SPEECH = 500
_CONFIDENCE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?|\.[0-9]{1,20}", re.ASCII)
CALL_IDS = {  # the form of a CallSid, by the name that config.yaml gives it
    "twilio": re.compile(r"CA[0-9a-f]{32}", re.ASCII),
    "any": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,47}", re.ASCII),
}
_DIGITS = re.compile(r"[0-9*#]{0,32}", re.ASCII)
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # it becomes part of a path of the REST API
_NAMED = ("CallSid", "ConferenceSid", "RecordingSid")
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)
_ADDRESS = re.compile(r"https?://[\w.:/~%-]{1,300}", re.ASCII)
_HIDES_SEPARATOR = re.compile(r"\0|%00|%3[dD]")  # would be taken for a separator after unquoting
_ONCE = ("CallSid", "AccountSid")
_AT_MOST_ONCE = (
    "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence", "QueueResult", "QueuePosition", "QueueTime",
    "QueueSid", "RecordingSid", "RecordingUrl", "RecordingDuration",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormRules:
    """Which webhooks are accepted: account, CallSid format (a key of `CALL_IDS`), trusted hosts of SIP numbers."""

    account: str
    call_ids: str = "twilio"
    trusted_sip_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignedForms:
    """Reads Twilio's webhooks: forms signed with the account's token."""

    rules: FormRules
    token: str

    def read(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Webhook:
        """Verify and parse a webhook; raises `WebhookRefused`."""
        return read_form(self._signed(url, body, environ), self.rules)

    def read_notification(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Notification:
        """Verify and parse a status callback of a call, a conference or a recording; raises `WebhookRefused`."""
        return read_notification(self._signed(url, body, environ), self.rules)

    def _signed(self, url: str, body: bytes, environ: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM_TYPE:
            raise WebhookRefused("not a form")
        pairs = read_pairs(body)
        if not signature.is_valid(self.token, url, pairs, environ.get("HTTP_X_TWILIO_SIGNATURE", "")):
            raise WebhookRefused("the signature does not fit")
        return pairs

    def failed_url(self, fields: Mapping[str, str]) -> str:
        """The URL that failed, from a request for the fallback."""
        return fields.get("ErrorUrl", "")


def read_pairs(body: bytes) -> tuple[tuple[str, str], ...]:
    """The form's names and values as signed; raises `WebhookRefused` for a malformed body.

    Same result as `urllib.parse.parse_qsl` with blank values kept, in a tenth of its time.
    """
    try:
        text = body.decode("ascii")
        if text.count("&") >= MAX_FIELDS:
            raise WebhookRefused("too many fields")
        if _HIDES_SEPARATOR.search(text) is not None:
            return tuple([_pair(part) for part in text.split("&") if part])
        whole = unquote_plus(text.replace("&", "\0"), errors="strict")
    except UnicodeDecodeError as error:
        raise WebhookRefused("the body is no form") from error
    return tuple([(part[0], part[2]) for each in whole.split("\0") if each and (part := each.partition("="))])


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")


def read_form(pairs: tuple[tuple[str, str], ...], rules: FormRules) -> Webhook:
    """Parse the fields, each given once and well formed; raises `WebhookRefused`.

    Keys that no telephone has, and too many keys, count as a wrong answer of the caller.
    """
    fields = dict(pairs)
    if len(fields) != len(pairs):
        _refuse_repeated(pairs)
    if not min(fields, default="").isidentifier():  # part of the path moved into the form keeps the signature valid
        raise WebhookRefused("the first field has an invalid name")
    if any(name not in fields for name in _ONCE):
        raise WebhookRefused("CallSid and AccountSid are required")
    if fields["AccountSid"] != rules.account:
        raise WebhookRefused("another account's webhook")
    if not CALL_IDS[rules.call_ids].fullmatch(fields["CallSid"]):
        raise WebhookRefused("CallSid is malformed")
    digits, speech, sid, waited = (fields.get(name, "") for name in ("Digits", "SpeechResult", "QueueSid", "QueueTime"))
    queue_exit = fields.get("QueueResult", "")
    return Webhook(
        fields["CallSid"],
        read_caller(fields.get("From", ""), rules.trusted_sip_hosts),
        fields.get("CallStatus", "") in FINAL,
        digits if _DIGITS.fullmatch(digits) else WRONG_KEY,
        speech[:MAX_SPEECH].strip(),
        QUEUE_EXITS.get(queue_exit, "failed") if queue_exit else None,
        _confidence(fields.get("Confidence", "")),
        queue_id=sid if sid and _SID.fullmatch(sid) else "",
        queue_seconds=int(waited) if waited and _SECONDS.fullmatch(waited) else None,
        recording=_recording(fields) if "RecordingSid" in fields else None,
    )


def _recording(fields: Mapping[str, str]) -> tuple[str, str, int] | None:
    """A recorded message; None when its id, URL or duration is missing or malformed."""
    sid, url, seconds = (fields.get(f"Recording{word}", "") for word in ("Sid", "Url", "Duration"))
    whole = _SID.fullmatch(sid) and _ADDRESS.fullmatch(url) and _SECONDS.fullmatch(seconds)
    return (sid, url, int(seconds)) if whole else None


def _confidence(text: str) -> float | None:
    """The recogniser's confidence; None, which counts as lowest, when it is missing or not between 0 and 1."""
    confidence = float(text) if text and _CONFIDENCE.fullmatch(text) else None
    return confidence if confidence is not None and confidence <= 1 else None


def _refuse_repeated(pairs: tuple[tuple[str, str], ...]) -> None:
    names = [name for name, _ in pairs]
    for name in (*_ONCE, *_AT_MOST_ONCE):
        if names.count(name) > 1:
            raise WebhookRefused(f"{name} is given more than once")


def read_notification(pairs: tuple[tuple[str, str], ...], rules: FormRules) -> Notification:
    """Parse a status callback; raises `WebhookRefused` when it is unknown, malformed, or of another account."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        _refuse_repeated(pairs)
    if fields.get("AccountSid") != rules.account:
        raise WebhookRefused("another account's webhook")
    if not all(_SID.fullmatch(fields[name]) for name in _NAMED if name in fields):
        raise WebhookRefused("a sid is malformed")
    try:
        return _notification(fields)
    except KeyError as error:
        raise WebhookRefused("an unknown or malformed status callback") from error


def _notification(fields: Mapping[str, str]) -> Notification:
    call, sequence = fields.get("CallSid", ""), fields.get("SequenceNumber", "")
    order = int(sequence) if _SECONDS.fullmatch(sequence) else None
    if "RecordingSid" in fields:
        seconds = fields.get("RecordingDuration", "")
        return RecordingNotification(
            fields["RecordingSid"], call, RECORDINGS[fields["RecordingStatus"]],
            int(seconds) if _SECONDS.fullmatch(seconds) else 0,
        )  # fmt: skip
    if "ConferenceSid" in fields:
        event = CONFERENCE_EVENTS[fields["StatusCallbackEvent"]]
        label = fields.get("ParticipantLabel", "")
        return ConferenceNotification(
            fields["ConferenceSid"], fields.get("FriendlyName", ""), event, call, label, order
        )
    return CallNotification(fields["CallSid"], CALLS[fields["CallStatus"]], order)
