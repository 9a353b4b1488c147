"""The rules of a queue, without a call: who joins, where they stand, what they are told, and how they leave."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ivr.centre.queues import waiting
from ivr.centre.queues.estimates import Band
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.promises import promises
from ivr.centre.queues.waiting import Pace
from ivr.db import Database
from ivr.foundation.errors import IllegalTransition, LostRace

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
_CALLS = count(1)


@dataclass(frozen=True)
class Rules:
    """Room for three."""

    max_waiting: int = 3
    max_wait_minutes: int = 10
    priority: int = 0


def join(
    db: Session, rules: Rules | None = None, *, queue: str = "general", staff: int = 2, call: str = ""
) -> tuple[str, str]:
    """What became of a caller who wants to join, and the call."""
    caller = waiting.Caller(call or f"CA{next(_CALLS):032x}", "en", "query", "balance", ("main", "agent"), "wang_fang")
    return waiting.join(db, queue, rules or Rules(), staff, caller, NOW), caller.call


def entry(db: Session, call: str) -> QueuedCall:
    found = waiting.latest(db, call)
    assert found is not None
    return found


def joined(db: Session, rules: Rules | None = None, *, queue: str = "general", call: str = "") -> QueuedCall:
    """A caller who waits."""
    result, call = join(db, rules, queue=queue, call=call)
    assert result == "joined"
    return entry(db, call)


def moved(db: Session, row: QueuedCall, *events: str) -> str:
    """The state after some events, each of which happened."""
    for event in events:
        waiting.move(db, row, event, NOW)
    return row.state


def test_an_agent_will_know_what_is_known_of_the_caller(database: Database) -> None:
    with Session(database.durable) as db:
        row = joined(db, Rules(priority=3))
        known = (row.queue, row.state, row.priority, row.language, row.level, row.intent, row.path, row.customer_id)
        assert known == ("general", "waiting", 3, "en", "query", "balance", "main agent", "wang_fang")
        assert (row.entered_at, row.seen_at, row.left_at) == (NOW, NOW, None)


def test_joining_twice_is_once_and_another_queue_is_another_stay(database: Database) -> None:
    with Session(database.durable) as db:
        first = joined(db)
        assert joined(db, call=first.call).id == first.id
        assert joined(db, call=first.call, queue="loans").id != first.id


def test_a_queue_that_nobody_serves_takes_nobody(database: Database) -> None:
    with Session(database.durable) as db:
        assert join(db, staff=0)[0] == "closed"
        assert db.scalar(select(func.count()).select_from(QueuedCall)) == 0


def test_a_queue_is_full_at_its_size_and_who_left_makes_room(database: Database) -> None:
    """A caller who hears the callback offer keeps the position; other queues are not counted."""
    with Session(database.durable) as db:
        first, second, _ = (joined(db) for _ in range(3))
        joined(db, queue="loans")
        moved(db, first, "ask_callback")
        assert join(db)[0] == "full"
        moved(db, second, "hang_up")
        assert join(db)[0] == "joined"


def test_who_looked_at_the_offer_comes_back_to_their_place_even_after_hours(database: Database) -> None:
    with Session(database.durable) as db:
        first, second = joined(db), joined(db)
        moved(db, first, "ask_callback")
        assert join(db, Rules(max_waiting=0), staff=0, call=first.call)[0] == "joined"
        assert (entry(db, first.call).id, first.state, first.left_at) == (first.id, "waiting", None)
        assert waiting.position(db, second, Rules(), pace(), NOW).ahead == 1


def test_ahead_are_those_of_the_queue_who_came_before_or_matter_more(database: Database) -> None:
    rules = Rules(max_waiting=9)
    with Session(database.durable) as db:
        gone, leaving, asked = joined(db, rules), joined(db, rules), joined(db, rules)
        joined(db, rules)  # later
        joined(db, Rules(max_waiting=9, priority=1))  # later, and goes first
        joined(db, rules, queue="loans")
        moved(db, gone, "answer")
        moved(db, leaving, "ask_callback")
        assert waiting.position(db, asked, rules, pace(), NOW).ahead == 2
        asked.rank_at = NOW - timedelta(minutes=2)
        assert waiting.position(db, asked, rules, pace(), NOW).ahead == 0


def pace(staff: int = 2, handling: float = 180.0) -> Pace:
    return Pace(staff, float(staff), handling)


def test_the_wait_that_is_told_rises_only_when_the_staff_changed(database: Database) -> None:
    """Two agents, 180 s a call, and as many callers leave: 90 s for the first place, 60 s for the second, then 45 s."""
    rules = Rules(max_waiting=9)
    with Session(database.durable) as db:
        first, last = joined(db, rules), joined(db, rules)
        told = [waiting.position(db, last, rules, pace(), NOW)]
        joined(db, Rules(max_waiting=9, priority=1))
        told.append(waiting.position(db, last, rules, pace(), NOW))
        moved(db, first, "hang_up")
        told.append(waiting.position(db, last, rules, pace(handling=60.0), NOW))
        told.append(waiting.position(db, last, rules, pace(staff=1), NOW + timedelta(minutes=1)))
        assert (last.told_low, last.told_high, last.told_at) == (60, 240, NOW), "the first promise stays"
    assert [(each.ahead, each.wait, each.is_news) for each in told] == [
        (1, Band(1, 4), True),
        (2, Band(1, 4), False),
        (1, Band(1, 2), True),
        (1, Band(3, 6), True),
    ]
    assert [each.rounds for each in told] == [1, 2, 3, 4]


def test_a_promise_is_broken_a_minute_after_its_long_end(database: Database) -> None:
    """Told one to four minutes: five minutes are within it, and a second more is not. Who hung up is not counted."""
    with Session(database.durable) as db:
        for came, event in ((300, "answer"), (301, "answer"), (400, "hang_up")):
            row = joined(db, Rules(max_waiting=9))
            row.told_high, row.told_at = 240, NOW
            waiting.move(db, row, event, NOW + timedelta(seconds=came))
        found = promises(db.connection(), "general", NOW)
    assert (found.told, found.broken, found.broken_rate) == (2, 1, 0.5)


@pytest.mark.parametrize(("minutes", "seconds", "overdue"), [(9, 59, False), (10, 0, True)])
def test_patience_ends_at_its_minute(database: Database, minutes: int, seconds: int, overdue: bool) -> None:
    now = NOW + timedelta(minutes=minutes, seconds=seconds)
    with Session(database.durable) as db:
        assert waiting.position(db, joined(db), Rules(), pace(), now).overdue is overdue


def test_who_books_a_callback_from_the_offer_has_not_abandoned(database: Database) -> None:
    with Session(database.durable) as db:
        asking, elsewhere = joined(db), joined(db)
        moved(db, asking, "ask_callback")
        for call in (asking.call, elsewhere.call, "CA of nobody"):
            waiting.booked(db, call, NOW)
        assert (asking.state, asking.left_at) == ("callback", NOW)
        assert elsewhere.state == "waiting"


def test_a_move_that_someone_else_made_first_is_not_made_again(database: Database) -> None:
    with Session(database.durable) as db:
        row = joined(db)
        taken = update(QueuedCall).where(QueuedCall.id == row.id).values(state="answered")
        db.execute(taken.execution_options(synchronize_session=False))
        with pytest.raises(LostRace):
            waiting.move(db, row, "hang_up", NOW)
        assert row.state == "answered"
        with pytest.raises(IllegalTransition):
            waiting.move(db, row, "book", NOW)


def test_the_quiet_are_found_longest_first_and_no_more_than_asked_for(database: Database) -> None:
    with Session(database.durable) as db:
        places = [joined(db, Rules(max_waiting=9)) for _ in range(5)]
        for row, seconds in zip(places, (20, 30, 10, 40, 0), strict=True):
            row.seen_at = NOW - timedelta(seconds=seconds)
            row.queue_sid = f"QU{seconds}"
        moved(db, places[3], "hang_up")
        found = waiting.quiet(db, NOW - timedelta(seconds=10), at_most=5)
        assert found == [(places[1].call, "QU30"), (places[0].call, "QU20")]
        assert waiting.quiet(db, NOW, at_most=1) == found[:1]
