"""gunicorn's settings: `.venv/bin/gunicorn app:app` serves the hotline on HOST:PORT. Its own options still win."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

APP_LOAD_ERROR = 4  # what gunicorn itself ends with where an application cannot be loaded
WHOLE, REFUSED, WAITS = 0, 1, 2  # what the check below ends with
CHECK = "import sys; from ivr.installation import checked; sys.exit(checked())"

_host = os.environ.get("HOST") or "127.0.0.1"
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT') or '5000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))
worker_class = "gthread"
# A turn needs one for a millisecond, but for seconds where the core bank is slow; and a connection that says nothing
# holds one, so that hundreds of those must not keep a caller waiting. They are started only when they are needed.
threads = 512
keepalive = 75  # seconds; the provider's proxies keep their connections
timeout = 60
graceful_timeout = 20  # longer than the provider waits for an answer
control_socket_disable = True  # its path would be the same for two hotlines of one user
# No preload_app: each worker builds the application itself, as connections to a database do not survive a fork. What
# survives one (the program, config.yaml, the built flows) is read before, so that a worker takes calls at once.

if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # where the workers count together; emptied by being new
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="hotline-figures-")


def _read(server: Any) -> int:
    """What every worker would refuse is found once, before the first one starts, by a process that ends with its
    connections; this one reads meanwhile what the workers begin with. Returns what the check ended with."""
    check = subprocess.Popen([sys.executable, "-c", CHECK], cwd=Path(__file__).parent)  # noqa: S603 - ours
    try:
        import app
        from ivr.engine.speech.recognition.pinyin import reading

        started = app.started()
        reading("您")
    except Exception as fault:  # noqa: BLE001 - the check says it, or the workers do
        server.log.debug("nothing is read before the workers are made: %s", fault)
        return check.wait()
    found = check.wait()
    if found != REFUSED:
        app.preload(started, is_published=found == WHOLE)
        gc.collect()
        gc.freeze()
    return found


def on_starting(server: Any) -> None:
    """A hotline that could never serve a call does not start, and says so once."""
    if server.app.app_uri != "app:app":  # a benchmark's
        return
    if _read(server) == REFUSED:
        on_exit(server)
        if server.pidfile is not None:
            server.pidfile.unlink()
        sys.exit(APP_LOAD_ERROR)


def on_reload(server: Any) -> None:
    """config.yaml and the flows are read again; where they are wrong the workers begin with what was read before."""
    if server.app.app_uri == "app:app" and _read(server) == REFUSED:
        server.log.error("what was read at the start stays in use")


def child_exit(server: object, worker: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """A worker that ended has no live figures any more."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[attr-defined, no-untyped-call]


def on_exit(server: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """The figures end with the server."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Before the first call: what only speech needs is imported, and what was built is left out of collections.

    Streams of live pages end when the worker is told to: it waits for its threads.
    """
    from ivr.engine.speech.recognition.pinyin import reading

    reading("您")
    worker.wsgi.extensions["is_stopping"] = lambda: not worker.alive
    gc.collect()
    gc.freeze()
