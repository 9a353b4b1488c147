"""A restored database has lost entries that were anchored: that is stated in the log, and nothing else is excused."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ivr.db import Database
from ivr.foundation.crypto import Keyring
from ivr.foundation.errors import ConfigurationError
from ivr.platform.audit import anchors, chain, log
from ivr.platform.audit.chain import ChainReport, Restore
from ivr.platform.audit.log import Anchor
from ivr.platform.audit.models import AuditEntry

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
BACKUP, LOST = 4, 9  # the backup was made after the fourth entry; the ninth was the last one anchored


class Log:
    """A log on one database, with the anchors that were kept outside."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self.database, self.keyring = database, keyring
        self.anchors: list[Anchor] = []

    def write(self, count: int, word: str, anchor: bool = True) -> None:
        """So many entries, each anchored."""
        for _ in range(count):
            with self.database.begin() as connection, Session(connection) as db:
                log.append(db, self.keyring, at=NOW, actor="caller", deed=word, subject="wang", details={})
                if anchor:
                    self.anchors.append(log.head(db))

    def do(self, *statements: str) -> None:
        with self.database.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def cut(self, last: int) -> None:
        """Make the log what it was after entry `last`, as a restored backup is, or as who hides something would."""
        self.do(
            f"delete from audit_entries where seq > {last}",  # noqa: S608 - a number of ours
            f"update audit_head set seq = {last}, mac = "  # noqa: S608
            f"(select mac from audit_entries where seq = {last})",
        )

    def read(self) -> ChainReport:
        with self.database.begin() as connection, Session(connection) as db:
            return chain.read(db, self.keyring, self.anchors)

    def state(self, anchor: int | None = None) -> Restore:
        with self.database.begin() as connection, Session(connection) as db:
            made = chain.restored(db, self.keyring, self.anchors, NOW, by="zhang.li", reason="disk", anchor=anchor)
            self.anchors.append(log.head(db))
            return made


@pytest.fixture
def restored(database: Database, keyring: Keyring) -> Log:
    """Nine entries, of which a backup brought four back."""
    made = Log(database, keyring)
    made.write(LOST, "before")
    made.cut(BACKUP)
    assert made.read().fault == "the log ends at 4, entry 9 was anchored: its tail was cut off"
    return made


@pytest.mark.parametrize("since", [0, 2, 8])
def test_a_stated_restore_is_whole_again_however_many_calls_came_first(restored: Log, since: int) -> None:
    restored.write(since, "after")
    assert restored.read().fault is not None
    stated = restored.state()
    assert (stated.seq, stated.by, stated.anchor, stated.lost_to) == (BACKUP + since + 1, "zhang.li", BACKUP, LOST)
    restored.write(3, "later")
    found = restored.read()
    assert found.fault is None
    assert [each.reason for each in found.restores] == ["disk"]
    assert found.astray == ()


def test_what_is_tampered_with_afterwards_is_seen(restored: Log) -> None:
    restored.state()
    restored.write(3, "later")
    restored.do("update audit_entries set actor = 'x' where seq = 7")
    assert restored.read().fault == "entry 7 was changed"


@pytest.mark.parametrize("last", [4, 5, 6, 7])
def test_a_tail_that_is_cut_off_afterwards_is_seen(restored: Log, last: int) -> None:
    """Also where the statement itself goes with it."""
    restored.state()
    restored.write(3, "later")
    restored.cut(last)
    assert restored.read().fault is not None


def test_a_statement_that_is_changed_is_seen(restored: Log) -> None:
    restored.state()
    restored.do("update audit_entries set details = replace(details, 'disk', 'dust') where deed = 'log_restored'")
    assert restored.read().fault == f"entry {BACKUP + 1} was changed"


def test_a_second_restore_is_stated_beside_the_first(restored: Log) -> None:
    restored.write(2, "after")
    restored.state()
    restored.write(6, "later")
    restored.cut(8)
    assert restored.read().fault is not None
    second = restored.state()
    assert (second.anchor, second.lost_to) == (8, 13)
    restored.write(1, "last")
    assert restored.read().fault is None
    assert len(restored.read().restores) == 2


def test_a_restore_from_an_anchor_of_ones_own_choice(restored: Log) -> None:
    assert restored.state(anchor=2).anchor == 2
    assert restored.read().fault is None


@pytest.mark.parametrize("anchor", [5, 9, 77, -1])
def test_an_anchor_that_does_not_hold_is_refused(restored: Log, anchor: int) -> None:
    with pytest.raises(ConfigurationError, match=r"leave --anchor out to begin from 4$"):
        restored.state(anchor)


def test_a_log_that_is_whole_has_no_restore_to_state(database: Database, keyring: Keyring) -> None:
    whole = Log(database, keyring)
    whole.write(3, "x")
    with pytest.raises(ConfigurationError, match="no restore to state"):
        whole.state()


def test_what_a_restore_does_not_explain_is_not_excused(restored: Log) -> None:
    restored.do("update audit_entries set actor = 'x' where seq = 2")
    with pytest.raises(ConfigurationError, match="entry 2 was changed"):
        restored.state()


def test_anchors_of_the_lost_part_stand_for_nothing_that_came_after(restored: Log) -> None:
    """Entry 9 was anchored once; the entries that bear the numbers 6 to 9 now were not."""
    restored.state()
    restored.write(4, "later", anchor=False)
    held = restored.read().held
    with restored.database.begin() as connection, Session(connection) as db:
        told = anchors.missing(db, held, NOW + timedelta(hours=1))
    assert told == "no anchor covers entry 6 and those after it"


def test_the_statement_names_each_anchor_that_was_lost(restored: Log) -> None:
    lost = {f"{seq}:{mac[:16]}" for seq, mac in restored.anchors if seq > BACKUP}
    restored.state()
    with restored.database.begin() as connection, Session(connection) as db:
        details = json.loads(db.get_one(AuditEntry, BACKUP + 1).details)
    assert set(details["lost"]) == lost
    assert (details["anchor"], details["lost_to"], details["reason"]) == (BACKUP, LOST, "disk")
