"""Twilio's REST API through its own client, at its own address or at another one; its errors in words of the port."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3 import PoolManager

from ivr.foundation.deadline import CancellableRequest, DeadlineExecutor, make_cancellable
from ivr.foundation.errors import ProviderError, ProviderFault
from ivr.telephony.provider import Done

MEDIA_SECONDS = 30.0
MEDIA_BYTES = 500_000_000  # a call of four hours on two channels, 8 kHz and 16 bit, has 461 MB
AT_ONCE = 8
API = "https://api.twilio.com/2010-04-01"
NOT_FOUND, TOO_MANY, LEAST_SERVER_FAULT = 404, 429, 500
NOT_IN_PROGRESS = 21220  # a call that has ended, or was not answered yet


class _Cuttable(HTTPAdapter):
    """Connections that a deadline can cut, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        make_cancellable(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        make_cancellable(manager)
        return manager


class _Http(TwilioHttpClient):
    """Sends every request to another scheme and host, path and query unchanged, and bounds it as a whole."""

    def __init__(self, base: str, seconds: float) -> None:
        super().__init__(pool_connections=True, timeout=seconds)
        self.seconds = seconds
        self._base = urlsplit(base)
        self._deadlines = DeadlineExecutor(AT_ONCE)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _Cuttable(pool_maxsize=AT_ONCE))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """The client's request with the host exchanged; TimeoutError where it took too long."""
        ask = super().request

        def exchange(_: CancellableRequest) -> Any:
            return ask(method, self.rebased(url), *args, **kwargs)

        return self._deadlines.run(exchange, self.seconds)

    def media(self, url: str, auth: tuple[str, str], seconds: float) -> tuple[int, bytes]:
        """Status and body of a file; TimeoutError where it took too long, ValueError where it is too large."""

        def exchange(_: CancellableRequest) -> tuple[int, bytes]:
            with self.session.get(self.rebased(url), auth=auth, stream=True, timeout=seconds) as answer:
                return answer.status_code, _whole(answer)

        return self._deadlines.run(exchange, seconds)

    def rebased(self, url: str) -> str:
        """Where a URL of Twilio's API is asked for."""
        if not self._base.netloc:
            return url
        parts = urlsplit(url)
        path = self._base.path.rstrip("/") + parts.path
        return urlunsplit(parts._replace(scheme=self._base.scheme, netloc=self._base.netloc, path=path))


def _whole(answer: requests.Response) -> bytes:
    body = bytearray()
    for piece in answer.iter_content(65_536):
        body += piece
        if len(body) > MEDIA_BYTES:
            raise ValueError("the file is too large")
    return bytes(body)


class Account:
    """One account and the number that its texts and calls leave from; shared by the threads of a process."""

    def __init__(self, sid: str, token: str, hotline: str, base: str = "", seconds: float = 7.0) -> None:
        self.hotline = hotline
        self._sid, self._token = sid, token
        self._http = _Http(base, seconds)

    @cached_property
    def client(self) -> Client:
        """Twilio's own client; raises where there are no credentials."""
        return Client(self._sid, self._token, http_client=self._http)

    def change(self, what: str, act: Callable[[], object], *gone: int) -> Done:
        """Do what changes something; "gone" where Twilio does not know it, or answers with one of these codes."""
        return "gone" if self.ask(what, act, *gone) is None else "done"

    def must(self, what: str, act: Callable[[], Any]) -> Any:
        """What Twilio answers. Raises `ProviderError`."""
        with translated(what):
            return act()

    def ask(self, what: str, act: Callable[[], Any], *gone: int) -> Any:
        """What Twilio answers; None where it does not know what is asked about. Raises `ProviderError`."""
        try:
            with translated(what):
                return act()
        except ProviderError as error:
            cause = error.__cause__
            if _status(cause) == NOT_FOUND or getattr(cause, "code", None) in gone:
                return None
            raise

    def media(self, path: str) -> bytes | None:
        """A file below the account; None where there is none (yet)."""
        with translated("the recording could not be fetched"):
            url = f"{API}/Accounts/{self._sid}/{path}"
            status, body = self._http.media(url, (self._sid, self._token), MEDIA_SECONDS)
        if status == NOT_FOUND:
            return None
        if status != requests.codes.ok:
            raise ProviderError(f"the recording could not be fetched: {status}", _kind(status))
        return body


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Every failure as a `ProviderError` that tells `what` and why, and nothing of the request."""
    try:
        yield
    except TwilioException as error:
        status = _status(error)
        reason = type(error).__name__ if status is None else f"{status} ({getattr(error, 'code', '')})"
        raise ProviderError(f"{what}: {reason}", "refused" if status is None else _kind(status)) from error
    except (requests.ConnectionError, requests.ConnectTimeout) as error:
        raise ProviderError(f"{what}: {type(error).__name__}", _kind_of_break(error)) from error
    except (requests.RequestException, TimeoutError, ValueError) as error:
        raise ProviderError(f"{what}: {type(error).__name__}", "unknown") from error


def _status(error: BaseException | None) -> int | None:
    """The HTTP status behind an error of Twilio's client; one of a list holds the whole response instead."""
    response = error.args[1] if error is not None and len(error.args) > 1 else None
    status = getattr(error, "status", getattr(response, "status_code", None))
    return status if isinstance(status, int) else None


def _kind(status: int) -> ProviderFault:
    if status == TOO_MANY:
        return "busy"
    return "unknown" if status >= LEAST_SERVER_FAULT else "refused"


def _kind_of_break(error: requests.RequestException) -> ProviderFault:
    """A connection that was never made carried nothing; one that broke may have."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    never = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError", "ProxyError")
    return "unreachable" if type(reason).__name__ in never else "unknown"
