"""The commands and the start of the product, as an engineer meets them.

A process of its own takes a second or more to begin, so only some are one: for real exit codes, and where it serves.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.cli.main import main

ROOT = Path(__file__).parents[2]
COMMANDS = ("migrate", "seed", "flow", "worker", "call", "audit")
OURS = ("IVR_", "TWILIO_", "PORT", "HOST")  # settings of this machine, which no test may see
Command = Callable[..., subprocess.CompletedProcess[str]]
CREDENTIALS = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "a-token-for-tests"}


def run(*words: str, database: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, with nothing of this machine's settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    clean |= {"IVR_DATABASE_URL": f"sqlite:///{database}", **env}
    return subprocess.run(words, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=120, check=False)


def ivr(*words: str, database: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "ivr", *words, database=database, **env)


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command in this process; otherwise as `ivr`."""

    def call(*words: str, database: Path, **env: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as clean:
            for name in [name for name in os.environ if name.startswith(OURS)]:
                clean.delenv(name)
            for name, value in {"IVR_DATABASE_URL": f"sqlite:///{database}", **env}.items():
                clean.setenv(name, value)
            try:
                status = main([*words])
            except SystemExit as left:
                status = int(left.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, status, said.out, said.err)

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(command: str, tmp_path: Path, inside: Command) -> None:
    done = inside(command, "--help", database=tmp_path / "none.db")
    assert done.returncode == 0
    assert "example" in done.stdout


def test_an_unknown_command_names_the_known_ones(tmp_path: Path) -> None:
    done = ivr("migrat", database=tmp_path / "none.db")
    assert done.returncode == 2
    assert all(command in done.stderr for command in COMMANDS)


def test_migrate_and_seed_work_twice_and_leave_other_customers_alone(tmp_path: Path) -> None:
    database = tmp_path / "hotline.db"
    assert ivr("migrate", database=database).returncode == 0
    assert "王芳" in ivr("seed", database=database).stdout
    with sqlite3.connect(database) as connection:  # the check of the key was written beside the demonstration
        assert connection.execute("select count(*) from key_checks").fetchone() == (1,)
    assert ivr("seed", database=database).returncode == 0
    with sqlite3.connect(database) as connection:
        connection.execute("update customers set id = 'somebody_else' where id = 'zhang_wei'")
    refused = ivr("seed", database=database)
    assert refused.returncode == 1
    assert "other customers" in refused.stderr


@pytest.mark.parametrize("secret", ["", "another-secret-0123456789abcdef-0123"])
def test_a_database_without_its_own_key_is_refused_and_no_key_is_made_for_it(
    tmp_path: Path, secret: str, inside: Command
) -> None:
    home, moved = tmp_path / "home", tmp_path / "moved"
    for folder in (home, moved):
        folder.mkdir()
    assert inside("seed", database=home / "hotline.db").returncode == 0
    with sqlite3.connect(home / "hotline.db") as source, sqlite3.connect(moved / "hotline.db") as copy:
        source.backup(copy)
    env = {"IVR_SECRET_KEY": secret} if secret else {}
    for command in ("migrate", "seed", "audit"):
        refused = inside(command, database=moved / "hotline.db", **env)
        assert refused.returncode == 1, command
        assert "another key" in refused.stderr if secret else "no secret.key beside it" in refused.stderr
        assert "Traceback" not in refused.stderr
    started = run(sys.executable, "app.py", database=moved / "hotline.db", **env)
    assert started.returncode == 1
    assert "does not start" in started.stderr
    assert not (moved / "secret.key").exists()
    shutil.copy(home / "secret.key", moved / "secret.key")
    assert inside("audit", database=moved / "hotline.db").returncode == 0


def test_a_wrong_database_is_said_in_words(tmp_path: Path, inside: Command) -> None:
    done = inside(
        "migrate",
        database=tmp_path / "x",
        IVR_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        IVR_SECRET_KEY="0123456789abcdef" * 2,
    )
    assert done.returncode == 1
    assert "IVR_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_gunicorn_refuses_to_start_without_credentials_and_says_why(tmp_path: Path) -> None:
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    done = run(gunicorn, "app:app", "--bind", "127.0.0.1:0", database=tmp_path / "hotline.db")
    assert done.returncode != 0
    assert "TWILIO_ACCOUNT_SID" in done.stderr


def test_half_a_credential_and_a_public_host_are_refused(tmp_path: Path) -> None:
    half = run(sys.executable, "app.py", database=tmp_path / "a.db", TWILIO_ACCOUNT_SID="AC" + "0" * 32)
    assert half.returncode != 0
    assert "TWILIO_AUTH_TOKEN" in half.stderr
    public = run(sys.executable, "app.py", database=tmp_path / "b.db", HOST="0.0.0.0")
    assert public.returncode != 0
    assert "loopback" in public.stderr
