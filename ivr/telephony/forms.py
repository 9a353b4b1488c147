"""What a provider tells of a call, in words of the product: who calls, what was keyed or said, how a wait ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from ivr.engine.events import CallStarted, DigitsPressed, Input, MessageRecorded, NothingHeard, SpeechHeard
from ivr.telephony.news import News

MAX_BODY = 65_536  # bytes of a webhook
WRONG_KEY = "?"  # what an adapter makes of keys that no telephone has: it fits no question

Departure = Literal["answered", "left", "hung_up", "full", "failed"]
"""How a caller came out of a queue: an agent talked to them, the product sent them out, they hung up, the queue had no
room for them, or something broke."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a hint, never a proof. `number` is E.164 or None.

    `address` tells callers without a number apart; it is empty where the number is withheld.
    """

    number: str | None = None
    address: str = ""


WITHHELD = Caller()


@dataclass(frozen=True, slots=True)
class Form:
    """One webhook, read and believed. `is_final`: the call is over. `confidence` is 0 to 1, None where unknown.

    `departure` says how a stay in a queue ended, None in every other webhook; `queue_seconds` is how long the provider
    says that the caller waited, and `queue_id` its name for the queue. `recording` is a message that the caller left:
    its id, the address where it is heard, and its seconds.
    """

    call: str
    sender: Caller = WITHHELD
    is_final: bool = False
    digits: str = ""
    speech: str = ""
    departure: Departure | None = None
    confidence: float | None = None
    queue_id: str = ""
    queue_seconds: int | None = None
    recording: tuple[str, str, int] | None = None

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


class Webhooks(Protocol):
    """Reads a provider's webhooks; nothing of a request is believed before its signature fits."""

    def read(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Form:
        """The webhook that was sent to the public `url` with the headers of a WSGI environment.

        Raises `WebhookRefused` for what the provider did not sign, and for what is not well formed.
        """
        ...

    def news(self, url: str, body: bytes, environ: Mapping[str, Any]) -> News:
        """What a webhook tells that was sent to a `news_url`; raises `WebhookRefused` as `read` does."""
        ...

    def failed_url(self, fields: Mapping[str, str]) -> str:
        """The URL whose document could not be had, in a (never signed) request for the fallback; empty: not told."""
        ...
