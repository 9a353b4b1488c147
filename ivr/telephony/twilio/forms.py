"""A webhook's form, checked to the letter: what is in it exactly once, and what its fields may look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from ivr.foundation.errors import WebhookRefused
from ivr.telephony.forms import WRONG_KEY, Departure, Form
from ivr.telephony.twilio import signature
from ivr.telephony.twilio.callers import read_caller

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
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)
_HIDES_SEPARATOR = re.compile(r"\0|%00|%3[dD]")  # unquoted it would be taken for one
_ONCE = ("CallSid", "AccountSid")
_AT_MOST_ONCE = (
    "From", "To", "CallStatus", "Digits", "SpeechResult", "Confidence", "QueueResult", "QueuePosition", "QueueTime",
    "QueueSid",
)  # fmt: skip
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
DEPARTURES: Mapping[str, Departure] = {  # by QueueResult (twilio.md 2.3); whatever else is said, nobody answered
    "bridged": "answered",
    "redirected": "answered",
    "redirected-from-bridged": "answered",
    "leave": "left",
    "hangup": "hung_up",
    "queue-full": "full",
}


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
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != FORM_TYPE:
            raise WebhookRefused("not a form")
        pairs = read_pairs(body)
        if not signature.is_valid(self.token, url, pairs, environ.get("HTTP_X_TWILIO_SIGNATURE", "")):
            raise WebhookRefused("the signature does not fit")
        return read_form(pairs, self.rules)

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
    )


def _confidence(text: str) -> float | None:
    """The recogniser's confidence; None, which counts as the lowest, where it is missing or no number from 0 to 1."""
    confidence = float(text) if text and _CONFIDENCE.fullmatch(text) else None
    return confidence if confidence is not None and confidence <= 1 else None


def _refuse_repeated(pairs: tuple[tuple[str, str], ...]) -> None:
    names = [name for name, _ in pairs]
    for name in (*_ONCE, *_AT_MOST_ONCE):
        if names.count(name) > 1:
            raise WebhookRefused(f"{name} is given more than once")
