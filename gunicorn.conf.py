"""gunicorn's settings: `.venv/bin/gunicorn app:app` serves the hotline on HOST:PORT. Its options override these."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

APP_LOAD_ERROR = 4  # gunicorn's own exit status for an application that cannot be loaded
WHOLE, REFUSED, WAITS = 0, 1, 2  # exit statuses of the check below
CHECK = "import sys; from ivr.installation import checked; sys.exit(checked())"

_host = os.environ.get("HOST") or "127.0.0.1"
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT') or '5000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))
worker_class = "gthread"
# A turn occupies a thread for a millisecond, for seconds with a slow core bank; and each idle connection occupies one,
# so hundreds of those must not block callers. Threads are started on demand.
threads = 512
keepalive = 75  # seconds; the provider's proxies keep their connections
timeout = 60
graceful_timeout = 20  # longer than the provider waits for an answer
control_socket_disable = True  # two hotlines of one user would share its path
# No preload_app: each worker builds the application itself, since database connections do not survive a fork. What
# survives one (modules, config.yaml, built bundles) is loaded before, so that a worker takes calls at once.

if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # the shared folder of the workers' counters, new for each start
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="hotline-figures-")


def _read(server: Any) -> int:
    """Check the installation in a child process, whose database connections end with it, and meanwhile load here what
    the workers start with. Returns the exit status of the check."""
    check = subprocess.Popen([sys.executable, "-c", CHECK], cwd=Path(__file__).parent)  # noqa: S603 - ours
    try:
        import app
        from ivr.engine.speech.recognition.pinyin import reading

        started = app.started()
        reading("您")
    except Exception as fault:  # noqa: BLE001 - the check or the workers report it
        server.log.debug("preloading failed: %s", fault)
        return check.wait()
    found = check.wait()
    if found != REFUSED:
        app.preload(started, is_published=found == WHOLE)
        gc.collect()
        gc.freeze()
    return found


def on_starting(server: Any) -> None:
    """Refuse to start with one message when the installation could never serve a call."""
    if server.app.app_uri != "app:app":  # a benchmark's
        return
    if _read(server) == REFUSED:
        on_exit(server)
        if server.pidfile is not None:
            server.pidfile.unlink()
        sys.exit(APP_LOAD_ERROR)


def on_reload(server: Any) -> None:
    """Read config.yaml and the flows again; if they are faulty, the workers use what was read before."""
    if server.app.app_uri == "app:app" and _read(server) == REFUSED:
        server.log.error("the configuration of the previous start stays in use")


def child_exit(server: object, worker: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """Remove the live metrics of a worker that ended."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[attr-defined, no-untyped-call]


def on_exit(server: object) -> None:  # noqa: ARG001 - gunicorn's hook
    """Remove the metrics folder with the server."""
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
