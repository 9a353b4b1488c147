"""The audit log: what is changed, taken out, cut off or moved shows, with and without what was anchored outside."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.platform.audit import anchors, chain, log
from ivr.platform.audit.log import Anchor

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
DEEDS = 6


@pytest.fixture
def kept(database: Database, keyring: Keyring) -> list[Anchor]:
    """A log of six entries; its head was anchored after the third and the last."""
    heads: list[Anchor] = []
    for number in range(1, DEEDS + 1):
        with database.begin() as connection, Session(connection) as db:
            log.append(
                db, keyring, at=NOW + timedelta(seconds=number), actor="caller", deed="pay_bill", subject="wang",
                details={"call": f"CA{number:032x}", "outcome": "done", "name": "电费"},
            )  # fmt: skip
            db.flush()
            if number in (3, DEEDS):
                heads.append(log.head(db))
    return heads


def _verify(database: Database, keyring: Keyring, kept: list[Anchor] | None = None) -> str | None:
    with database.begin() as connection, Session(connection) as db:
        return chain.verify(db, keyring, kept or ())


def _do(database: Database, statement: str) -> None:
    with database.begin() as connection:
        connection.execute(text(statement))


def test_a_log_that_nobody_touched_is_whole(database: Database, keyring: Keyring, kept: list[Anchor]) -> None:
    assert _verify(database, keyring, kept) is None
    assert [seq for seq, _ in kept] == [3, DEEDS]


def test_an_empty_log_is_whole(database: Database, keyring: Keyring) -> None:
    assert _verify(database, keyring) is None


@pytest.mark.parametrize(
    "change",
    ["actor = 'agent'", "deed = 'x'", "subject = 'li'", "details = '{}'", "at = '2026-03-05 02:00:00+00:00'"],
)
def test_a_changed_entry_shows(database: Database, keyring: Keyring, kept: list[Anchor], change: str) -> None:
    _do(database, f"update audit_entries set {change} where seq = 4")  # noqa: S608 - of the list above
    assert _verify(database, keyring) == "entry 4 was changed"
    assert kept


def test_a_deleted_entry_shows(database: Database, keyring: Keyring, kept: list[Anchor]) -> None:
    _do(database, "delete from audit_entries where seq = 2")
    assert _verify(database, keyring) == "entry 2 is missing"
    assert kept


def test_entries_that_moved_up_show(database: Database, keyring: Keyring, kept: list[Anchor]) -> None:
    _do(database, "delete from audit_entries where seq = 1")
    _do(database, "update audit_entries set seq = -seq")
    _do(database, "update audit_entries set seq = -seq - 1")
    assert _verify(database, keyring) == "entry 1 was changed"
    assert kept


def test_a_cut_tail_shows_by_the_head(database: Database, keyring: Keyring, kept: list[Anchor]) -> None:
    _do(database, "delete from audit_entries where seq > 4")
    assert _verify(database, keyring) == "the head does not point at entry 4"
    assert kept


def test_a_cut_tail_with_its_head_moved_shows_by_the_anchors(
    database: Database, keyring: Keyring, kept: list[Anchor]
) -> None:
    _do(database, "delete from audit_entries where seq > 4")
    _do(database, "update audit_head set seq = 4, mac = (select mac from audit_entries where seq = 4)")
    assert _verify(database, keyring) is None, "without anchors a cut tail is not to be seen"
    assert _verify(database, keyring, kept) == "the log ends at 4, entry 6 was anchored: its tail was cut off"


def test_a_log_that_was_emptied_shows_by_the_anchors(database: Database, keyring: Keyring, kept: list[Anchor]) -> None:
    _do(database, "delete from audit_entries")
    _do(database, "delete from audit_head")
    assert _verify(database, keyring, kept) == "the log ends at 0, entry 6 was anchored: its tail was cut off"


def test_a_log_written_anew_shows_by_the_anchors(database: Database, keyring: Keyring, kept: list[Anchor]) -> None:
    _do(database, "delete from audit_entries")
    _do(database, "delete from audit_head")
    for _ in range(DEEDS):
        with database.begin() as connection, Session(connection) as db:
            log.append(db, keyring, at=NOW, actor="caller", deed="nothing", subject="", details={})
    assert _verify(database, keyring) is None
    assert _verify(database, keyring, kept) == "entry 3 is not the one that was anchored"


def test_another_key_does_not_verify(database: Database, kept: list[Anchor]) -> None:
    assert _verify(database, Keyring(("another-key-" + "f" * 32,))) == "entry 1 was changed"
    assert kept


def test_the_head_is_anchored_where_it_moved(database: Database, keyring: Keyring, tmp_path: Path) -> None:
    file = tmp_path / "somewhere" / "audit.anchors"

    def keep() -> list[Anchor]:
        with database.begin() as connection, Session(connection) as db:
            head = anchors.due(db, file)
        if head is not None:
            anchors.keep(head, file, NOW)
        return anchors.read(file)

    def append() -> None:
        with database.begin() as connection, Session(connection) as db:
            log.append(db, keyring, at=NOW, actor="caller", deed="x", subject="", details={})

    assert keep() == []
    append()
    assert [seq for seq, _ in keep()] == [1]
    assert [seq for seq, _ in keep()] == [1]
    append()
    append()
    assert [seq for seq, _ in keep()] == [1, 3]
    assert _verify(database, keyring, anchors.read(file)) is None


@pytest.mark.parametrize(
    ("anchored", "minutes", "bare"), [(DEEDS, 60, 0), (3, 9, 0), (3, 11, 4), (0, 9, 0), (0, 11, 1)]
)
def test_entries_that_were_never_anchored_are_missed(
    database: Database, kept: list[Anchor], anchored: int, minutes: int, bare: int
) -> None:
    """Taking the anchors away hides a cut tail, so a log that has outgrown its anchors is not called whole."""
    with database.begin() as connection, Session(connection) as db:
        told = anchors.missing(
            db, [each for each in kept if each[0] <= anchored], NOW + timedelta(minutes=minutes, seconds=DEEDS)
        )
    assert told == (f"no anchor covers entry {bare} and those after it" if bare else None)


def test_lines_that_are_no_anchors_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "audit.anchors"
    file.write_bytes(b"2026-03-04T02:00:00+00:00 7 abcd\nhalf a li\n\xff\xfe\n2026-03-04T02:01:00+00:00 9 ef01\n")
    assert anchors.read(file) == [(7, "abcd"), (9, "ef01")]
    assert anchors.read(tmp_path / "none") == []
