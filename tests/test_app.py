"""Starting, as an engineer does it: `python app.py` and gunicorn, on real sockets, in processes of their own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from ivr.centre.staff.demo import password_of
from tests.support.caller import Caller
from tests.support.console import Person, errors
from tests.support.databases import ROOT
from tests.support.door import Door
from tests.support.hotline import STRANGER

GUNICORN = str(Path(sys.executable).with_name("gunicorn"))
STARTS_WITHIN = 180  # seconds; a busy machine
WHOLE = pytest.mark.whole  # a start takes seconds: make test tries one of each kind
OTHER_LOOPBACK = pytest.param("127.0.0.2", "127.0.0.2", marks=WHOLE)
PRODUCTION = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "a-token-for-tests",
    "WEB_CONCURRENCY": "2",
}


def free_port(host: str) -> int:
    """A port that nobody listens on; skips where the machine has no such address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
            return int(probe.getsockname()[1])
    except OSError:
        pytest.skip(f"this machine has no {host}")


def environment(database: Path, **more: str) -> dict[str, str]:
    """Nothing of this machine's own settings, and a database of the test's."""
    ours = ("IVR_", "TWILIO_", "PORT", "HOST", "WEB_CONCURRENCY", "PROMETHEUS_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"IVR_DATABASE_URL": f"sqlite:///{database}", **more}


@contextmanager
def started(
    words: list[str], log: Path, env: dict[str, str], url: str, open_files: Collection[int] = ()
) -> Iterator[None]:
    """A server that answers at `url`, holding these files beside its own; ended at the end."""
    with log.open("wb") as file:
        process = subprocess.Popen(words, cwd=ROOT, env=env, stdout=file, stderr=file, pass_fds=open_files)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(url):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.2)  # it is starting; a port gives no sign
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=10) as reply:  # noqa: S310 - our own
        return bool(reply.status == 200)
    return False


@pytest.mark.parametrize(("host", "name"), [OTHER_LOOPBACK, ("::1", "[::1]"), ("localhost", "localhost")])
def test_a_call_is_answered_wherever_on_this_machine_the_hotline_listens(host: str, name: str, tmp_path: Path) -> None:
    port, log, script = free_port(host), tmp_path / "log", tmp_path / "keys"
    script.write_text("1\nhangup\n", encoding="utf-8")
    url = f"http://{name}:{port}"
    env = environment(tmp_path / "hotline.db", HOST=host, PORT=str(port))
    with started([sys.executable, "app.py"], log, env, url):
        call = [sys.executable, "-m", "ivr", "call", "--url", url, "--script", str(script)]
        done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert "欢迎致电" in done.stdout, done.stdout + done.stderr
    assert "按" in done.stdout.split("1\n", 1)[-1], done.stdout
    assert f"{url}/phone" in log.read_text(encoding="utf-8")
    assert f"{url}/console/" in log.read_text(encoding="utf-8")


def test_a_call_is_answered_beyond_the_thousandth_open_file(tmp_path: Path) -> None:
    port, log, script = free_port("127.0.0.1"), tmp_path / "log", tmp_path / "keys"
    script.write_text("hangup\n", encoding="utf-8")
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as held:
        files = [held.enter_context(Path(os.devnull).open("rb")).fileno() for _ in range(1024)]
        held.enter_context(
            started([sys.executable, "app.py"], log, environment(tmp_path / "hotline.db", PORT=str(port)), url, files)
        )
        call = [sys.executable, "-m", "ivr", "call", "--url", url, "--script", str(script)]
        done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert "欢迎致电" in done.stdout, done.stdout + done.stderr


