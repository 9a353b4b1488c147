"""A webhook's form, checked to the letter: what is in it exactly once, and what its fields may look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ivr.foundation.errors import WebhookRefused
from ivr.telephony.forms import WRONG_KEY, Form
from ivr.telephony.news import CallNews, ConferenceNews, News, RecordingNews
from ivr.telephony.twilio import signature
from ivr.telephony.twilio.callers import read_caller
from ivr.telephony.twilio.words import CALLS, CONFERENCE_EVENTS, DEPARTURES, FINAL, RECORDINGS

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
_HIDES_SEPARATOR = re.compile(r"\0|%00|%3[dD]")  # unquoted it would be taken for one
_ONCE = ("CallSid", "AccountSid")
_AT_MOST_ONCE = (
    "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence", "QueueResult", "QueuePosition", "QueueTime",
    "QueueSid", "RecordingSid", "RecordingUrl", "RecordingDuration",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormRules:
    """Whose webhooks are taken: the account, the form of a CallSid (a name of `CALL_IDS`), hosts of SIP numbers."""

    account: str
    call_ids: str = "twilio"
    trusted_sip_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignedForms:
    """Reads Twilio's webhooks: forms that the account's token signs."""

    rules: FormRules
    token: str

    def read(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Form:
        """A webhook that is signed, of our account, and well formed; raises `WebhookRefused`."""
        return read_form(self._signed(url, body, environ), self.rules)

    def news(self, url: str, body: bytes, environ: Mapping[str, Any]) -> News:
        """A status callback of a call, a conference or a recording; raises `WebhookRefused`."""
        return read_news(self._signed(url, body, environ), self.rules)

    def _signed(self, url: str, body: bytes, environ: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM_TYPE:
            raise WebhookRefused("not a form")
        pairs = read_pairs(body)
        if not signature.is_valid(self.token, url, pairs, environ.get("HTTP_X_TWILIO_SIGNATURE", "")):
            raise WebhookRefused("the signature does not fit")
        return pairs

    def failed_url(self, fields: Mapping[str, str]) -> str:
        """The URL whose document could not be had, in a request for the fallback."""
        return fields.get("ErrorUrl", "")


def read_pairs(body: bytes) -> tuple[tuple[str, str], ...]:
    """The form's names and values as signed; raises `WebhookRefused` where it is no form at all.

    What `urllib.parse.parse_qsl` gives with blank values kept, for a tenth of its time: the body is unquoted as one.
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


def read_form(pairs: tuple[tuple[str, str], ...], rules: FormRules) -> Form:
    """The fields, each seen once and of the right shape; raises `WebhookRefused`.

    Keys that no telephone has, and more of them than any question takes, are a wrong answer of the caller's.
    """
    fields = dict(pairs)
    if len(fields) != len(pairs):
        _refuse_repeated(pairs)
    if not min(fields, default="").isidentifier():  # the end of a path, moved into the form it is signed with
        raise WebhookRefused("the first field's name is none of the provider's")
    if any(name not in fields for name in _ONCE):
        raise WebhookRefused("CallSid and AccountSid are required")
    if fields["AccountSid"] != rules.account:
        raise WebhookRefused("another account's webhook")
    if not CALL_IDS[rules.call_ids].fullmatch(fields["CallSid"]):
        raise WebhookRefused("CallSid is malformed")
    digits, speech, sid, waited = (fields.get(name, "") for name in ("Digits", "SpeechResult", "QueueSid", "QueueTime"))
    departure = fields.get("QueueResult", "")
    return Form(
        fields["CallSid"],
        read_caller(fields.get("From", ""), rules.trusted_sip_hosts),
        fields.get("CallStatus", "") in FINAL,
        digits if _DIGITS.fullmatch(digits) else WRONG_KEY,
        speech[:MAX_SPEECH].strip(),
        DEPARTURES.get(departure, "failed") if departure else None,
        _confidence(fields.get("Confidence", "")),
        queue_id=sid if sid and _SID.fullmatch(sid) else "",
        queue_seconds=int(waited) if waited and _SECONDS.fullmatch(waited) else None,
        recording=_recording(fields) if "RecordingSid" in fields else None,
    )


def _recording(fields: Mapping[str, str]) -> tuple[str, str, int] | None:
    """A message that was recorded; None where it cannot be named, played or measured."""
    sid, url, seconds = (fields.get(f"Recording{word}", "") for word in ("Sid", "Url", "Duration"))
    whole = _SID.fullmatch(sid) and _ADDRESS.fullmatch(url) and _SECONDS.fullmatch(seconds)
    return (sid, url, int(seconds)) if whole else None


def _confidence(text: str) -> float | None:
    """The recogniser's confidence; None, which counts as the lowest, where it is missing or no number from 0 to 1."""
    confidence = float(text) if text and _CONFIDENCE.fullmatch(text) else None
    return confidence if confidence is not None and confidence <= 1 else None


def _refuse_repeated(pairs: tuple[tuple[str, str], ...]) -> None:
    names = [name for name, _ in pairs]
    for name in (*_ONCE, *_AT_MOST_ONCE):
        if names.count(name) > 1:
            raise WebhookRefused(f"{name} is given more than once")


def read_news(pairs: tuple[tuple[str, str], ...], rules: FormRules) -> News:
    """The news in a status callback; raises `WebhookRefused` where it is none, or of another account."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        _refuse_repeated(pairs)
    if fields.get("AccountSid") != rules.account:
        raise WebhookRefused("another account's webhook")
    if not all(_SID.fullmatch(fields[name]) for name in _NAMED if name in fields):
        raise WebhookRefused("a sid is malformed")
    try:
        return _news(fields)
    except KeyError as error:
        raise WebhookRefused("no news that is known") from error


def _news(fields: Mapping[str, str]) -> News:
    call, sequence = fields.get("CallSid", ""), fields.get("SequenceNumber", "")
    order = int(sequence) if _SECONDS.fullmatch(sequence) else None
    if "RecordingSid" in fields:
        seconds = fields.get("RecordingDuration", "")
        return RecordingNews(
            fields["RecordingSid"], call, RECORDINGS[fields["RecordingStatus"]],
            int(seconds) if _SECONDS.fullmatch(seconds) else 0,
        )  # fmt: skip
    if "ConferenceSid" in fields:
        event = CONFERENCE_EVENTS[fields["StatusCallbackEvent"]]
        label = fields.get("ParticipantLabel", "")
        return ConferenceNews(fields["ConferenceSid"], fields.get("FriendlyName", ""), event, call, label, order)
    return CallNews(fields["CallSid"], CALLS[fields["CallStatus"]], order)
