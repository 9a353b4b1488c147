"""What the desk shows at a moment: the agent's state, the offer, the caller, the sheet, the queues, the tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from ivr.calls.screen_pop import ScreenPop, screen_pop
from ivr.centre.desk import queries, thirds, wrap_ups
from ivr.centre.desk.models import Interaction, WrapUp
from ivr.centre.desk.queries import OwnDay, Target, talk_targets
from ivr.centre.desk.thirds import Third
from ivr.centre.queues import offers
from ivr.centre.queues.models import Agent, AgentSkill, Offer, QueuedCall
from ivr.platform.actor import Actor
from ivr.platform.keyring import keyring_of

Mode = Literal["idle", "offer", "call", "wrap", "sheet"]


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
    wrap-up. `unwritten` are sheets that timed out; `is_proven`: the caller has keyed a password that still counts.
    `third` is who is or was consulted last in this talk, and `targets` are those to whom the customer can be passed on.
    A consulted agent is shown the talk that they are in.
    """

    now: datetime
    agent: Agent | None
    offer: Offer | None
    interaction: Interaction | None
    pop: ScreenPop | None
    sheet: WrapUp | None
    notes: str
    queues: Sequence[QueueRow]
    unwritten: Sequence[tuple[Interaction, WrapUp]]
    day: OwnDay
    queue: str = ""
    is_late: bool = False
    third: Third | None = None
    targets: Sequence[Target] = ()

    @property
    def state(self) -> str:
        """What the agent does."""
        return self.agent.state if self.agent is not None else "signed_out"

    @property
    def mode(self) -> Mode:
        """Which of its faces the desk shows."""
        if self.is_late:
            return "sheet"
        if self.interaction is not None and self.pop is not None:
            return "call" if self.interaction.state != "ended" else "wrap"
        return "offer" if self.offer is not None and self.pop is not None else "idle"

    @property
    def waited_seconds(self) -> int | None:
        """How long the caller waited for this agent."""
        if self.interaction is None or self.pop is None or self.pop.entered_at is None:
            return None
        return round((self.interaction.accepted_at - self.pop.entered_at).total_seconds())

    @property
    def talk_seconds(self) -> int | None:
        """How long the two talked, where it is over."""
        talk = self.interaction
        if talk is None or talk.talked_at is None or talk.ended_at is None:
            return None
        return round((talk.ended_at - talk.talked_at).total_seconds())

    @property
    def is_proven(self) -> bool:
        """Whether the caller has keyed a password that still counts."""
        return self.pop is not None and (self.pop.proven_until is None or self.pop.proven_until > self.now)


def desk_view(db: Session, agent_id: str, now: datetime, today: datetime) -> DeskView:
    """The desk of an agent, only read; `today` is when the bank's day began."""
    agent = db.get(Agent, agent_id)
    offer = offers.live_of_agent(db, agent_id) if agent is not None and agent.state == "ringing" else None
    interaction = _interaction(db, agent)
    unwritten = db.execute(
        select(Interaction, WrapUp)
        .join(WrapUp, WrapUp.interaction_id == Interaction.id)
        .where(WrapUp.agent_id == agent_id, WrapUp.state == "timed_out")
        .order_by(WrapUp.closed_at)
    )
    found = DeskView(
        now, agent, offer, interaction, None, None, "", queues(db), [(each, sheet) for each, sheet in unwritten],
        queries.own_day(db, agent_id, today),
    )  # fmt: skip
    if interaction is not None:
        return _about(db, found, interaction)
    if offer is None:
        return found
    queue = db.scalar(select(QueuedCall.queue).where(QueuedCall.id == offer.queued_call_id)) or ""
    return replace(found, pop=screen_pop(db, keyring_of(db), offer.call_id), queue=queue)


def late_sheet(db: Session, desk: DeskView, interaction: Interaction) -> DeskView:
    """The desk with a sheet of the agent's that timed out before it."""
    return replace(_about(db, desk, interaction), is_late=True)


def _about(db: Session, desk: DeskView, interaction: Interaction) -> DeskView:
    pop = screen_pop(db, keyring_of(db), interaction.call_id, interaction)
    agent_id = desk.agent.id if desk.agent is not None else ""
    is_own = interaction.agent_id == agent_id  # who is consulted writes nothing up, and passes nobody on
    sheet = db.get(WrapUp, interaction.id) if is_own else None
    notes = wrap_ups.notes_of(db, sheet) if sheet is not None else ""
    about = replace(desk, interaction=interaction, pop=pop, sheet=sheet, notes=notes, queue=interaction.queue)
    if not is_own or interaction.state == "ended":
        return about
    targets = talk_targets(db, Actor("staff", agent_id), desk.now)
    return replace(about, third=thirds.of(db, interaction), targets=targets)


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
