"""The journal of calls with 100,000 of them: every search and every number, on both databases."""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from bench.context import Bench
from bench.databases import SECRET
from bench.postgres import new_database, postgres
from bench.report import Row
from ivr.calls.models import Call
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import QueuedCall
from ivr.db import Database, look, open_database, schema
from ivr.foundation.crypto import Keyring
from ivr.reports import journal
from ivr.reports.figures import figures, figures_by
from ivr.reports.filters import Filter

CALLS, DAYS, AGENTS, CUSTOMERS = 100_000, 30, 60, 30_000
CHUNK = 5_000
MOST_SECONDS = 0.3
BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
QUEUES = ("general", "payments", "transfers", "security", "english")
CATEGORIES = ("account", "card", "transfer", "payment", "loan", "deposit", "branch", "complaint")
STATES = ("answered",) * 16 + ("abandoned", "abandoned", "callback", "timeout")
Rows = dict[Any, list[dict[str, object]]]


def _number(customer: int) -> str:
    return f"+86138{customer:08d}"


def _rows(keyring: Keyring, first: int, last: int, chance: random.Random) -> Rows:
    """Calls from `first` on: two in three ask for an agent, and four in five of those are answered."""
    made: Rows = {Call: [], QueuedCall: [], Interaction: [], WrapUp: []}
    for number in range(first, last):
        at = BEGAN + timedelta(days=DAYS) * (number / CALLS)
        sid, customer = f"CA{chance.getrandbits(128):032x}", chance.randrange(CUSTOMERS)
        index = keyring.blind_index("mobile", _number(customer))
        made[Call].append({
            "call": sid, "turn": 6, "bundle": "b", "state": b"over", "caller": None, "caller_index": index,
            "language": "zh-CN", "started_at": at, "ended_at": at + timedelta(minutes=4), "ending": "served",
            "erased": True,
        })  # fmt: skip
        if chance.random() < 2 / 3:
            _queue(made, sid, number, at, f"c{customer}", chance)
    return made


def _queue(made: Rows, sid: str, number: int, at: datetime, customer: str, chance: random.Random) -> None:
    joined, waited = at + timedelta(seconds=60), timedelta(seconds=chance.randrange(90))
    queue, state, agent = chance.choice(QUEUES), chance.choice(STATES), f"agent{chance.randrange(AGENTS)}"
    key = number + 1
    made[QueuedCall].append({
        "id": key, "call": sid, "queue": queue, "state": state, "priority": 0, "language": "zh-CN", "level": "query",
        "intent": "", "path": "", "failed_step": "", "customer_id": customer, "entered_at": joined, "rank_at": joined,
        "seen_at": joined, "left_at": joined + waited, "rounds": 1,
    })  # fmt: skip
    if state != "answered":
        return
    talk, end = joined + waited, joined + waited + timedelta(seconds=chance.randrange(30, 500))
    made[Interaction].append({
        "id": key, "kind": "inbound", "call_id": sid, "queued_call_id": key, "queue": queue, "agent_id": agent,
        "state": "ended", "version": 5, "customer_id": customer, "level": "query", "conference": f"i{key}",
        "accepted_at": talk, "talked_at": talk, "held_seconds": 0, "ended_at": end, "ended_by": "customer",
    })  # fmt: skip
    made[WrapUp].append({
        "interaction_id": key, "agent_id": agent, "state": "submitted", "version": 1,
        "category": chance.choice(CATEGORIES), "product": "card", "disposition": "solved",
        "until": end + timedelta(seconds=60), "closed_at": end + timedelta(seconds=30),
    })  # fmt: skip


def fill(database: Database, keyring: Keyring) -> None:
    """A month of calls in a migrated database."""
    chance = random.Random(1)
    for first in range(0, CALLS, CHUNK):
        with database.begin(durable=False) as connection:
            for model, rows in _rows(keyring, first, first + CHUNK, chance).items():
                connection.execute(insert(model), rows)
    if not database.is_sqlite:  # there nobody does it by itself, and the journal does without
        with database.begin() as connection:
            connection.execute(text("ANALYZE"))


