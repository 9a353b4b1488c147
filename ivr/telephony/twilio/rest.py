"""The provider's REST API through its own client, at its own address or at another one (TWILIO_API_URL)."""

from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ivr.foundation.errors import ProviderError
from ivr.telephony.twilio.forms import FINAL

TIMEOUT_SECONDS = 7  # to connect, and for each read: asking after a text and sending it end within its lease
UNKNOWN = 404


class _Rebased(TwilioHttpClient):
    """Sends every request to another scheme and host, path and query unchanged."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=True, timeout=TIMEOUT_SECONDS)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """The client's request with the host exchanged."""
        if self._base.netloc:
            parts = urlsplit(url)
            path = self._base.path.rstrip("/") + parts.path
            url = urlunsplit(parts._replace(scheme=self._base.scheme, netloc=self._base.netloc, path=path))
        return super().request(method, url, *args, **kwargs)


class Provider:
    """Sends texts, asks after calls and queues. Every failure is a `ProviderError`; what was sent can be asked for."""

    def __init__(self, account_sid: str, auth_token: str, hotline: str, base: str = "") -> None:
        self._client = Client(account_sid, auth_token, http_client=_Rebased(base))
        self._hotline = hotline

    def send_text(self, to: str, body: str) -> str:
        """Send a text and return the provider's sid for it."""
        try:
            message = self._client.messages.create(to=to, from_=self._hotline, body=body)
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise ProviderError(f"the text was not taken: {type(error).__name__}") from error
        return str(message.sid)

    def find_text(self, to: str, body: str, since: datetime) -> str | None:
        """The sid of a text with this body sent to a number since then, or None."""
        try:
            messages = self._client.messages.list(to=to, from_=self._hotline, date_sent_after=since, limit=200)
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise ProviderError(f"the texts could not be listed: {type(error).__name__}") from error
        return next((str(m.sid) for m in messages if m.body == body), None)

    def whereabouts(self, call: str, queue_sid: str) -> Literal["waiting", "elsewhere", "over"]:
        """Whether a call waits in this queue, goes on elsewhere, or is over. The queue is asked first: who leaves it
        in between is found elsewhere, or over.
        """
        try:
            self._client.queues(queue_sid).members(call).fetch()
        except TwilioRestException as error:
            if error.status != UNKNOWN:
                raise ProviderError(f"the queue could not be asked: {error.status}") from error
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise ProviderError(f"the queue could not be asked: {type(error).__name__}") from error
        else:
            return "waiting"
        return "over" if self.is_over(call) else "elsewhere"

    def is_over(self, call: str) -> bool:
        """True where a call has ended, or the provider knows no such call."""
        try:
            return str(self._client.calls(call).fetch().status) in FINAL
        except TwilioRestException as error:
            if error.status == UNKNOWN:
                return True
            raise ProviderError(f"the call could not be asked after: {error.status}") from error
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise ProviderError(f"the call could not be asked after: {type(error).__name__}") from error
