"""What queues and agents do at a moment, for floor and wallboard. Only read; a snapshot serves every open page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction
from ivr.centre.queues.models import Agent, AgentSkill, Offer, QueuedCall
from ivr.centre.queues.waiting import HERE
from ivr.centre.staff.models import Account

AWAY = ("signed_out", "unreachable")
ORDER = (  # of the rows: what needs somebody first
    "unreachable", "not_responding", "ringing", "on_hold", "talking", "wrap_up", "ready", "not_ready", "signed_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueNow:
    """Who waits in a queue, since when the longest does, and who serves it: `free` of the `at_work`."""

    waiting: int = 0
    longest_since: datetime | None = None
    free: int = 0
    at_work: int = 0

    def longest_seconds(self, now: datetime) -> int:
        """How long the caller has waited who has waited longest."""
        return 0 if self.longest_since is None else max(0, int((now - self.longest_since).total_seconds()))


def queues_now(db: Session, skills: Mapping[str, tuple[str, int]]) -> Mapping[str, QueueNow]:
    """Queue -> how it stands. `skills`: queue -> the skill and the lowest level that ever serve it."""
    here = select(QueuedCall.queue, func.count(), func.min(QueuedCall.entered_at)).where(QueuedCall.state.in_(HERE))
    waiting = {queue: (count, since) for queue, count, since in db.execute(here.group_by(QueuedCall.queue))}
    joined = select(AgentSkill.skill, AgentSkill.level, Agent.state, func.count()).join(
        Agent, Agent.id == AgentSkill.agent_id
    )
    held = db.execute(
        joined.where(Agent.state.not_in(AWAY)).group_by(AgentSkill.skill, AgentSkill.level, Agent.state)
    ).all()
    found = {}
    for queue in {**skills, **waiting}:
        skill, level = skills.get(queue, (queue, 1))
        able = [(state, count) for name, has, state, count in held if name == skill and has >= level]
        free, at_work = sum(count for state, count in able if state == "ready"), sum(count for _, count in able)
        count, since = waiting.get(queue, (0, None))
        found[queue] = QueueNow(count, since, free, at_work)
    return found


@dataclass(frozen=True, slots=True)
class AgentNow:
    """What an agent does, since when, and for which queue. `until` is when an offer runs out."""

    id: str
    name: str
    state: str
    since: datetime
    reason: str
    wish: str | None
    proved_at: datetime | None
    queue: str
    held_at: datetime | None
    until: datetime | None
    talking_since: datetime | None


def agents_now(db: Session) -> Sequence[AgentNow]:
    """Every agent who ever came to work, those first who need somebody, then those who do the same for longest."""
    live = and_(Offer.agent_id == Agent.id, Offer.state == "ringing")
    open_ = and_(Interaction.agent_id == Agent.id, Interaction.state != "ended")
    columns = (
        Agent.id, Account.name, Agent.state, Agent.since, Agent.reason, Agent.wish, Agent.proved_at,
        func.coalesce(Interaction.queue, QueuedCall.queue, ""), Interaction.held_at, Offer.until, Interaction.talked_at,
    )  # fmt: skip
    rows = db.execute(
        select(*columns)
        .outerjoin(Account, Account.id == Agent.id)
        .outerjoin(Interaction, open_)
        .outerjoin(Offer, live)
        .outerjoin(QueuedCall, QueuedCall.id == Offer.queued_call_id)
    )
    found = [AgentNow(row[0], row[1] or row[0], *row[2:]) for row in rows]
    return sorted(found, key=lambda each: (ORDER.index(each.state), each.since, each.id))


def skills_of(db: Session) -> Mapping[str, Sequence[tuple[str, int]]]:
    """Agent -> what they may serve, and how well."""
    found: dict[str, list[tuple[str, int]]] = {}
    for agent, skill, level in db.execute(
        select(AgentSkill.agent_id, AgentSkill.skill, AgentSkill.level).order_by(AgentSkill.agent_id, AgentSkill.skill)
    ):
        found.setdefault(agent, []).append((skill, level))
    return found