def gunicorn(database: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A gunicorn with two workers that is expected to end by itself."""
    command = [GUNICORN, "app:app", "--bind", "127.0.0.1:0", *words]
    env = environment(database, **{**PRODUCTION, **more})
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"TWILIO_AUTH_TOKEN": "", "TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        pytest.param({"HOST": "[::1]"}, "HOST must be", marks=WHOLE),
        pytest.param(
            {"IVR_DATABASE_URL": "mysql://hotline:pass-word@db/hotline"}, "IVR_DATABASE_URL must be", marks=WHOLE
        ),
        ({"IVR_PUBLIC_URL": "https://hotline.example.com/a%20b"}, "IVR_PUBLIC_URL"),
    ],
)
def test_gunicorn_says_once_why_it_does_not_start_whatever_its_workers(
    more: dict[str, str], said: str, tmp_path: Path
) -> None:
    figures, pid = tmp_path / "figures", tmp_path / "pid"
    figures.mkdir()
    refused = gunicorn(tmp_path / "hotline.db", "--pid", str(pid), TMPDIR=str(figures), IVR_SECRET_KEY="", **more)
    assert refused.returncode == 4, refused.stderr
    [line] = [each for each in refused.stderr.splitlines() if "does not start" in each]
    assert said in line
    assert "Traceback" not in refused.stderr
    assert "Booting worker" not in refused.stderr
    assert not pid.exists()
    assert not list(figures.glob("hotline-figures-*"))


def test_gunicorn_refuses_a_key_that_is_not_the_databases_before_a_worker_starts(tmp_path: Path) -> None:
    database = tmp_path / "hotline.db"
    seed = [sys.executable, "-m", "ivr", "seed"]
    subprocess.run(seed, cwd=ROOT, env=environment(database), capture_output=True, timeout=120, check=True)
    refused = gunicorn(database, IVR_SECRET_KEY="another-secret-0123456789abcdef-0123")
    assert refused.returncode == 4
    assert refused.stderr.count("another key") == 1


def door(port: int) -> Door:
    """The way in, signed as the provider does."""
    return Door(
        ("127.0.0.1", port),
        f"http://127.0.0.1:{port}",
        PRODUCTION["TWILIO_ACCOUNT_SID"],
        PRODUCTION["TWILIO_AUTH_TOKEN"],
    )


def until_ready(way: Door, log: Path) -> None:
    """Wait until /readyz says 200."""
    deadline = time.monotonic() + STARTS_WITHIN
    while way.send("GET", "/readyz").status != 200:
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.1)  # it opens by itself; nothing else tells


def workers_of(log: Path) -> list[int]:
    """The processes that gunicorn has made, the oldest first."""
    return [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", log.read_text(encoding="utf-8"))]


def test_gunicorn_comes_up_without_a_database_and_takes_calls_when_it_is_there(tmp_path: Path) -> None:
    """Its path cannot be made at first; then it is not migrated; then both workers are killed."""
    (tmp_path / "away").touch()
    port, log, database = free_port("127.0.0.1"), tmp_path / "log", tmp_path / "away" / "hotline.db"
    env, way = environment(database, PORT=str(port), **PRODUCTION), door(port)
    with started([GUNICORN, "app:app"], log, env, f"http://127.0.0.1:{port}"):
        assert "IVR_DATABASE_URL" in way.send("GET", "/readyz").text
        assert way.send("POST", "/voice/fallback").status == 200
        assert way.send("POST", "/voice", b"CallSid=1").status == 403
        assert way.send("GET", "/metrics").status == 200
        Caller(way, STRANGER).dial().hear("非常抱歉", "We are very sorry")
        (tmp_path / "away").unlink()
        migrate = [sys.executable, "-m", "ivr", "migrate"]
        subprocess.run(migrate, cwd=ROOT, env=env, capture_output=True, timeout=120, check=True)
        until_ready(way, log)
        Caller(way, STRANGER).dial().hear("欢迎致电远山银行")
        for worker in workers_of(log)[-2:]:
            os.kill(worker, signal.SIGKILL)
        until_answered(way)
        Caller(way, STRANGER).dial().hear("欢迎致电远山银行")
    assert "Traceback" not in log.read_text(encoding="utf-8")


def until_answered(way: Door) -> None:
    """A worker that is killed closes what it was asked; ask until another one answers."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        with suppress(OSError, HTTPException):
            if way.send("GET", "/readyz").status == 200:
                return
    raise AssertionError("no worker answers")


def test_the_hotline_on_one_machine_comes_up_without_a_database_too(tmp_path: Path) -> None:
    (tmp_path / "away").touch()
    port, log = free_port("127.0.0.1"), tmp_path / "log"
    env, way = environment(tmp_path / "away" / "hotline.db", PORT=str(port)), door(port)
    with started([sys.executable, "app.py"], log, env, f"http://127.0.0.1:{port}"):
        assert way.send("GET", "/readyz").status == 503
        assert way.send("POST", "/voice/fallback").status == 200
        (tmp_path / "away").unlink()
        until_ready(way, log)
    assert "the demonstration bank" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize(("host", "name"), [OTHER_LOOPBACK, ("::1", "[::1]")])
def test_gunicorn_with_two_workers_listens_where_it_is_told_to(host: str, name: str, tmp_path: Path) -> None:
    port, database = free_port(host), tmp_path / "hotline.db"
    env = environment(database, HOST=host, PORT=str(port), **PRODUCTION)
    migrate = [sys.executable, "-m", "ivr", "migrate"]
    subprocess.run(migrate, cwd=ROOT, env=env, capture_output=True, timeout=120, check=True)
    with started([GUNICORN, "app:app"], tmp_path / "log", env, f"http://{name}:{port}"):
        pass
    assert "does not start" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_gunicorn_serves_the_staff_pages_apart_without_the_webhooks(tmp_path: Path) -> None:
    """It needs no credentials of a provider; two workers know each other's sessions, and one secret."""
    port, log, database = free_port("127.0.0.1"), tmp_path / "log", tmp_path / "hotline.db"
    env, url = environment(database, PORT=str(port), WEB_CONCURRENCY="2"), f"http://127.0.0.1:{port}"
    add = ["staff", "add", "liang.bo", "--name", "梁博", "--roles", "tech", "--by", "zhang.li", "--reason", "first"]
    for words in (["seed"], add):
        command = [sys.executable, "-m", "ivr", *words]
        told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=True)
    temporary, new = told.stdout.split("temporary password ")[1].split()[0], "a long sentence of my own"
    with started([GUNICORN, "console:app"], log, env, url):
        person = Person(url)
        page = person.get("/console/sign-in").text
        assert "演示用户" not in page, "whose passwords everybody knows are not offered in production"
        assert "演示密码" in errors(person.sign_in("tech1", password_of("tech1")))["pass"], "nor taken"
        assert person.sign_in("liang.bo", temporary).url == f"{url}/console/account/password"
        person.post("/console/account/password", {"old": temporary, "new": new, "again": new})
        assert {person.get("/console/staff").status_code for _ in range(8)} == {200}
        for path in ("/voice", "/phone", "/"):
            assert person.post(path).status_code == 404
        stream = person.http.get(f"{url}/console/live?topics=staff&since=0", stream=True, timeout=60)
        lines = stream.iter_lines(chunk_size=1, decode_unicode=True)
        assert "event: beat" in lines
        person.get("/console/staff/agent1")
        person.post("/console/staff/agent1/lock", {"why": "left a desk open"})
        assert "event: change" in lines, "whichever worker the deed was done in"
    assert "signed-out" not in list(lines), (
        "the stream came to its end when the server was told to stop: nothing cut it"
    )
    assert "demonstration accounts are active" in log.read_text(encoding="utf-8")
