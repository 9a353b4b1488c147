"""Every command that a document shows exists, with the options that it shows."""

import importlib
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from ivr.bank.customers import directory
from ivr.centre.queues import callbacks
from ivr.cli.main import main
from ivr.db import open_database, schema
from ivr.foundation import clock
from ivr.installation import Installation
from tests.docs.documents import OURS, README, ROOT, blocks

DOCUMENTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in OURS}
SHELL = [
    (f"{name}:{block.line}", line)
    for name, text in DOCUMENTS.items()
    for block in blocks(text, "bash")
    for line in re.sub(r"(<<'END'\n).*?^END$", r"\1", block.text, flags=re.MULTILINE | re.DOTALL).splitlines()
    if line.strip()
]
INLINE = sorted(
    {words for text in DOCUMENTS.values() for words in re.findall(r"python -m ivr ((?:\w+)(?: \w+)?)", text)}
)
TARGETS = sorted({word for text in DOCUMENTS.values() for word in re.findall(r"`make (\w+)`", text)})


def helped(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says of itself."""
    with pytest.raises(SystemExit) as left:
        main([*words, "--help"])
    assert left.value.code == 0, words
    return capsys.readouterr().out


def ivr(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m ivr` with its command, and the options that it knows."""
    named = [word for word in words if not word.startswith("-")]
    has_commands = named[0] in ("flow", "customers", "staff") or named[:2] == ["audit", "restored"]
    told = helped(named[: 2 if has_commands else 1], capsys)
    for word in words:
        if word.startswith("--"):
            assert f"{word} " in told or f"{word}]" in told, f"{word} of {' '.join(words)}"


def gunicorn(words: list[str], _capsys: pytest.CaptureFixture[str]) -> None:
    """gunicorn takes the options and the application."""
    config = importlib.import_module("gunicorn.config").Config()
    assert config.parser().parse_args(words).args in (["app:app"], ["console:app"])


def make(words: list[str], _capsys: pytest.CaptureFixture[str]) -> None:
    """A target of the Makefile."""
    assert all(is_target(word) for word in words if "=" not in word)


def shown(words: list[str], _capsys: pytest.CaptureFixture[str]) -> None:
    """Shell that every machine has."""
    assert words


RUN: dict[str, Callable[[list[str], pytest.CaptureFixture[str]], None]] = {
    ".venv/bin/python -m ivr": ivr,
    ".venv/bin/gunicorn": gunicorn,
    "make": make,
    "cat": shown,
    "curl": shown,
}


def is_target(word: str) -> bool:
    return re.search(rf"^{word}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize(("place", "line"), SHELL, ids=[f"{place} {line[:40]}" for place, line in SHELL])
def test_a_line_of_shell_would_run(place: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    begin = next((begin for begin in RUN if line.startswith(f"{begin} ")), None)
    assert begin is not None, f"{place}: nothing here knows how to try  {line}"
    RUN[begin](shlex.split(line.removeprefix(begin)), capsys)


@pytest.mark.parametrize("words", INLINE)
def test_a_command_named_in_a_sentence_exists(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, _, second = words.partition(" ")
    if first == "COMMAND":
        return
    told = helped([first], capsys)
    assert first != "flow" or not second or f"    {second} " in f"{told} "


@pytest.mark.parametrize("word", TARGETS)
def test_a_target_of_make_exists(word: str) -> None:
    assert is_target(word)


def test_the_readmes_two_commands_are_there() -> None:
    assert {"run", "test"} <= set(TARGETS)
    assert all(f"`make {word}`" in README.read_text(encoding="utf-8") for word in ("run", "test"))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a migrated database, in the environment as operations has it."""
    url = f"sqlite:///{tmp_path / 'hotline.db'}"
    database = open_database(url)
    schema.upgrade(database)
    database.close()
    monkeypatch.setenv("IVR_DATABASE_URL", url)
    monkeypatch.delenv("IVR_SECRET_KEY", raising=False)
    return url


@pytest.mark.usefixtures("installed")
def test_the_list_of_callbacks_runs(capsys: pytest.CaptureFixture[str]) -> None:
    hotline = Installation.here()
    keyring = hotline.keyring
    with hotline.database.begin() as connection, Session(connection) as db:
        assert callbacks.book(
            db, keyring, call="CA1", number="13800138000", queue="general", problem="一般咨询",
            language="zh-CN", customer_id=None, consented_at=clock.now(),
        )  # fmt: skip
        db.commit()
    snippet("CallbackRow")
    hotline.database.close()
    assert "+8613800138000 zh-CN general 一般咨询" in capsys.readouterr().out


@pytest.mark.usefixtures("installed")
def test_a_customer_of_ones_own_is_kept() -> None:
    snippet("Person(")
    hotline = Installation.here()
    with hotline.database.begin() as connection, Session(connection) as db:
        assert directory.by_mobile(db, hotline.keyring, "+8613600136000") == "C1007"
    hotline.database.close()


def snippet(word: str) -> None:
    """Run the Python of operations.md in which a word stands."""
    [found] = [block for block in blocks(DOCUMENTS["docs/operations.md"], "python") if word in block.text]
    scope: dict[str, Any] = {}
    exec(found.text, scope)  # noqa: S102 - the document's own words
    scope["hotline"].database.close()


def test_the_statements_of_operations_run(installed: str) -> None:
    text = DOCUMENTS["docs/operations.md"]
    statements = [block.text for block in blocks(text, "sql")] + re.findall(r"`(select [^`]+|update [^`]+)`", text)
    assert len(statements) >= 2
    database = open_database(installed)
    with database.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("...", "1"))
    database.close()
