"""Publishing: a start publishes what is new and nothing else; rollbacks go back, and further back."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from ivr.calls import bundles as published
from ivr.calls.assembly import publish_files
from ivr.config import Settings
from ivr.crypto import Keyring
from ivr.db import Database
from ivr.engine.sources import Sources
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
