"""Several workers decide at once: never one caller to two agents, nor one agent two callers."""

import multiprocessing
import random
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.centre.desk import gauges
from ivr.centre.queues import presence
from ivr.centre.queues.distribution import QueueStaffing, distribute
from ivr.centre.queues.matching import Requirement
from ivr.centre.queues.models import Agent, Offer, QueuedCall
from ivr.db import Database, open_database, work
from ivr.platform.actor import Actor
from ivr.platform.jobs.gauges import Scrape
from tests.support.hotline import START

AGENTS, CALLERS, WORKERS = 20, 30, 4
STAFFING = {"general": QueueStaffing((Requirement(0.0, "general", 1),))}
NOW = START


def _open(database: Database) -> None:
    with work(database) as db:
        for number in range(AGENTS):
            name = f"agent{number:02}"
            presence.wish(db, Actor("staff", name), name, "ready", "", NOW)
            presence.prove(db, name, NOW)
            presence.set_skills(db, name, [("general", 3)])
        for number in range(CALLERS):
            db.add(
                QueuedCall(
                    call=f"CA{number:032}", queue="general", state="waiting", language="zh-CN", level="none",
                    entered_at=NOW - timedelta(seconds=number), rank_at=NOW - timedelta(seconds=number), seen_at=NOW,
                )
            )  # fmt: skip


def _check(database: Database) -> None:
    with work(database) as db:
        offers = db.scalars(select(Offer)).all()
        assert len(offers) == AGENTS
        assert len({each.agent_id for each in offers}) == AGENTS
        assert len({each.queued_call_id for each in offers}) == AGENTS
        assert set(db.scalars(select(Agent.state))) == {"ringing"}
        first = {f"CA{number:032}" for number in range(CALLERS - AGENTS, CALLERS)}
        assert {each.call_id for each in offers} == first, "who waited longest"


def test_threads_that_distribute_at_once(database: Database) -> None:
    _open(database)
    start = threading.Barrier(WORKERS)

    def decide() -> None:
        start.wait()
        for _ in range(3):
            distribute(database, STAFFING, NOW)

    threads = [threading.Thread(target=decide) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _check(database)


def _process(url: str, seed: int) -> None:
    database = open_database(url)
    random.seed(seed)
    for _ in range(3):
        distribute(database, STAFFING, NOW)
    database.close()


def test_processes_that_distribute_at_once(database: Database) -> None:
    _open(database)
    url = database.durable.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_process, args=(url, number)) for number in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    _check(database)


@pytest.mark.parametrize(("late", "count"), [(25, 0), (26, AGENTS)])
def test_what_is_past_its_deadline_is_counted_as_stuck(database: Database, late: int, count: int) -> None:
    """A ring of 15 s, and 10 s in which the sweep must have come."""
    _open(database)
    distribute(database, STAFFING, NOW)
    with database.begin() as connection:
        scrape = Scrape(connection, NOW + timedelta(seconds=late))
        found = {what: connection.scalar(counted) for what, counted in gauges.stuck(scrape).items()}
    assert found.pop("offer") == count
    assert set(found.values()) == {0}
