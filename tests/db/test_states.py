"""A row moves by its table, once: from the state and version that were read, or not at all."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ivr.db import Database, Instant
from ivr.db.states import TransitionTable, diagram, move
from ivr.foundation.errors import IllegalTransition, LostRace

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
CASE: TransitionTable[str, str] = {
    ("open", "answer"): "answered",
    ("answered", "return"): "open",
    ("answered", "close"): "closed",
}


class Sample(DeclarativeBase):
    """Rows of this test alone."""


class Case(Sample):
    __tablename__ = "sample_cases"

    number: Mapped[str] = mapped_column(String(8), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(16), default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


@pytest.fixture
def cases(database: Database) -> Database:
    with database.begin() as connection, Session(connection) as db:
        Sample.metadata.create_all(connection)
        db.add(Case(number="c1", state="open"))
        db.commit()
    return database


def read(database: Database) -> Case:
    """The row as one transaction saw it, for use in another."""
    with database.begin() as connection, Session(connection, expire_on_commit=False) as db:
        return db.get_one(Case, "c1")


def test_a_move_sets_state_version_and_columns_in_the_row_and_the_database(cases: Database) -> None:
    with cases.begin() as connection, Session(connection) as db:
        case = db.get_one(Case, "c1")
        case.note = "by hand"
        move(db, case, CASE, "answer", answered_at=NOW)
        assert (case.state, case.version, case.answered_at) == ("answered", 2, NOW)
        assert not db.dirty
    kept = read(cases)
    assert (kept.state, kept.version, kept.answered_at, kept.note) == ("answered", 2, NOW, "by hand")


def test_what_the_table_does_not_know_changes_nothing(cases: Database) -> None:
    with cases.begin() as connection, Session(connection) as db:
        case = db.get_one(Case, "c1")
        with pytest.raises(IllegalTransition, match="'close' does not happen in the state 'open'"):
            move(db, case, CASE, "close")
    assert read(cases).version == 1


@pytest.mark.parametrize("others", [["answer"], ["answer", "return"]], ids=["another state", "the same state again"])
def test_who_read_the_row_before_another_moved_it_lost(cases: Database, others: list[str]) -> None:
    mine = read(cases)
    for event in others:
        with cases.begin() as connection, Session(connection) as db:
            move(db, db.get_one(Case, "c1"), CASE, event)
    with cases.begin() as connection, Session(connection) as db:
        db.add(mine)
        with pytest.raises(LostRace):
            move(db, mine, CASE, "answer", note="mine")
        assert (mine.version, mine.note) == (len(others) + 1, "")  # what stands now


def test_a_table_is_drawn_with_its_beginning_and_ends() -> None:
    assert diagram(CASE) == (
        "stateDiagram-v2\n    [*] --> open\n    open --> answered: answer\n    answered --> open: return\n"
        "    answered --> closed: close\n    closed --> [*]\n"
    )
