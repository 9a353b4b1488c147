"""Who serves a queue now, for the wait that is told: agents who are busy elsewhere are counted by their share."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.centre.queues.distribution import Staffing, skills_at_work
from ivr.centre.queues.matching import Requirement
from ivr.centre.queues.models import QueuedCall
from ivr.centre.queues.waiting import HERE

Skills = Mapping[str, Mapping[str, int]]  # agent -> skill -> level
AWAY = ("not_ready", "not_responding")  # signed in, and serving nobody


@dataclass(frozen=True, slots=True)
class Serving:
    """The agents of a queue: how many may ever serve it, and those who may now, each by the share of one queue."""

    staff: int
    agents: float


def serving(db: Session, queue: str, staffing: Staffing, waited_seconds: float) -> Serving:
    """Who serves a caller who has waited so long: those not away; where there are none, whoever may ever serve."""
    needed = staffing[queue].requirements
    now = tuple(each for each in needed if each.after_seconds <= waited_seconds)
    signed_in = skills_at_work(db)
    ever, here = _able(signed_in, needed), _able(skills_at_work(db, AWAY), now)
    return Serving(len(ever), shares(here or ever, staffing, {queue, *_with_callers(db, staffing)}))


def _able(agents: Skills, required: Sequence[Requirement]) -> Skills:
    return {agent: held for agent, held in agents.items() if any(each.is_met(held) for each in required)}


def shares(agents: Skills, staffing: Staffing, queues: Collection[str]) -> float:
    """The agents, each divided by the number of these queues that they may serve. Pure."""
    rules = [staffing[queue].requirements for queue in queues]
    return sum(
        1 / max(1, sum(any(each.is_met(held) for each in needed) for needed in rules)) for held in agents.values()
    )


def _with_callers(db: Session, staffing: Staffing) -> list[str]:
    names = sorted(staffing)
    here = (exists().where(QueuedCall.queue == name, QueuedCall.state.in_(HERE)) for name in names)
    return [name for name, is_waited_in in zip(names, db.execute(select(*here)).one(), strict=True) if is_waited_in]
