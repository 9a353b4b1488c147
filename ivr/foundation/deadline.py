"""HTTP exchanges that end at a deadline, whatever the server at the other end does.

The timeout of a socket counts anew with each byte, so a server that drips its headers, or sends `100 Continue`
without end, holds whoever reads as long as it likes; looking up a name has no timeout at all. So an exchange runs on a
thread of its own; whoever asked waits until the deadline, cuts the connection, which ends the thread, and goes on.
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


class Exchange:
    """The connection that one exchange reads from, so that another thread can cut it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def reads(self, connection: socket.socket | None) -> None:
        """From here on this connection is the one to cut."""
        with self._lock:
            self._socket = connection
            if self._is_cut:
                self._shut()

    def release(self) -> None:
        """The answer is there: the connection may serve another exchange, and must not be cut any more."""
        self.reads(None)

    def cut(self) -> None:
        """End every read, now and later."""
        with self._lock:
            self._is_cut = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # TLS's own would say goodbye first


class Deadlines:
    """Threads for so many exchanges at once; one that finds no thread in time has not begun, and never does."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, "exchange")

    def run(self, work: Callable[[Exchange], T], seconds: float) -> T:
        """The result of the work; TimeoutError when it took longer, its connection cut by then."""
        exchange = Exchange()
        running = self._threads.submit(_noted, exchange, work)
        try:
            return running.result(max(0.0, seconds))
        except TimeoutError:
            running.cancel()
            exchange.cut()
            raise


def _noted(exchange: Exchange, work: Callable[[Exchange], T]) -> T:
    _RUNNING.exchange = exchange
    try:
        return work(exchange)
    finally:
        _RUNNING.exchange = None
        exchange.release()


def _note(connection: HTTPConnection) -> None:
    exchange: Exchange | None = getattr(_RUNNING, "exchange", None)
    if exchange is not None:
        exchange.reads(connection.sock)


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
    """Kept-alive connections that `Deadlines` can cut; nothing is tried twice."""
    pool = PoolManager(maxsize=at_once, retries=False)
    make_cuttable(pool)
    return pool


def make_cuttable(pool: PoolManager) -> None:
    """Let `Deadlines` cut the connections that a pool makes from now on."""
    pool.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
