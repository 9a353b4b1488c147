"""A WSGI application behind a real server on 127.0.0.1, at a port of its own."""

import threading
from contextlib import suppress
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore


class Served:
    """Serves from its making until `close`."""

    def __init__(self, app: Flask, threads: int = 24) -> None:
        self._server: Any = waitress.create_server(
            app,
            host="127.0.0.1",
            port=0,
            threads=threads,
            ident=None,
            channel_request_lookahead=1,  # as app.py
            asyncore_use_poll=True,  # a test may hold more than 1,024 descriptors
            clear_untrusted_proxy_headers=False,  # forged headers of a proxy reach the product, as behind gunicorn
        )
        self.port = int(self._server.effective_port)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop serving; the server's threads have ended."""
        channels = self._server._map
        with suppress(OSError):  # a thread that ended its work may have woken the loop first, and all is closed
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(channels))
        self._thread.join(timeout=10)
        self._server.task_dispatcher.shutdown()
