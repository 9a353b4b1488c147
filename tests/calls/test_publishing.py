"""Publishing: a start publishes what is new and nothing else; rollbacks go back, and further back."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.calls.assembly import publish_files
from ivr.calls.publishing import bundles as published
from ivr.db import Database
from ivr.engine.bundle import Bundle
from ivr.engine.sources import Sources
from ivr.foundation import logs
from ivr.foundation.config import Settings
from ivr.foundation.crypto import Keyring
from tests.support.databases import ROOT

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def folder(tmp_path: Path) -> Path:
    """A copy of the project's flows and prompts."""
    for name in ("flows", "prompts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def say(root: Path, words: str) -> None:
    """Change one prompt of the copy."""
    path = root / "prompts" / "zh-CN.yaml"
    text = path.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("  goodbye:"))
    path.write_text(text.replace(old, f"  goodbye: {words}"), encoding="utf-8")


def test_a_start_does_not_undo_a_rollback(
    sqlite_database: Database, keyring: Keyring, settings: Settings, tmp_path: Path
) -> None:
    root = folder(tmp_path)
    seen = []
    for words in ("再见。", "感谢您，再见。", "祝您愉快，再见。"):
        say(root, words)
        seen.append(publish_files(sqlite_database, keyring, settings, root, NOW, "start"))
    assert len(set(seen)) == 3
    for expected in (seen[1], seen[0]):
        with sqlite_database.begin() as connection:
            assert published.previous(connection) == expected
            kept = connection.exec_driver_sql("select sources from bundles where hash = ?", (expected,)).scalar_one()
            published.publish(connection, keyring, Sources.load(kept), NOW, "staff", "rollback")
        assert publish_files(sqlite_database, keyring, settings, root, NOW, "start") == expected
    with sqlite_database.begin() as connection:
        assert published.previous(connection) is None


def test_files_that_fail_leave_the_running_bundle(
    sqlite_database: Database, keyring: Keyring, settings: Settings, tmp_path: Path
) -> None:
    root = folder(tmp_path)
    running = publish_files(sqlite_database, keyring, settings, root, NOW, "start")
    say(root, "{nothing|money}再见。")
    assert publish_files(sqlite_database, keyring, settings, root, NOW, "start") == running


def breaks(*_: object) -> Bundle:
    """A reader with a fault of its own."""
    raise KeyError("what nobody foresaw")


def test_a_fault_of_the_reader_itself_leaves_the_running_bundle_and_is_logged(
    database: Database,
    keyring: Keyring,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = folder(tmp_path)
    running = publish_files(database, keyring, settings, root, NOW, "start")
    say(root, "再会。")
    logs.configure()
    monkeypatch.setattr("ivr.calls.assembly.build", breaks)
    assert publish_files(database, keyring, settings, root, NOW, "start") == running
    logged = capsys.readouterr().err
    assert "the flows in the folder cannot be published; the published bundle stays" in logged
    assert "KeyError" in logged
    assert "test_publishing.py" in logged  # the traceback leads to the place
    monkeypatch.undo()
    assert publish_files(database, keyring, settings, root, NOW, "start") != running


@pytest.mark.parametrize("missing", ["flows", "prompts/en.yaml"])
def test_a_folder_that_is_not_whole_leaves_the_running_bundle(
    missing: str, sqlite_database: Database, keyring: Keyring, settings: Settings, tmp_path: Path
) -> None:
    root = folder(tmp_path)
    running = publish_files(sqlite_database, keyring, settings, root, NOW, "start")
    (root / missing).rename(tmp_path / "elsewhere")
    assert publish_files(sqlite_database, keyring, settings, root, NOW, "start") == running


def test_where_nothing_was_published_a_fault_is_raised(
    sqlite_database: Database, keyring: Keyring, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder(tmp_path)
    monkeypatch.setattr("ivr.calls.assembly.build", breaks)
    with pytest.raises(KeyError, match="nobody foresaw"):
        publish_files(sqlite_database, keyring, settings, root, NOW, "start")
