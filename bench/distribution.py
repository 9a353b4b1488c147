"""How long it takes to decide who serves whom, in memory and on both databases."""

import time
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bench import databases
from bench.context import Bench
from bench.postgres import new_database, postgres
from bench.report import Row, times
from bench.rounds import spread
from ivr.centre.queues.distribution import QueueStaffing, distribute
from ivr.centre.queues.matching import FreeAgent, Line, Requirement, Snapshot, WaitingCall, match
from ivr.centre.queues.models import Agent, AgentChange, AgentSkill, Offer, QueuedCall
from ivr.db import Database, open_database
from ivr.foundation.clock import now

WAITING, FREE = 10_000, 2_000
QUEUES = tuple(f"queue{number}" for number in range(20))
STORED_WAITING, STORED_FREE = 300, 20


def distribution(bench: Bench) -> list[Row]:
    """A decision among ten thousand callers; a whole round with three hundred waiting."""
    rows = [_decided(bench, FREE), _decided(bench, 1)]
    path = bench.folder / "distribution.db"
    databases.prepare(databases.environment(f"sqlite:///{path}"), 0)
    rows.append(_round(bench, "SQLite", f"sqlite:///{path}"))
    with postgres(bench.folder / "postgres-distribution") as sockets:
        url = new_database(sockets, "distribution")
        databases.prepare(databases.environment(url), 0)
        rows.append(_round(bench, "PostgreSQL", url))
    return rows


def _floor(free: int) -> Snapshot:
    """Twenty queues, each relaxed once; agents with three skills of several levels."""
    lines = []
    for place, queue in enumerate(QUEUES):
        calls = [WaitingCall(n, 1000.0 - n % 97, 1000.0 - n % 97) for n in range(place, WAITING, len(QUEUES))]
        calls.sort(key=lambda call: (call.rank_at, call.id))
        lines.append(Line(queue, (Requirement(0.0, queue, 3), Requirement(30.0, queue, 1)), calls))
    agents = [
        FreeAgent(f"agent{n:04}", {QUEUES[(n * step) % 20]: 1 + n % 5 for step in (1, 3, 7)}, 900.0 + n % 89)
        for n in range(free)
    ]
    return Snapshot(1000.0, lines, agents, {agent.id: agent.skills for agent in agents})


def _decided(bench: Bench, free: int) -> Row:
    floor, took = _floor(free), []
    for _ in range(bench.rounds):
        began = time.perf_counter()
        decisions = len(list(match(floor)))
        took.append(1000 * (time.perf_counter() - began) / decisions)
    each = spread(took)
    what = f"a decision with {WAITING:,} callers waiting and {free:,} agents free"
    return Row(what, f"{times(each, 3)} ms", "< 1 ms", each[0] < 1, f"the mean of {decisions:,} made at one moment")


def _round(bench: Bench, kind: str, url: str) -> Row:
    """Read who waits and who is free, decide, and reserve twenty offers, each in a transaction of its own."""
    database, staffing = open_database(url), {"general": QueueStaffing((Requirement(0.0, "general", 1),))}
    took = []
    for _ in range(bench.rounds):
        _fill(database)
        began = time.perf_counter()
        offered = distribute(database, staffing, now())
        took.append(1000 * (time.perf_counter() - began))
        if offered != STORED_FREE:
            raise RuntimeError(f"{offered} offers instead of {STORED_FREE}")
    database.close()
    each = spread(took)
    what = f"{kind}: a round of distribution, {STORED_WAITING} waiting, {STORED_FREE} offered"
    return Row(what, f"{times(each, 0)} ms", "<= 500 ms", each[0] <= 500, "a worker makes a round each half second")


def _fill(database: Database) -> None:
    """Callers who wait and agents who are ready, as they were before any offer."""
    at = now()
    with Session(database.durable) as db, db.begin():
        for kind in (Offer, QueuedCall, AgentChange, AgentSkill, Agent):
            db.execute(delete(kind))
        for n in range(STORED_FREE):
            db.add(Agent(id=f"bench{n}", state="ready", since=at, idle_since=at, proved_at=at))
        db.flush()
        db.add_all(AgentSkill(agent_id=f"bench{n}", skill="general", level=3) for n in range(STORED_FREE))
        for n in range(STORED_WAITING):
            since = at - timedelta(seconds=n)
            db.add(
                QueuedCall(
                    call=f"CA{n:032}", queue="general", state="waiting", language="en", level="none",
                    entered_at=since, rank_at=since, seen_at=at,
                )
            )  # fmt: skip
