"""The HTTP client of a remote core bank: JSON, bounded in time and size, behind a circuit breaker.

The protocol is docs/core-bank.md. Every failure, from a refused connection to a malformed answer, is raised as
`CoreUnavailable`: it is unknown what the core did.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from ivr.bank.remote.breaker import Breaker
from ivr.foundation import clock
from ivr.foundation.deadline import CancellableRequest, DeadlineExecutor, connections
from ivr.foundation.errors import ConfigurationError, CoreUnavailable, IdempotencyConflict

T = TypeVar("T")
CONNECT_SECONDS = 1.0
EXCHANGE_SECONDS = 3.0  # for one query or instruction, from the DNS lookup to the last byte of the answer
BUDGET_SECONDS = 5.0
CONNECTIONS = 16
MOST_BYTES = 1_000_000
OK, UNKNOWN, CONFLICT = 200, 404, 409


@dataclass(slots=True)
class Budget:
    """The time budget in seconds for all queries of one turn together, since the caller is waiting."""

    left: float = BUDGET_SECONDS


class CoreClient:
    """One per process, shared by its threads. `steady` reads the monotonic clock."""

    def __init__(
        self,
        base_url: str,
        token: str,
        seconds: float = EXCHANGE_SECONDS,
        steady: Callable[[], float] = clock.steady,
    ) -> None:
        self._base = _trusted(base_url).rstrip("/")
        self._token = token
        self._seconds = seconds
        self._steady = steady
        self._pool = connections(CONNECTIONS)
        self._deadlines = DeadlineExecutor(CONNECTIONS)
        self._breaker = Breaker()
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """True while the breaker lets requests through."""
        return self._breaker.allows(self._steady())

    def ask(
        self,
        name: str,
        shape: TypeAdapter[T],
        arguments: dict[str, object],
        key: str = "",
        budget: Budget | None = None,
    ) -> T:
        """Send one query or, with an idempotency key, one instruction. LookupError for a 404.

        With a budget, it takes at most the time that is left.
        """
        if budget is not None and budget.left <= 0:
            raise CoreUnavailable("the time for queries to the core bank in this turn is used up")
        with self._lock:
            now = self._steady()
            if not self._breaker.allows(now):
                raise CoreUnavailable("the circuit breaker is open: the core bank failed several times in a row")
            self._breaker = self._breaker.asking(now)
        answered = True
        try:
            return self._read(name, shape, *self._post(name, arguments, key, budget))
        except CoreUnavailable:
            answered = False
            raise
        finally:
            with self._lock:
                self._breaker = self._breaker.after(self._steady(), answered=answered)
            if budget is not None:
                budget.left -= self._steady() - now

    def _post(self, name: str, arguments: dict[str, object], key: str, budget: Budget | None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        if key:
            headers["Idempotency-Key"] = key
        body = json.dumps(arguments, ensure_ascii=False).encode()
        seconds = self._seconds if budget is None else min(self._seconds, budget.left)
        try:
            return self._deadlines.run(partial(self._exchange, name, headers, body, seconds), seconds)
        except TimeoutError as error:
            raise CoreUnavailable(f"the core bank took too long over {name}") from error
        except HTTPError as error:
            raise CoreUnavailable(f"the core bank did not answer {name}: {type(error).__name__}") from error

    def _exchange(
        self, name: str, headers: dict[str, str], body: bytes, seconds: float, exchange: CancellableRequest
    ) -> tuple[int, bytes]:
        """Status and body. These timeouts cover a silent core; `Deadlines` bounds the whole exchange."""
        response = self._pool.request(
            "POST",
            f"{self._base}/v1/{name}",
            body=body,
            headers=headers,
            redirect=False,
            preload_content=False,
            timeout=Timeout(connect=min(CONNECT_SECONDS, seconds), read=seconds),
        )
        try:
            return response.status, _whole(response)
        except BaseException:
            response.close()  # the unread rest must not be taken for the next answer
            raise
        finally:
            exchange.release()
            response.release_conn()

    def _read(self, name: str, shape: TypeAdapter[T], status: int, body: bytes) -> T:
        if status == UNKNOWN:
            raise LookupError(f"the core bank answered {name} with 404")
        if status == CONFLICT:
            raise IdempotencyConflict(f"the core bank has seen the key of this {name} with another request")
        if status != OK:
            raise CoreUnavailable(f"the core bank answered {name} with status {status}")
        try:
            return shape.validate_json(body, strict=True)
        except ValidationError as error:
            raise CoreUnavailable(f"the core bank answered {name} with a malformed body") from error


def _whole(response: BaseHTTPResponse) -> bytes:
    """The body; raises `CoreUnavailable` when it is too long."""
    body = b""
    while chunk := response.read1():
        body += chunk
        if len(body) > MOST_BYTES:
            raise CoreUnavailable("the core bank's answer is too long")
    return body


def _trusted(url: str) -> str:
    """The base URL: https, or plain http on this machine only."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}):
        return url
    raise ConfigurationError(f"the core bank's address must begin with https://, not {url!r}")
