"""gunicorn's settings: `.venv/bin/gunicorn app:app` serves the hotline on HOST:PORT. Its own options still win."""

import gc
import os

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '5000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))
worker_class = "gthread"
threads = 32  # a turn needs one for a millisecond, but for seconds where the core bank is slow
keepalive = 75  # seconds; the provider's proxies keep their connections
timeout = 60
graceful_timeout = 20  # longer than the provider waits for an answer
control_socket_disable = True  # its path would be the same for two hotlines of one user
# No preload_app: each worker builds the application itself, as connections to a database do not survive a fork.


def post_worker_init(worker: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """Before the first call: what only speech needs is imported, and what was built is left out of collections."""
    from ivr.engine.heard.pinyin import reading

    reading("您")
    gc.collect()
    gc.freeze()
