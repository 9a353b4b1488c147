"""HTTP requests with a total deadline, however slowly the server responds.

A socket timeout restarts with each byte, so a server that drips its headers, or sends `100 Continue` without end, can
block a reader for ever; a DNS lookup has no timeout at all. So each request runs in a thread of its own. The caller
waits until the deadline and then shuts the connection down, which ends the thread.
"""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

T = TypeVar("T")
_RUNNING = threading.local()


class CancellableRequest:
    """The connection of one HTTP request, so that another thread can shut it down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cancelled = False

    def watch(self, connection: socket.socket | None) -> None:
        """Register the connection that cancelling must shut down."""
        with self._lock:
            self._socket = connection
            if self._is_cancelled:
                self._shut()

    def release(self) -> None:
        """The response has arrived: the connection may be reused and must not be shut down any more."""
        self.watch(None)

    def cancel(self) -> None:
        """Shut the connection down, now or as soon as one is registered."""
        with self._lock:
            self._is_cancelled = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(
                    self._socket, socket.SHUT_RDWR
                )  # the TLS socket's own shutdown would send a close message first


class DeadlineExecutor:
    """A pool of `at_once` threads for HTTP requests. One that gets no thread in time never starts."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, "exchange")

    def run(self, work: Callable[[CancellableRequest], T], seconds: float) -> T:
        """The result of `work`. Raises TimeoutError after `seconds`, with the connection shut down."""
        request = CancellableRequest()
        running = self._threads.submit(_noted, request, work)
        try:
            return running.result(max(0.0, seconds))
        except TimeoutError:
            running.cancel()
            request.cancel()
            raise


def _noted(request: CancellableRequest, work: Callable[[CancellableRequest], T]) -> T:
    _RUNNING.request = request
    try:
        return work(request)
    finally:
        _RUNNING.request = None
        request.release()


def _note(connection: HTTPConnection) -> None:
    request: CancellableRequest | None = getattr(_RUNNING, "request", None)
    if request is not None:
        request.watch(connection.sock)


class _Plain(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        _note(self)
        return super().getresponse()


class _Encrypted(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        _note(self)
        return super().getresponse()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


def connections(at_once: int) -> PoolManager:
    """A pool of keep-alive connections that `DeadlineExecutor` can shut down; without retries."""
    pool = PoolManager(maxsize=at_once, retries=False)
    make_cancellable(pool)
    return pool


def make_cancellable(pool: PoolManager) -> None:
    """Make the future connections of a pool cancellable by `DeadlineExecutor`."""
    pool.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
