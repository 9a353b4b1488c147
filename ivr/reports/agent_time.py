"""How an agent spent a day: the changes of their state, the seconds in each; occupancy and workload come from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.queues.models import AgentChange
from ivr.reports.contacts import held, talk_over, talked, wrapped

CONTACT = frozenset({"talking", "on_hold", "wrap_up"})
IDLE = frozenset({"ready", "ringing"})
BEFORE = timedelta(hours=24)  # so far back the state at the beginning is looked for


@dataclass(frozen=True, slots=True)
class Spell:
    """One state and how long it lasted, up to the end of what is looked at. `cause`: who or which rule began it."""

    state: str
    reason: str
    cause: str
    began: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Workload:
    """The talks of an agent that ended, by their kind (inbound, callback, transfer), and the seconds spent on them."""

    talks: Mapping[str, int]
    seconds: float


def spells(changes: Sequence[AgentChange], since: datetime, until: datetime) -> list[Spell]:
    """The states between two moments, from an agent's changes in their order; pure."""
    found = []
    for place, change in enumerate(changes):
        ends = min(changes[place + 1].at, until) if place + 1 < len(changes) else until
        began = max(change.at, since)
        if ends > began or (change.at >= since and change.at < until):
            seconds = max(0.0, (ends - began).total_seconds())
            found.append(Spell(change.state, change.reason, change.cause, began, seconds))
    return found


def changes_of(
    db: Session, since: datetime, until: datetime, agent_id: str | None = None
) -> Mapping[str, list[AgentChange]]:
    """Agent -> their changes until a moment, with the last ones before the beginning; of one agent, or of all."""
    wanted = select(AgentChange).where(AgentChange.at >= since - BEFORE, AgentChange.at < until)
    if agent_id is not None:
        wanted = wanted.where(AgentChange.agent_id == agent_id)
    found: dict[str, list[AgentChange]] = {}
    for change in db.scalars(wanted.order_by(AgentChange.agent_id, AgentChange.id)):
        found.setdefault(change.agent_id, []).append(change)
    return found


def seconds_in(found: Sequence[Spell]) -> Mapping[str, float]:
    """State -> seconds; pure."""
    spent: dict[str, float] = {}
    for each in found:
        spent[each.state] = spent.get(each.state, 0.0) + each.seconds
    return spent


def occupancy(spent: Mapping[str, float]) -> float | None:
    """Contact time (talk, hold, wrap-up) ÷ (contact time + time ready and ringing), 0 to 1; None without any. Pure."""
    contact = sum(spent.get(state, 0.0) for state in CONTACT)
    whole = contact + sum(spent.get(state, 0.0) for state in IDLE)
    return contact / whole if whole else None


def workloads(db: Session, since: datetime, until: datetime) -> Mapping[str, Workload]:
    """Agent -> the talks that began in this time and are over."""
    rows = db.execute(
        select(Interaction.agent_id, Interaction.kind, func.count(), func.sum(talked + held + wrapped))
        .outerjoin(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(
            and_(Interaction.accepted_at >= since, Interaction.accepted_at < until),
            Interaction.talked_at.is_not(None),
            talk_over,
        )
        .group_by(Interaction.agent_id, Interaction.kind)
    )
    found: dict[str, Workload] = {}
    for agent, kind, count, seconds in rows:
        before = found.get(agent, Workload({}, 0.0))
        found[agent] = Workload({**before.talks, kind: int(count)}, before.seconds + float(seconds))
    return found
