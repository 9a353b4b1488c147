"""The recipe of docs/operations.md for a restore, from the backup to the day after it."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ivr.cli import main as cli
from ivr.foundation import clock
from ivr.installation import Installation
from ivr.platform.audit import anchors, log


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "hotline.db"
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.delenv("IVR_SECRET_KEY", raising=False)
    assert cli.main(["seed"]) == 0
    capsys.readouterr()
    return path


def call(count: int) -> None:
    """Calls that leave lines in the audit log, with a worker that anchors each."""
    hotline = Installation.here()
    for _ in range(count):
        with hotline.database.begin() as connection, Session(connection) as db:
            log.append(db, hotline.keyring, at=clock.now(), actor="caller", deed="pay_bill", subject="w", details={})
            head = log.head(db)
            db.commit()
        anchors.keep(head, hotline.anchor_file, clock.now())
    hotline.database.close()


def copy(source: Path, target: Path) -> None:
    """What `.backup` of sqlite3 does, and putting the file back without the -wal and -shm of the one before."""
    for leftover in target.parent.glob(f"{target.name}*"):
        leftover.unlink()
    with sqlite3.connect(source) as begin, sqlite3.connect(target) as end:
        begin.backup(end)
    begin.close()
    end.close()


def test_after_a_restore_the_audit_log_recovers_and_sees_again(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(code: int, *words: str) -> str:
        capsys.readouterr()
        assert cli.main(words) == code
        return "".join(capsys.readouterr())

    call(3)
    copy(database, tmp_path / "backup.db")
    call(4)
    assert said(0, "audit") == "the audit log is whole\n"
    copy(tmp_path / "backup.db", database)
    assert said(0, "migrate")
    assert "audit restored --help" in said(1, "audit")
    why = ("--by", "zhang.li", "--reason", "disk failed")
    assert "leave --anchor out to begin from 3" in said(1, "audit", "restored", *why, "--anchor", "6")
    stated = said(0, "audit", "restored", *why)
    assert "restored by zhang.li (disk failed); the backup holds what was anchored up to entry 3" in stated
    assert "was anchored up to entry 7" in stated
    assert said(0, "reconcile") == "the books agree\n"
    call(2)
    whole = said(0, "audit")
    assert "restored by zhang.li" in whole
    assert whole.endswith("the audit log is whole\n")
    assert "no restore to state" in said(1, "audit", "restored", *why)
    with sqlite3.connect(database) as connection:
        connection.execute("delete from audit_entries where seq = 6")
        connection.execute("update audit_head set seq = 5, mac = (select mac from audit_entries where seq = 5)")
    connection.close()
    assert "its tail was cut off" in said(1, "audit")
    with sqlite3.connect(database) as connection:
        connection.execute("update accounts set balance_fen = balance_fen + 1 where id = 1")
    connection.close()
    assert "account 1 holds 5238067 fen, its entries sum to 5238066" in said(1, "reconcile")
