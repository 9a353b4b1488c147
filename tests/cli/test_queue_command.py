"""python -m ivr queue why: who was chosen, who came behind and by which rule; replayed it comes out the same."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.centre.queues import presence
from ivr.centre.queues.distribution import QueueStaffing, distribute
from ivr.centre.queues.matching import Requirement
from ivr.centre.queues.models import Offer, QueuedCall
from ivr.cli.main import main
from ivr.db import Database, work
from ivr.foundation.crypto import Keyring
from ivr.platform.actor import Actor
from tests.reports.conftest import MONDAY, Books

STAFFING = {"general": QueueStaffing((Requirement(0.0, "general", 2),))}


@pytest.fixture
def decided(sqlite_database: Database, keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> Database:
    """agent1 is idle longest, agent2 behind; agent3 served the second caller last."""
    books = Books(sqlite_database, keyring)
    for place, name in enumerate(("agent1", "agent2", "agent3")):
        with work(sqlite_database) as db:
            presence.wish(db, Actor("staff", name), name, "ready", "", MONDAY + timedelta(seconds=place))
            presence.set_skills(db, name, [("general", 3)])
    first, second = books.call(), books.call()
    books.stay(first, "waiting")
    number = books.stay(second, "waiting", at=MONDAY + timedelta(seconds=1))
    with work(sqlite_database) as db:
        db.get_one(QueuedCall, number).preferred = "agent3"
        for name in ("agent1", "agent2", "agent3"):
            presence.prove(db, name, MONDAY + timedelta(seconds=9))
    assert distribute(sqlite_database, STAFFING, MONDAY + timedelta(seconds=9)) == 2
    monkeypatch.setenv("IVR_DATABASE_URL", str(sqlite_database.durable.url))
    monkeypatch.setenv("IVR_SECRET_KEY", ",".join(keyring.secrets))
    return sqlite_database


@pytest.mark.usefixtures("decided")
def test_a_decision_is_told_with_who_came_behind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "why", f"CA{1:032x}"]) == 0
    told = capsys.readouterr().out
    assert "general -> agent1  ringing" in told
    assert "agent1 was idle longest, of 3 free; needed general at level 2" in told
    assert "behind: agent2 was idle for less time" in told
    assert main(["queue", "why", f"CA{2:032x}"]) == 0
    assert "agent3 served this customer last" in capsys.readouterr().out
    assert main(["queue", "why", "CA9"]) == 1


def test_an_offer_that_an_agent_asked_for_is_told_so_and_is_no_decision_to_make_again(
    decided: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with work(decided) as db:
        offer = db.scalars(select(Offer).where(Offer.agent_id == "agent1")).one()
        offer.decision = json.dumps({"rule": "transfer", "by": "agent2", "queue": "general"})
    assert main(["queue", "why", f"CA{1:032x}"]) == 0
    assert "agent2 asked for agent1: transfer" in capsys.readouterr().out
    assert main(["queue", "why", "--replay", "2026-03-02"]) == 0
    assert "1 decisions of 2026-03-02 made again" in capsys.readouterr().out


def test_the_decisions_of_a_day_come_out_the_same(decided: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "why", "--replay", "2026-03-02"]) == 0
    assert "2 decisions of 2026-03-02 made again; none came out otherwise" in capsys.readouterr().out
    with work(decided) as db:
        offer = db.scalars(select(Offer).where(Offer.agent_id == "agent1")).one()
        stored = json.loads(offer.decision)
        for each in stored["agents"]:
            each["idle_since"] -= 60 * (each["id"] == "agent2")
        offer.decision = json.dumps(stored)
    assert main(["queue", "why", "--replay", "2026-03-02"]) == 1
    assert "agent1 then, agent2 (longest_idle) now" in capsys.readouterr().out
