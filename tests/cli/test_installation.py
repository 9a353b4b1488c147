"""What every command begins with: a key file that is whole or not there, a database that is this program's."""

import gc
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.cli import main as cli
from ivr.db import schema
from ivr.foundation.errors import ConfigurationError
from ivr.installation import ROOT, Installation
from ivr.platform.audit import anchors
from tests.support.postgres import Server

COMMANDS = (("audit",), ("flow", "history"), ("flow", "rollback"))


def installed(folder: Path) -> Installation:
    return Installation.here({"IVR_DATABASE_URL": f"sqlite:///{folder / 'hotline.db'}"})


@pytest.fixture
def blank_postgres(postgres_server: Server) -> str:
    """The URL of a PostgreSQL database in which nothing was ever made."""
    postgres_server.execute("DROP DATABASE IF EXISTS hotline_blank WITH (FORCE)")
    postgres_server.execute("CREATE DATABASE hotline_blank")
    return postgres_server.url("hotline_blank")


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_database_that_was_not_migrated_is_named_with_the_command_that_helps(
    kind: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}" if kind == "sqlite" else request.getfixturevalue("blank_postgres")
    monkeypatch.setenv("IVR_DATABASE_URL", url)
    monkeypatch.setenv("IVR_SECRET_KEY", "0123456789abcdef" * 2)
    for words in COMMANDS:
        assert cli.main(words) == 1, words
        said = capsys.readouterr().err
        assert said == f"{words[0]}: the database is not at this version; run: python -m ivr migrate\n"


def test_a_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = installed(tmp_path)
    assert first.keyring.secrets == installed(tmp_path).keyring.secrets
    assert [each.name for each in tmp_path.glob("secret.key*")] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    first.database.close()


def test_what_an_embedded_database_keeps_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = installed(tmp_path)
        schema.upgrade(made.database)
        _ = made.keyring
        anchors.keep((1, "00"), made.anchor_file, datetime(2026, 3, 4, tzinfo=UTC))
    finally:
        os.umask(before)
    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    names = ("hotline.db", "hotline.db-wal", "hotline.db-shm", "hotline.audit.anchors", "secret.key")
    assert modes == dict.fromkeys(names, 0o600)
    assert made.readable_by_others is None
    (tmp_path / "hotline.db").chmod(0o640)
    assert made.readable_by_others == f"chmod 600 {tmp_path / 'hotline.db'}*"
    made.database.close()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o620])
def test_a_key_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "secret.key").write_text("0123456789abcdef" * 4, encoding="ascii")
    (tmp_path / "secret.key").chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        _ = installed(tmp_path).keyring


@pytest.mark.parametrize(
    "url", ["mysql://u:pass-word@h/d", "hotline.db", "postgresql+none://u:pass-word@h/d", "sqlite"]
)
def test_an_address_of_no_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="IVR_DATABASE_URL must be") as refused:
        _ = Installation.here({"IVR_DATABASE_URL": url}).database
    assert "pass-word" not in str(refused.value)


def test_a_database_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path / 'file' / 'hotline.db'}")
    for command in ("migrate", "audit", "seed"):
        assert cli.main([command]) == 1
        [line] = capsys.readouterr().err.splitlines()
        assert "IVR_DATABASE_URL" in line


def test_a_start_that_is_killed_while_it_writes_the_key_leaves_no_key_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As by a signal."""

    def killed(_handle: int) -> None:
        raise Killed

    with monkeypatch.context() as world:
        world.setattr("os.fsync", killed)
        with pytest.raises(Killed):
            _ = installed(tmp_path).keyring
    assert not (tmp_path / "secret.key").exists()
    assert len(installed(tmp_path).keyring.secrets[0]) == 64


@pytest.mark.parametrize("text", ["", "\n", "too-short", "钥匙" * 40])
def test_a_key_file_without_a_key_is_named_with_a_remedy_and_left_as_it_is(text: str, tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        _ = installed(tmp_path).keyring
    assert str(file) in str(refused.value)
    assert "delete it" in str(refused.value)
    assert file.read_text(encoding="utf-8") == text


def test_processes_that_start_at_one_moment_agree_on_a_key(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hotline.db'}"
    said = (
        "from ivr.installation import Installation; "
        f"print(Installation.here({{'IVR_DATABASE_URL': {url!r}}}).keyring.secrets[0])"
    )
    starting = [subprocess.Popen([sys.executable, "-c", said], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(3)]
    answers = {each.communicate(timeout=120)[0] for each in starting}
    assert {each.returncode for each in starting} == {0}
    assert answers == {(tmp_path / "secret.key").read_bytes()}


def _is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False


def test_commands_close_their_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path / 'hotline.db'}")
    gc.collect()
    before = {id(each) for each in gc.get_objects() if isinstance(each, sqlite3.Connection)}
    gc.disable()  # what is thrown away unclosed stays to be found
    try:
        for command in ("migrate", "seed", "audit"):
            assert cli.main([command]) == 0, capsys.readouterr().err
        left = [each for each in gc.get_objects() if isinstance(each, sqlite3.Connection) and id(each) not in before]
    finally:
        gc.enable()
    assert not [each for each in left if _is_open(each)]
