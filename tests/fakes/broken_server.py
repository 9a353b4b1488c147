"""An HTTP server that answers every request the same broken way.

refuses, busy, breaks, garbage: an answer with status 400, 429, 500, or 200 with a page. silent: no answer at all.
drips: the answer's bytes, one at a time. cut: the request is read, and the connection closed.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Literal

Fault = Literal["refuses", "busy", "breaks", "garbage", "silent", "drips", "cut"]
STATUS = {"refuses": b"400 Bad Request", "busy": b"429 Too Many Requests", "breaks": b"500 Internal Server Error"}
PIECES, PIECE_SECONDS = 400, 0.05


@dataclass
class BrokenServer:
    """Where it stands, and how many requests came."""

    address: str
    fault: Fault
    listener: socket.socket
    asked: int = 0
    gave_up: Event = field(default_factory=Event)  # set once somebody cut an answer that dripped
    closing: Event = field(default_factory=Event)

    def run(self) -> None:
        """One connection at a time."""
        while not self.closing.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self._meet(connection)

    def _meet(self, connection: socket.socket) -> None:
        connection.settimeout(20)
        if not connection.recv(65_536):
            return
        self.asked += 1
        if self.fault == "silent":
            while not self.closing.wait(PIECE_SECONDS) and _is_there(connection):
                pass
        elif self.fault == "drips":
            self._drip(connection)
        elif self.fault != "cut":
            body = b"<html>busy</html>" if self.fault == "garbage" else b'{"code": 20429, "message": "made up"}'
            head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            connection.sendall(head % (STATUS.get(self.fault, b"200 OK"), len(body)) + body)

    def _drip(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % PIECES)
        try:
            for _ in range(PIECES):
                connection.sendall(b" ")
                if self.closing.wait(PIECE_SECONDS):
                    return
        except OSError:
            self.gave_up.set()


def _is_there(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return connection.recv(1) != b""
    except TimeoutError:
        return True


@contextmanager
def serve(fault: Fault) -> Iterator[BrokenServer]:
    """Serve until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = BrokenServer(f"http://127.0.0.1:{listener.getsockname()[1]}", fault, listener)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"
