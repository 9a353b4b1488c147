"""Twilio's REST API through Twilio's client, with a configurable base URL; errors become `ProviderError`."""

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
from ivr.telephony.provider import Done, Sound
from ivr.telephony.twilio.rest.ranges import part_of, span

MEDIA_SECONDS = 30.0
MEDIA_BYTES = 500_000_000  # a call of four hours on two channels, 8 kHz and 16 bit, has 461 MB
AT_ONCE = 8
API = "https://api.twilio.com/2010-04-01"
NOT_FOUND, TOO_MANY, LEAST_SERVER_FAULT = 404, 429, 500
NOT_IN_PROGRESS = 21220  # the call has ended or was not answered yet


class _Cuttable(HTTPAdapter):
    """Connections that a deadline can cut, also through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        make_cancellable(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        make_cancellable(manager)
        return manager


class _Http(TwilioHttpClient):
    """Sends every request to the configured scheme and host, path and query unchanged, with an overall deadline."""

    def __init__(self, base: str, seconds: float) -> None:
        super().__init__(pool_connections=True, timeout=seconds)
        self.seconds = seconds
        self._base = urlsplit(base)
        self._deadlines = DeadlineExecutor(AT_ONCE)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, _Cuttable(pool_maxsize=AT_ONCE))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send the request to the configured host; TimeoutError after the deadline."""
        ask = super().request

        def exchange(_: CancellableRequest) -> Any:
            return ask(method, self.rebased(url), *args, **kwargs)

        return self._deadlines.run(exchange, self.seconds)

    def media(self, url: str, auth: tuple[str, str], seconds: float) -> tuple[int, bytes]:
        """Status and body of a file; TimeoutError after the deadline, ValueError when it is too large."""

        def exchange(_: CancellableRequest) -> tuple[int, bytes]:
            with self.session.get(self.rebased(url), auth=auth, stream=True, timeout=seconds) as answer:
                return answer.status_code, _whole(answer)

        return self._deadlines.run(exchange, seconds)

    def opened(self, url: str, auth: tuple[str, str], wanted: str, seconds: float) -> requests.Response:
        """A range of a file, whose body has not been read; each silence of the line is bounded, not the whole."""
        headers = {"Range": wanted, "Accept-Encoding": "identity"}
        answer: requests.Response = self.session.get(
            self.rebased(url), auth=auth, headers=headers, stream=True, timeout=seconds
        )
        return answer

    def rebased(self, url: str) -> str:
        """A URL of Twilio's API with the configured scheme and host."""
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


class TwilioAccount:
    """One account and the sender number of its texts and calls; shared by the threads of a process."""

    def __init__(self, sid: str, token: str, hotline: str, base: str = "", seconds: float = 7.0) -> None:
        self.hotline = hotline
        self._sid, self._token = sid, token
        self._http = _Http(base, seconds)

    @cached_property
    def client(self) -> Client:
        """Twilio's client; raises without credentials."""
        return Client(self._sid, self._token, http_client=self._http)

    def change(self, what: str, act: Callable[[], object], *gone: int) -> Done:
        """Run a change; "gone" for a 404 or one of these error codes. Raises `ProviderError`."""
        return "gone" if self.ask(what, act, *gone) is None else "done"

    def must(self, what: str, act: Callable[[], Any]) -> Any:
        """Run a request and return its result. Raises `ProviderError`."""
        with translated(what):
            return act()

    def ask(self, what: str, act: Callable[[], Any], *gone: int) -> Any:
        """Run a query and return its result; None for a 404 or one of these error codes. Raises `ProviderError`."""
        try:
            with translated(what):
                return act()
        except ProviderError as error:
            cause = error.__cause__
            if _status(cause) == NOT_FOUND or getattr(cause, "code", None) in gone:
                return None
            raise

    def media(self, path: str) -> bytes | None:
        """A file below the account; None when there is none (yet)."""
        with translated("the recording could not be fetched"):
            url = f"{API}/Accounts/{self._sid}/{path}"
            status, body = self._http.media(url, (self._sid, self._token), MEDIA_SECONDS)
        if status == NOT_FOUND:
            return None
        if status != requests.codes.ok:
            raise ProviderError(f"the recording could not be fetched: {status}", _kind(status))
        return body

    def sound(self, path: str, first: int, last: int | None) -> Sound | None:
        """A part of a file below the account, as it comes; None where there is none (yet)."""
        with translated("the recording could not be fetched"):
            url = f"{API}/Accounts/{self._sid}/{path}"
            answer = self._http.opened(url, (self._sid, self._token), span(first, last), self._http.seconds)
        if answer.status_code in (requests.codes.ok, requests.codes.partial_content):
            return part_of(answer, first, last)
        answer.close()
        if answer.status_code == NOT_FOUND:
            return None
        raise ProviderError(f"the recording could not be fetched: {answer.status_code}", _kind(answer.status_code))


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Translate every failure into a `ProviderError` with `what` and the reason, without data of the request."""
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
    """The HTTP status of an error of Twilio's client; errors of list requests hold the response instead."""
    response = error.args[1] if error is not None and len(error.args) > 1 else None
    status = getattr(error, "status", getattr(response, "status_code", None))
    return status if isinstance(status, int) else None


def _kind(status: int) -> ProviderFault:
    if status == TOO_MANY:
        return "busy"
    return "unknown" if status >= LEAST_SERVER_FAULT else "refused"


def _kind_of_break(error: requests.RequestException) -> ProviderFault:
    """ "unreachable" when no connection was established, else "unknown": the request may have been received."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    never = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError", "ProxyError")
    return "unreachable" if type(reason).__name__ in never else "unknown"
