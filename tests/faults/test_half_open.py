"""Hundreds of connections that never finish their request do not keep a caller waiting, as gunicorn is configured."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HALF_OPEN = 400
BOUND_SECONDS = 20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """The port of one gunicorn worker on a fresh demonstration bank."""
    port = free_port()
    ours = ("IVR_", "TWILIO_", "PORT", "HOST", "PROMETHEUS_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "IVR_DATABASE_URL": f"sqlite:///{tmp_path / 'hotline.db'}",
        "TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
        "TWILIO_AUTH_TOKEN": "a-token-for-tests",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }
    subprocess.run([sys.executable, "-m", "ivr", "migrate"], cwd=ROOT, env=env, check=True, timeout=60)
    gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "app:app"]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(gunicorn, cwd=ROOT, env=env, stderr=log) as process:
        try:
            _until_it_answers(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1800):
        assert process.poll() is None, "gunicorn ended"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.1)  # it is starting; there is nothing else to wait for
        else:
            return
    raise AssertionError("gunicorn did not answer")


def test_a_caller_is_answered_beside_hundreds_of_half_open_connections(served: int) -> None:
    with ExitStack() as silent:
        for number in range(HALF_OPEN):
            connection = silent.enter_context(socket.create_connection(("127.0.0.1", served), timeout=5))
            if number % 2:
                connection.send(b"POST /voice HTTP/1.1\r\nHost: hotline\r\nContent-Le")
        with urllib.request.urlopen(f"http://127.0.0.1:{served}/healthz", timeout=BOUND_SECONDS) as answer:
            assert answer.status == 200
