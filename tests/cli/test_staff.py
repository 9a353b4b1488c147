"""python -m ivr staff: the first account, a reset, and who may do what."""

import json
import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from ivr.centre.staff.credentials import owner
from ivr.centre.staff.models import Account
from ivr.centre.staff.roles import Role
from ivr.cli import main as cli
from ivr.installation import Installation, opened
from ivr.platform.audit import chain

WHY = ["--by", "zhang.li", "--reason", "first account"]
TEMPORARY = re.compile(r"password ([a-z0-9]{5}(?:-[a-z0-9]{5}){3}) ")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Installation:
    """A migrated database on SQLite, without anybody in it."""
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path / 'hotline.db'}")
    monkeypatch.delenv("IVR_SECRET_KEY", raising=False)
    assert cli.main(["migrate"]) == 0
    capsys.readouterr()
    return Installation.here()


@pytest.mark.usefixtures("installed")
def test_the_first_account_is_made_listed_and_reset(capsys: pytest.CaptureFixture[str]) -> None:
    add = ["staff", "add", "liang.bo", "--name", "梁博", "--roles", "tech", *WHY]
    assert cli.main(add) == 0
    first = TEMPORARY.search(capsys.readouterr().out)
    assert cli.main(add) == 1
    assert "This user name is taken (user_name_taken)" in capsys.readouterr().err
    assert cli.main(["staff", "list"]) == 0
    assert re.search(r"liang\.bo +active +tech +- +梁博", capsys.readouterr().out)
    assert cli.main(["staff", "reset", "liang.bo", *WHY]) == 0
    second = TEMPORARY.search(capsys.readouterr().out)
    assert first is not None
    assert second is not None
    with opened() as installation, installation.database.look() as transaction:
        db = Session(transaction.connection)
        hashed = db.get_one(Account, "liang.bo").password_hash or ""
        assert installation.hasher.verify(hashed, owner("liang.bo"), second.group(1))
        assert not installation.hasher.verify(hashed, owner("liang.bo"), first.group(1))
        assert chain.verify(db, installation.keyring) is None


@pytest.mark.usefixtures("installed")
def test_an_agent_without_a_certificate_stays_inactive(capsys: pytest.CaptureFixture[str]) -> None:
    add = ["staff", "add", "zhao.min", "--name", "赵敏", "--roles", "agent", *WHY]
    assert cli.main([*add, "--certificate", "3A", "--issued-on", "2025-06-30"]) == 1
    assert "stays inactive" in capsys.readouterr().out
    assert cli.main(["staff", "list", "--role", "agent"]) == 0
    assert "inactive" in capsys.readouterr().out


def test_permissions_name_every_way_in_with_its_roles(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["staff", "permissions", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {tuple(sorted(row)) for row in rows} == {("method", "path", "permission", "roles")}
    assert {role for row in rows for role in row["roles"]} == {role.value for role in Role}
    by_path = {(row["method"], row["path"]): row["roles"] for row in rows}
    assert by_path["GET", "/console/audit"] == ["audit"]
    assert sorted(by_path["GET", "/console/staff"]) == ["hr", "tech"]
    assert len(by_path["POST", "/console/sign-out"]) == len(Role)
