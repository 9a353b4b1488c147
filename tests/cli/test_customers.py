"""python -m ivr customers: a file is taken whole or not at all, a lock is lifted, and both are written down."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bank.customers import verification
from ivr.bank.customers.models import Customer, Lockout
from ivr.bank.customers.verification import Kind, VerificationAttempt
from ivr.cli import main as cli
from ivr.foundation.clock import now
from ivr.installation import Installation
from ivr.platform.audit import chain
from ivr.platform.audit.models import AuditEntry

HEAD = "id,name,mobile,identity,language\n"
GOOD = "C1,赵敏,13600136000,320106198803120028,zh-CN\n"
BAD = "C2,孙丽,13600,110101198001010010,zh-CN\n"
WHY = ("--by", "zhang.li", "--reason", "branch Pudong")
UNLOCK = ("customers", "unlock", "--lock")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Installation:
    """The demonstration on SQLite."""
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path / 'hotline.db'}")
    monkeypatch.delenv("IVR_SECRET_KEY", raising=False)
    assert cli.main(["seed"]) == 0
    capsys.readouterr()
    return Installation.here()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def write(lines: str) -> str:
        path = tmp_path / "customers.csv"
        path.write_text(HEAD + lines, encoding="utf-8")
        return str(path)

    return write


def ids(installed: Installation) -> set[str]:
    with installed.database.begin() as connection:
        return set(connection.scalars(select(Customer.id))) - {"wang_fang", "li_qiang", "chen_jing", "zhang_wei"}


def deeds(installed: Installation) -> list[tuple[str, str, str, dict[str, object]]]:
    with installed.database.begin() as connection, Session(connection) as db:
        assert chain.verify(db, installed.keyring) is None
        return [(e.actor, e.deed, e.subject, json.loads(e.details)) for e in db.scalars(select(AuditEntry))]


def test_a_file_is_looked_at_first_and_then_taken_once(
    installed: Installation, file: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(GOOD)
    assert cli.main(["customers", "import", path]) == 0
    assert "1 new, 0 there already, 0 refused; nothing was imported yet" in capsys.readouterr().out
    assert ids(installed) == set()
    for told in ("1 new, 0 there already", "0 new, 1 there already"):
        assert cli.main(["customers", "import", path, "--apply", *WHY]) == 0
        assert told in capsys.readouterr().out
    assert ids(installed) == {"C1"}
    [(actor, deed, subject, details)] = deeds(installed)
    assert (actor, deed, subject) == ("zhang.li", "customers_imported", "customers")
    assert (details["ids"], details["reason"]) == (["C1"], "branch Pudong")
    assert "13600136000" not in json.dumps(details)
    installed.database.close()


def test_a_file_with_one_wrong_line_changes_nothing(
    installed: Installation, file: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["customers", "import", file(GOOD + BAD), "--apply", *WHY]) == 1
    told = capsys.readouterr().out
    assert "customers.csv:3: the mobile is no mobile number" in told
    assert "nothing was imported" in told
    assert "孙丽" not in told
    assert ids(installed) == set()
    assert deeds(installed) == []
    installed.database.close()


def test_nobody_imports_without_a_name_and_a_reason(
    installed: Installation, file: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["customers", "import", file(GOOD), "--apply", "--by", "zhang.li"]) == 1
    assert "--reason" in capsys.readouterr().err
    assert ids(installed) == set()
    installed.database.close()


def lock(installed: Installation, kind: Kind) -> None:
    """As many wrong passwords as a branch is needed for."""
    rules, zone = installed.settings.verification, installed.settings.bank.zone
    with installed.database.begin() as connection, Session(connection) as db:
        for call in range(10):
            tried = VerificationAttempt(f"CA{call}", b"x" * 32, "wang_fang", kind, now())
            verification.record(db, rules, tried, right=False, zone=zone)
            row = db.get_one(Lockout, ("wang_fang", kind))
            row.locked_until, row.failures_day = None, 0
        db.commit()


def standing(installed: Installation, kind: Kind) -> str:
    with installed.database.begin() as connection, Session(connection) as db:
        return verification.locked(db, "wang_fang", kind, now())[0]


@pytest.mark.parametrize(
    "whose", [("--customer", "wang_fang"), ("--mobile", "13800138000"), ("--identity", "110101199003074215")]
)
@pytest.mark.parametrize("kind", ["query", "transaction"])
def test_a_lock_is_lifted_and_written_down(
    installed: Installation, whose: tuple[str, str], kind: Kind, capsys: pytest.CaptureFixture[str]
) -> None:
    lock(installed, "query")
    lock(installed, "transaction")
    assert cli.main([*UNLOCK, kind, *whose, *WHY]) == 0
    told = capsys.readouterr().out
    assert "138****8000" in told
    assert "110***********4215" in told
    other: Kind = "transaction" if kind == "query" else "query"
    assert (standing(installed, kind), standing(installed, other)) == ("open", "branch")
    [(actor, deed, subject, details)] = deeds(installed)
    assert (actor, deed, subject, details["lock"]) == ("zhang.li", "lock_lifted", "wang_fang", kind)
    assert (details["branch_only"], details["reason"]) == (True, "branch Pudong")
    assert cli.main([*UNLOCK, kind, *whose, *WHY]) == 0
    assert "was not locked" in capsys.readouterr().out
    assert len(deeds(installed)) == 1
    installed.database.close()


@pytest.mark.parametrize("whose", [("--customer", "x"), ("--mobile", "13600000000"), ("--identity", "1")])
def test_a_customer_that_nobody_knows_is_told(
    installed: Installation, whose: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*UNLOCK, "query", *whose, *WHY]) == 1
    assert "no such customer" in capsys.readouterr().err
    with installed.database.begin() as connection:
        assert connection.scalars(select(Lockout.subject)).all() == []
    installed.database.close()


def test_a_report_of_loss_is_no_lock_that_is_lifted(installed: Installation) -> None:
    with pytest.raises(SystemExit):
        cli.main([*UNLOCK, "loss", "--customer", "wang_fang", *WHY])
    installed.database.close()
