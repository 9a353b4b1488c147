"""What the desk shows at a moment: the agent's state, the offer, the caller, the sheet, the queues, the tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from ivr.calls.screen_pop import ScreenPop, screen_pop
from ivr.centre.desk import thirds, wrap_ups
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.desk.queries import Target, talk_targets
from ivr.centre.desk.thirds import Third
from ivr.centre.queues import offers
from ivr.centre.queues.models import Agent, AgentSkill, Offer, QueuedCall
from ivr.platform.actor import Actor
from ivr.platform.keyring import keyring_of


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue as desks see it."""

    name: str
    waiting: int
    longest_since: datetime | None
    free_agents: int


@dataclass(frozen=True, slots=True)
class DeskView:
    """`offer` while it rings; `interaction` while connected, or the newest one while it is written up; `sheet` is its
    wrap-up. `unwritten` are sheets that timed out. `third` is who is or was consulted last in this talk, and `targets`
    are those to whom the customer can be passed on. A consulted agent is shown the talk that they are in.
    """

    agent: Agent | None
    offer: Offer | None
    interaction: Interaction | None
    pop: ScreenPop | None
    sheet: WrapUp | None
    notes: str
    queues: Sequence[QueueRow]
    unwritten: Sequence[tuple[Interaction, WrapUp]]
    third: Third | None = None
    targets: Sequence[Target] = ()

    @property
    def state(self) -> str:
        """What the agent does."""
        return self.agent.state if self.agent is not None else "signed_out"


def desk_view(db: Session, agent_id: str, now: datetime) -> DeskView:
    """The desk of an agent, only read."""
    agent = db.get(Agent, agent_id)
    offer = offers.live_of_agent(db, agent_id) if agent is not None and agent.state == "ringing" else None
    interaction = _interaction(db, agent)
    call_id = interaction.call_id if interaction is not None else offer.call_id if offer is not None else None
    pop = screen_pop(db, keyring_of(db), call_id, interaction) if call_id is not None else None
    is_own = interaction is not None and interaction.agent_id == agent_id  # who is consulted writes nothing up
    sheet = db.get(WrapUp, interaction.id) if interaction is not None and is_own else None
    notes = wrap_ups.notes_of(db, sheet) if sheet is not None else ""
    unwritten = db.execute(
        select(Interaction, WrapUp)
        .join(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(WrapUp.agent_id == agent_id, WrapUp.state == "timed_out")
        .order_by(WrapUp.closed_at)
    )
    talks = interaction is not None and interaction.state != "ended" and interaction.agent_id == agent_id
    return DeskView(
        agent, offer, interaction, pop, sheet, notes, queues(db), [(each, sheet) for each, sheet in unwritten],
        thirds.of(db, interaction) if interaction is not None and talks else None,
        talk_targets(db, Actor("staff", agent_id), now) if talks else (),
    )  # fmt: skip


def _interaction(db: Session, agent: Agent | None) -> Interaction | None:
    """The talk that goes on, or the one that is written up."""
    if agent is None:
        return None
    mine = select(Interaction).where(Interaction.agent_id == agent.id)
    live = db.scalar(mine.where(Interaction.state != "ended")) or thirds.talk_of(db, agent.id)
    if live is not None or agent.state != "wrap_up":
        return live
    return db.scalar(
        mine.join(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(WrapUp.state == "open")
        .order_by(Interaction.id.desc())
        .limit(1)
    )


def queues(db: Session) -> list[QueueRow]:
    """Every queue that somebody waits in or serves."""
    here = select(QueuedCall.queue, func.count(), func.min(QueuedCall.entered_at)).group_by(QueuedCall.queue)
    waiting = {row[0]: row for row in db.execute(here.where(QueuedCall.state.in_(("waiting", "leaving"))))}
    ready = select(AgentSkill.skill, func.count()).join(Agent, Agent.id == AgentSkill.agent_id)
    free = {row[0]: row[1] for row in db.execute(ready.where(Agent.state == "ready").group_by(AgentSkill.skill))}
    names = sorted({*waiting, *db.scalars(select(AgentSkill.skill).distinct())})
    return [_row(name, waiting.get(name), free.get(name, 0)) for name in names]


def _row(name: str, waits: Row[str, int, datetime] | None, free: int) -> QueueRow:
    return QueueRow(name, 0, None, free) if waits is None else QueueRow(name, waits[1], waits[2], free)
