"""Webhooks of a provider in the product's terms: calling number, keyed digits, speech, queue result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from ivr.engine.events import CallStarted, DigitsPressed, Input, MessageRecorded, NothingHeard, SpeechHeard
from ivr.telephony.notifications import Notification

MAX_BODY = 65_536  # bytes of a webhook
WRONG_KEY = "?"  # replaces keys that no telephone has; it matches no question

QueueExit = Literal["answered", "left", "hung_up", "full", "failed"]
"""How a caller left a queue: answered by an agent, sent out by the product, hung up, the queue was full, or a
failure."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The calling party: a hint, never a proof. `number` is E.164 or None.

    `address` distinguishes callers without a number; it is empty when the number is withheld.
    """

    number: str | None = None
    address: str = ""


WITHHELD = Caller()


@dataclass(frozen=True, slots=True)
class Webhook:
    """One verified webhook. `is_final`: the call is over. `confidence` is 0 to 1, None when unknown.

    `queue_exit` is set when a wait in a queue ended; `queue_seconds` is the waiting time measured by the provider,
    `queue_id` its id of the queue. `recording` is a recorded message: its id, its URL and its length in seconds.
    """

    call: str
    sender: Caller = WITHHELD
    is_final: bool = False
    digits: str = ""
    speech: str = ""
    queue_exit: QueueExit | None = None
    confidence: float | None = None
    queue_id: str = ""
    queue_seconds: int | None = None
    recording: tuple[str, str, int] | None = None

    @property
    def caller(self) -> str | None:
        """The calling number in E.164, a hint; None when there is none."""
        return self.sender.number

    def started(self, at: datetime) -> CallStarted:
        """The event of a new call."""
        return CallStarted(at, self.caller, self.sender.address)

    def answer(self, at: datetime) -> Input | MessageRecorded:
        """The event of the caller's input: a recording, digits, speech, or nothing."""
        if self.recording is not None:
            return MessageRecorded(at, *self.recording)
        if self.digits:
            return DigitsPressed(at, self.digits)
        if self.speech:
            return SpeechHeard(at, self.speech, self.confidence)
        return NothingHeard(at)


class Webhooks(Protocol):
    """Reads a provider's webhooks; verifies the signature before anything else."""

    def read(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Webhook:
        """Read the webhook sent to the public `url`, with headers from a WSGI environment.

        Raises `WebhookRefused` for a wrong signature or a malformed request.
        """
        ...

    def read_notification(self, url: str, body: bytes, environ: Mapping[str, Any]) -> Notification:
        """Read a webhook sent to a `notify_url`; raises `WebhookRefused` as `read` does."""
        ...

    def failed_url(self, fields: Mapping[str, str]) -> str:
        """The URL that failed, from an (unsigned) request for the fallback; empty when not given."""
        ...
