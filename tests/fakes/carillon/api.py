"""The HTTP API of a carillon: paths under /v3, JSON in and out, `Authorization: Key KEY:SECRET`."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.carillon.exchange import Carillon, dumped
from tests.fakes.carillon.routes import ROUTES, Body, Fault


class Listener(ThreadingHTTPServer):
    """Where a carillon is asked."""

    daemon_threads = True

    def __init__(self, carillon: Carillon) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.carillon = carillon


class Request(BaseHTTPRequestHandler):
    """One request to the API."""

    protocol_version = "HTTP/1.1"
    server: Listener

    def answer(self) -> None:
        """Find the route, and answer what it gives."""
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = {**dict(parse_qsl(parts.query)), **(json.loads(raw) if raw else {})}
        try:
            status, given = 200, self.found(parts.path, body)
        except Fault as fault:
            status, given = fault.status, {"fault": fault.word}
        sent = given if isinstance(given, bytes) else dumped(given)
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def found(self, path: str, body: Body) -> object:
        """What the route of a path gives."""
        carillon = self.server.carillon
        if self.headers["Authorization"] != f"Key {carillon.key}:{carillon.secret}":
            raise Fault(401, "who_are_you")
        for verb, pattern, handler in ROUTES:
            match = pattern.fullmatch(path)
            if verb == self.command and match is not None:
                return handler(carillon, body, *(unquote(each) for each in match.groups()))
        raise Fault(404, "nothing_here")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - as the library calls them

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


@contextmanager
def serve(carillon: Carillon) -> Iterator[str]:
    """Serve a carillon until the block ends; gives its address."""
    listener = Listener(carillon)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    carillon.address = f"http://127.0.0.1:{listener.server_port}"
    try:
        yield carillon.address
    finally:
        carillon.close()
        listener.shutdown()
        listener.server_close()
        thread.join(10)
