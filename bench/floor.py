"""The floor and the wallboard of a large centre: how long a page takes with 2,000 agents and 300 callers waiting."""

import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from bench import databases
from bench.context import Bench
from bench.postgres import new_database, postgres
from bench.report import Row
from bench.rounds import spread
from console import office_of
from ivr.centre.desk.models import Interaction
from ivr.centre.queues.models import Agent, AgentChange, AgentSkill, QueuedCall
from ivr.centre.staff.demo import password_of
from ivr.console.application import standalone
from ivr.db import Database, work
from ivr.foundation import clock
from ivr.installation import Installation
from ivr.platform import live

AGENTS, WAITING, SERVED, CHANGES = 2_000, 300, 20_000, 60
QUEUES = ("general", "payments", "transfers", "security", "english")
STATES = ("ready", "ringing", "talking", "wrap_up")
PAGES = 9
MOST_FLOOR_MS, MOST_BOARD_MS = 1_000, 100


def floor(bench: Bench) -> list[Row]:
    """Pages of floor and wallboard: 2,000 agents, 300 callers waiting, 20,000 served today, on both databases."""
    rows = _rows("SQLite", bench.database("floor", 10))
    with postgres(bench.folder / "postgres-floor") as sockets:
        settings = databases.environment(new_database(sockets, "floor"))
        databases.prepare(settings, 10)
        rows += _rows("PostgreSQL", settings)
    return rows


def _rows(kind: str, settings: Mapping[str, str]) -> list[Row]:
    installation = Installation.here(settings)
    database, now = installation.database, clock.now()
    with work(database) as db:
        _fill(db, now)
    office = office_of(installation, is_demonstration=True)
    client = standalone(lambda: office).test_client()
    _sign_in(client)
    fresh = _milliseconds(lambda: client.get("/console/floor"), database)
    board = _milliseconds(lambda: client.get("/console/wallboard"), database)
    again = _milliseconds(lambda: client.get("/console/wallboard"), None)
    office.streams.listener.close()
    database.close()
    return [
        Row(f"{kind}: the floor after a change, {AGENTS:,} agents, {WAITING} waiting", f"{fresh[0]:.0f} ms",
            f"<= {MOST_FLOOR_MS:,} ms", fresh[0] <= MOST_FLOOR_MS, f"the slowest {fresh[2]:.0f} ms"),
        Row(f"{kind}: the first wallboard after a change", f"{board[0]:.0f} ms", "", None, "it reads the day"),
        Row(f"{kind}: each further wallboard", f"{again[0]:.1f} ms", f"<= {MOST_BOARD_MS} ms",
            again[0] <= MOST_BOARD_MS, "what one page read serves all"),
    ]  # fmt: skip


def _milliseconds(page: Callable[[], object], database: Database | None) -> tuple[float, float, float]:
    """Median, least and most of several pages; before each something changes, where a database is given."""
    page()
    taken = []
    for _ in range(PAGES):
        if database is not None:
            with work(database, durable=False) as db:
                live.changed(db, "queues")
        began = time.monotonic()
        page()
        taken.append(1000 * (time.monotonic() - began))
    return spread(taken)


def _sign_in(client: FlaskClient) -> None:
    [token] = re.findall(r'csrf-token" content="([0-9a-f]+)"', client.get("/console/sign-in").text)
    form = {"csrf_token": token, "user_name": "leader1", "password": password_of("leader1")}
    client.post("/console/sign-in", data=form)


def _fill(db: Session, now: datetime) -> None:
    """A day at a large centre, as rows."""
    for table in (AgentSkill, Agent):
        db.execute(delete(table))
    names = [f"agent{number:05}" for number in range(AGENTS)]
    states = [STATES[number % len(STATES)] for number in range(AGENTS)]
    common = {"version": 0, "reason": "", "wish_reason": "", "device": "browser"}
    db.execute(
        insert(Agent),
        [{"id": name, "state": state, "since": now, "idle_since": now, "proved_at": now, **common}
         for name, state in zip(names, states, strict=True)],
    )  # fmt: skip
    db.execute(
        insert(AgentSkill),
        [{"agent_id": name, "skill": skill, "level": 4} for name in names for skill in QUEUES[:3]],
    )
    db.execute(
        insert(AgentChange),
        [{"agent_id": name, "at": now - timedelta(minutes=3 * step), "state": STATES[-step % 4], "reason": "",
          "cause": "bench"}
         for name in names for step in range(CHANGES, 0, -1)],
    )  # fmt: skip
    calls = [_call(number, now, is_waiting=number < WAITING) for number in range(WAITING + SERVED)]
    db.execute(insert(QueuedCall), calls)
    db.execute(insert(Interaction), [_talk(number, name, now) for name in names for number in range(SERVED // AGENTS)])


def _call(number: int, now: datetime, *, is_waiting: bool) -> dict[str, object]:
    entered = now - timedelta(seconds=number % 150 if is_waiting else 60 + number % 7_200)
    return {
        "call": f"CA{number:032x}", "queue": QUEUES[number % len(QUEUES)], "priority": 0, "language": "zh-CN",
        "state": "waiting" if is_waiting else "answered", "level": "none", "intent": "", "path": "", "failed_step": "",
        "entered_at": entered, "rank_at": entered, "seen_at": now, "rounds": 0,
        "left_at": None if is_waiting else entered + timedelta(seconds=number % 40),
    }  # fmt: skip


def _talk(number: int, agent: str, now: datetime) -> dict[str, object]:
    began = now - timedelta(minutes=10 * number + 12)
    return {
        "kind": "inbound", "call_id": f"CB{agent[5:]}{number:027x}", "queue": "general", "agent_id": agent,
        "state": "ended", "version": 0, "level": "none", "conference": "bench", "accepted_at": began,
        "talked_at": began,
        "held_seconds": 0, "ended_at": began + timedelta(minutes=4), "ended_by": "customer",
    }  # fmt: skip
