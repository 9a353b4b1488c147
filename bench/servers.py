"""Servers for the bench: gunicorn with one worker pinned to one core, the same for every contender."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.calls import ACCOUNT, TOKEN

ROOT = Path(__file__).resolve().parents[1]
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CALLER_CORE = CORES[0], CORES[-1]
THREADS = 32
READY_SECONDS = 180
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]"

    def cpu_seconds(self) -> float:
        """The processor seconds that its processes have used so far."""
        return sum(_cpu_seconds(pid) for pid in (self.process.pid, *_children(self.process.pid)))


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def serving(
    application: str,
    environment: Mapping[str, str],
    log: Path,
    python: str = sys.executable,
    settings_file: str = "gunicorn.conf.py",
    core: int = SERVER_CORE,
    nice: int = 0,
    threads: int = THREADS,
) -> Iterator[Server]:
    """Run gunicorn with one worker, pinned to one core, on a free port; always stopped at the end."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        port = listener.getsockname()[1]
        command = [
            python, "-m", "gunicorn", "-c", settings_file, "--bind", f"fd://{listener.fileno()}", "--workers", "1",
            "--threads", str(threads), "--worker-class", "gthread", "--keep-alive", "75", "--no-control-socket",
            "--timeout", "300", "--log-level", "warning", application,
        ]  # fmt: skip
        settings = {
            "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "IVR_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, **environment,
        }  # fmt: skip
        with log.open("ab") as file:
            process = subprocess.Popen(  # noqa: S603 - our own server
                command, env=settings, cwd=ROOT, pass_fds=(listener.fileno(),), stdout=file, stderr=file,
                preexec_fn=lambda: _place(core, nice),
            )  # fmt: skip
    try:
        _wait(process, port, log)
        yield Server(port, process)
    finally:
        _end(process)


def _place(core: int, nice: int) -> None:
    os.nice(nice)
    os.sched_setaffinity(0, {core})


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"a server did not start:\n{log.read_text()[-3000:]}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.settimeout(READY_SECONDS)
            line.sendall(b"GET / HTTP/1.0\r\n\r\n")
            if line.recv(1):
                return
        time.sleep(0.05)  # polls, since a port gives no notification
    raise RuntimeError(f"a server did not answer within {READY_SECONDS} s; see {log}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
