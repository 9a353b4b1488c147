"""A webhook's form, checked to the letter: what is in it exactly once, and what its fields may look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

from ivr.engine.events import CallStarted, DigitsPressed, Input, MessageRecorded, NothingHeard, SpeechHeard
from ivr.foundation.errors import WebhookRefused
from ivr.telephony.callers import WITHHELD, Caller, read_caller

MAX_BODY = 65_536
MAX_FIELDS = 200
MAX_SPEECH = 500
_CONFIDENCE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?|\.[0-9]{1,20}", re.ASCII)
CALL_IDS = {  # the form of a CallSid, by the name that config.yaml gives it
    "twilio": re.compile(r"CA[0-9a-f]{32}", re.ASCII),
    "any": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,47}", re.ASCII),
}
WRONG_KEY = "?"  # what an engine sends besides the twelve keys fits no question
_DIGITS = re.compile(r"[0-9*#]{0,32}", re.ASCII)
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # it becomes part of a path of the REST API
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)
_ADDRESS = re.compile(r"https?://[\w.:/~%-]{1,300}", re.ASCII)
_HIDES_SEPARATOR = re.compile(r"\0|%00|%3[dD]")  # unquoted it would be taken for one
_ONCE = ("CallSid", "AccountSid")
_AT_MOST_ONCE = (
    "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence", "QueueResult", "QueuePosition", "QueueTime",
    "QueueSid", "RecordingSid", "RecordingUrl", "RecordingDuration",
)  # fmt: skip
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(frozen=True, slots=True)
class FormRules:
    """Whose webhooks are taken: the account, the form of a CallSid (a name of `CALL_IDS`), hosts of SIP numbers."""

    account: str
    call_ids: str = "twilio"
    trusted_sip_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a webhook that the product reads."""

    call: str
    sender: Caller = WITHHELD
    status: str = ""
    digits: str = ""
    speech: str = ""
    queue_result: str = ""
    confidence: float | None = None
    queue_sid: str = ""
    queue_seconds: int | None = None  # how long the provider says that the caller waited
    recording: tuple[str, str, int] | None = None  # of a message that the caller left: its id, address and seconds

    @property
    def is_final(self) -> bool:
        """True when the call is over."""
        return self.status in FINAL

    @property
    def caller(self) -> str | None:
        """The calling number, E.164: a hint, and None where there is none."""
        return self.sender.number

    def started(self, at: datetime) -> CallStarted:
        """The event of a new call."""
        return CallStarted(at, self.caller, self.sender.address)

    def answer(self, at: datetime) -> Input | MessageRecorded:
        """What the caller recorded, keyed or said, or that nothing came."""
        if self.recording is not None:
            return MessageRecorded(at, *self.recording)
        if self.digits:
            return DigitsPressed(at, self.digits)
        if self.speech:
            return SpeechHeard(at, self.speech, self.confidence)
        return NothingHeard(at)


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
    return Form(
        fields["CallSid"],
        read_caller(fields.get("From", ""), rules.trusted_sip_hosts),
        fields.get("CallStatus", ""),
        digits if _DIGITS.fullmatch(digits) else WRONG_KEY,
        speech[:MAX_SPEECH].strip(),
        fields.get("QueueResult", ""),
        _confidence(fields.get("Confidence", "")),
        queue_sid=sid if sid and _SID.fullmatch(sid) else "",
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