def searches(keyring: Keyring) -> Iterator[tuple[str, Filter]]:
    """What leaders look for, the broadest and the rarest."""
    day = BEGAN + timedelta(days=17)
    yield "everything", Filter()
    yield "a number", Filter(number=keyring.blind_index("mobile", _number(77)))
    yield "a customer", Filter(customer="c77")
    yield "an agent", Filter(agent="agent7")
    yield "an agent's own", Filter(own="agent8")
    yield "a category", Filter(category="loan")
    yield "a day", Filter(since=day, until=day + timedelta(days=1))
    yield "a queue", Filter(queue="english")
    yield "an outcome", Filter(outcome="timeout")
    yield "an outcome that none has", Filter(outcome="failed")
    yield "a category that none has", Filter(category="nothing")
    yield "an agent who has none", Filter(agent="nobody")
    yield (
        "agent, category, queue, outcome",
        Filter(agent="agent7", category="loan", queue="english", outcome="answered", since=BEGAN),
    )
    yield (
        "a number that opens its calls",
        Filter(metric="service_level", queue="general", since=day, until=day + timedelta(days=1)),
    )


@dataclass(frozen=True)
class Taken:
    """How long something took on a database, in seconds: the median and the longest."""

    what: str
    median: float
    longest: float


def _take(database: Database, what: str, act: Callable[[Any], object], rounds: int) -> Taken:
    took = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        with look(database, 30.0) as db:
            act(db)
        took.append(time.perf_counter() - began)
    return Taken(what, statistics.median(took[1:]), max(took[1:]))  # the first finds a cold cache


def measure(database: Database, keyring: Keyring, rounds: int) -> Sequence[Taken]:
    """Each search as the page makes it: its first 200 lines."""
    return [
        _take(database, what, lambda db, wanted=wanted: journal.search(db, wanted), rounds)  # type: ignore[misc]
        for what, wanted in searches(keyring)
    ]


def numbers(database: Database, rounds: int) -> Sequence[Taken]:
    """The numbers beside a list: of a day, and of a day by agent."""
    day = BEGAN + timedelta(days=17)
    wanted = Filter(since=day, until=day + timedelta(days=1))
    return [
        _take(database, "the numbers of a day", lambda db: figures(db, wanted), rounds),
        _take(database, "the numbers of a day by agent", lambda db: figures_by(db, wanted, "answered_by"), rounds),
        _take(database, "how many there are", lambda db: journal.count(db, Filter()), rounds),
    ]


def journals(bench: Bench) -> list[Row]:
    """Searches among 100,000 calls."""
    keyring = Keyring((SECRET,))
    rows = []
    with postgres(bench.folder / "journal-data") as sockets:
        for name, url in (
            ("SQLite", f"sqlite:///{bench.folder / 'journal.db'}"),
            ("PostgreSQL", new_database(sockets, "journal")),
        ):
            database = open_database(url)
            schema.upgrade(database)
            fill(database, keyring)
            found = [*measure(database, keyring, bench.rounds), *numbers(database, bench.rounds)]
            month = _take(database, "the numbers of the month", lambda db: figures(db, Filter(since=BEGAN)), 1)
            database.close()
            for each in (*found, month):
                bench.say(f"{name}: {each.what} {each.median * 1000:.0f} ms (longest {each.longest * 1000:.0f})")
            slowest = max(found, key=lambda each: each.median)
            told = ", ".join(f"{each.what} {each.median * 1000:.0f}" for each in (*found, month))
            measured = f"**{slowest.median * 1000:.0f}** ms"
            what = f"{name}: the slowest search among {CALLS:,} calls"
            rows.append(Row(what, measured, "<= 300 ms", slowest.median <= MOST_SECONDS, f"in ms: {told}"))
    return rows
