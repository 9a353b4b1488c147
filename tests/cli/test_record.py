"""A scripted call is recorded as a transcript that `flow test` runs, without anybody's real digits."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from exchange import Exchange, ExchangeSettings
from ivr.cli.main import main
from ivr.db import Database
from ivr.engine.transcripts import play_text
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.journeys.steps import BALANCE, BILLS
from tests.support.hotline import ACCOUNT, CARD, QUERY, TOKEN, TRANSACTION, WANG, Clock, open_hotline
from tests.support.seeding import built, seeded_sqlite
from tests.support.serving import Served

__all__ = ["seeded_sqlite"]

BILL = "3100458812"
TO_BALANCE = ("1", BALANCE, "1", QUERY[WANG], "1", "wait", "hangup")
PAYMENT = ("1", BILLS, "2", QUERY[WANG], "1", f"{BILL}#", TRANSACTION[WANG], "1", "hangup")
Record = Callable[..., int]


@pytest.fixture
def exchange_url(
    seeded_sqlite: Database, settings: Settings, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A running hotline and the exchange that calls it; the commands find the hotline's database."""
    inner: list[Any] = []
    door = Served(lambda environ, start: inner[0](environ, start))  # type: ignore[arg-type] # its port is signed
    public = f"http://127.0.0.1:{door.port}"
    hotline = open_hotline(seeded_sqlite, settings, keyring, Clock(), public_url=public)
    inner.append(hotline.app)
    exchange = Exchange(
        ExchangeSettings(
            ACCOUNT, TOKEN, "+862160195588", f"{public}/voice", status_url=f"{public}/voice/status", pace="stepped"
        )
    )
    app = Flask("tests.cli.exchange")
    app.register_blueprint(exchange.blueprint())
    served = Served(app)
    monkeypatch.setenv("IVR_DATABASE_URL", str(seeded_sqlite.durable.url))
    yield f"http://127.0.0.1:{served.port}"
    exchange.close()
    served.close()
    hotline.close()
    door.close()


@pytest.fixture
def record(exchange_url: str, tmp_path: Path) -> Record:
    """Plays lines as a script and records them."""

    def play(file: Path, name: str, *lines: str) -> int:
        script = tmp_path / "script.txt"
        script.write_text("\n".join(lines), encoding="utf-8")
        words = ["--url", exchange_url, "--from", WANG, "--script", str(script)]
        return main(["call", *words, "--record", str(file), "--name", name])

    return play


def test_a_balance_and_a_payment_are_written_down_and_play_green(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "recorded.test.yaml"
    assert record(file, "a customer hears the balance", *TO_BALANCE) == 0
    first = file.read_text(encoding="utf-8")
    assert record(file, "a customer pays: from the second account", *PAYMENT) == 0
    text = file.read_text(encoding="utf-8")
    assert text.startswith(first)
    _, bundle = built()
    results = play_text(bundle, file.name, text)
    assert [(result.name, result.problem) for result in results] == [
        ("a customer hears the balance", ""),
        ("a customer pays: from the second account", ""),
    ]
    for secret in (QUERY[WANG], TRANSACTION[WANG], BILL, CARD[WANG], CARD[WANG][-4:], "186"):
        assert secret not in text
    assert '- press: "123456"' in text
    assert "- service: {list_paying_accounts: found, accounts: 2}" in text
    assert "- hear: [bills.paid, main.more]\n  - ends_in: main.more\n  - hang_up:" in text


def test_a_name_that_exists_is_refused_before_anyone_is_called(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "recorded.test.yaml"
    file.write_text("taken:\n  - call: {language: en}\n  - hear: main.welcome\n", encoding="utf-8")
    before = file.read_bytes()
    assert record(file, "taken", *TO_BALANCE) == 1
    assert file.read_bytes() == before
    out, err = capsys.readouterr()
    assert "has a call 'taken' already; choose another --name" in err
    assert out == ""


def test_a_call_of_another_installation_is_not_recorded(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    assert main(["migrate"]) == 0
    file = tmp_path / "recorded.test.yaml"
    assert record(file, "a call", "1", "hangup") == 1
    assert "is not in the database of this installation" in capsys.readouterr().err
    assert not file.exists()


def test_the_call_that_was_recorded_is_traced_by_default(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert record(tmp_path / "recorded.test.yaml", "a call", *TO_BALANCE) == 0
    capsys.readouterr()
    assert main(["trace"]) == 0
    out = capsys.readouterr().out
    assert "the identified card, chosen at flows/balance.yaml:" in out
    assert "of accounts: service list_accounts answered found, flows/balance.yaml:" in out
    assert QUERY[WANG] not in out
    assert "52" + "380" not in out


def test_a_script_that_is_missing_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["call", "--script", str(tmp_path / "missing.txt")]) == 1
    err = capsys.readouterr().err
    assert "missing.txt cannot be read: No such file or directory; write one key or word a line" in err
