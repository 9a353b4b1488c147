"""The secrets of a database in their order, or no process starts and nothing is written."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ivr.bank.customers import directory, known_keys
from ivr.cli import main as cli
from ivr.db import Database
from ivr.foundation import clock
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.installation import Installation
from ivr.platform.audit import chain, log
from ivr.platform.audit.models import AuditHead
from ivr.platform.keys.models import KeyCheck

OLD, NEW, NEWEST = "0123456789abcdef" * 4, "fedcba9876543210" * 4, "a5b4c3d2e1f00918" * 4
CREDENTIALS = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "a-token-for-tests"}


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, key: str, *words: str) -> int:
    """A command of an installation with this IVR_SECRET_KEY; none means secret.key."""
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{folder / 'hotline.db'}")
    monkeypatch.setenv("IVR_SECRET_KEY", key)
    return cli.main(words)


def checks(database: Database) -> list[bytes]:
    with database.begin() as connection, Session(connection) as db:
        return [row.value for row in db.query(KeyCheck).order_by(KeyCheck.number)]


@pytest.mark.parametrize("embedded", [False, True])
def test_secrets_in_another_order_start_nothing_and_write_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], embedded: bool
) -> None:
    """Each wrong list started, was ready, knew no customer, and broke the audit log."""

    def given(key: str) -> str:
        if not embedded:
            return key
        file = tmp_path / "secret.key"
        file.write_text(key + "\n", encoding="ascii")
        file.chmod(0o600)
        return ""

    for key in (OLD, f"{NEW},{OLD}", f"{NEWEST},{NEW},{OLD}"):
        assert run(monkeypatch, tmp_path, given(key), "seed") == 0
        assert run(monkeypatch, tmp_path, given(key), "audit") == 0
    capsys.readouterr()
    for key, said in (
        (f"{OLD},{NEW},{NEWEST}", "in this order: 3, 2, 1"),
        (f"{NEW},{NEWEST},{OLD}", "in this order: 2, 1, 3"),
        (f"{NEWEST},{OLD},{NEW}", "in this order: 1, 3, 2"),
        (f"{NEWEST},{OLD}", "place 2 from the end"),
        (f"{NEW},{OLD}", "place 3 from the end"),
        (f"{NEWEST},{NEW}", "the oldest one, which must stand last"),
        ("9f8e7d6c5b4a3210" * 4, "another key"),
    ):
        for command in (["audit"], ["reconcile"], ["migrate"], ["seed"]):
            assert run(monkeypatch, tmp_path, given(key), *command) == 1, command
            assert said in capsys.readouterr().err, command
    assert run(monkeypatch, tmp_path, given(f"{NEWEST},{NEW},{OLD}"), "audit") == 0
    assert capsys.readouterr().out == "the audit log is whole\n"


def test_the_server_and_the_worker_look_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    assert run(monkeypatch, tmp_path, f"{NEW},{OLD}", "seed") == 0
    assert run(monkeypatch, tmp_path, f"{OLD},{NEW}", "worker") == 1
    assert "wrong order" in capsys.readouterr().err
    hotline = Installation.here()
    with pytest.raises(ConfigurationError, match="wrong order"):
        hotline.check_database()
    hotline.database.close()


def test_a_database_from_before_check_values_is_told_by_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both secrets open the customers; only the oldest finds them."""
    assert run(monkeypatch, tmp_path, f"{NEW},{OLD}", "seed") == 0
    hotline = Installation.here()
    with hotline.database.begin() as connection:
        connection.exec_driver_sql("delete from key_checks")
    assert run(monkeypatch, tmp_path, f"{OLD},{NEW}", "audit") == 1
    assert "wrong order" in capsys.readouterr().err
    assert checks(hotline.database) == []
    assert run(monkeypatch, tmp_path, f"{NEW},{OLD}", "audit") == 0
    assert checks(hotline.database) == list(Keyring((NEW, OLD)).checks)
    hotline.database.close()


@pytest.mark.postgres
def test_two_first_starts_with_different_secrets_agree_on_one(postgres_database: Database) -> None:
    """The second process to commit finds the other's secret, and is refused."""

    first, second = Keyring((OLD,)), Keyring((NEW,))
    known_keys.check(postgres_database, first, clock.now())
    with pytest.raises(ConfigurationError, match="another key"):
        known_keys._note(postgres_database, second, clock.now())
    assert checks(postgres_database) == list(first.checks)


def test_the_secrets_are_written_down_where_they_are_first_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, tmp_path, OLD, "migrate") == 0
    hotline = Installation.here()
    assert checks(hotline.database) == list(Keyring((OLD,)).checks)
    hotline.database.close()


def test_no_entry_is_written_under_a_secret_that_was_not_meant(database: Database) -> None:
    """A process that was already running with other secrets must not make the whole log look changed."""
    meant, wrong = Keyring((NEW, OLD)), Keyring((OLD, NEW))

    def append(keyring: Keyring) -> None:
        with database.begin() as connection, Session(connection) as db:
            log.append(db, keyring, at=clock.now(), actor="a", deed="b", subject="c", details={})

    append(meant)
    with pytest.raises(ConfigurationError, match="another secret"):
        append(wrong)
    with database.begin() as connection, Session(connection) as db:
        db.get_one(AuditHead, 1).key_check = None  # a log from before check values: its newest entry tells
        db.flush()
    with pytest.raises(ConfigurationError, match="another secret"):
        append(wrong)
    append(meant)
    append(Keyring((NEWEST, NEW, OLD)))
    with database.begin() as connection, Session(connection) as db:
        assert chain.verify(db, meant) is None
        assert log.head(db)[0] == 3
        assert db.get_one(AuditHead, 1).key_check == meant.checks[0]


def test_a_customer_that_opens_but_is_not_found_is_not_readable(database: Database) -> None:
    person = directory.Person("C1", "赵敏", "+8613600136000", "320106198803120028", "zh-CN")
    with database.begin() as connection, Session(connection) as db:
        directory.add(db, Keyring((NEW, OLD)), person, clock.now())
        db.flush()
        assert directory.is_readable(db, Keyring((NEW, OLD)))
        assert not directory.is_readable(db, Keyring((OLD, NEW)))
        assert not directory.is_readable(db, None)
