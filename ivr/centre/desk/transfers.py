"""Consultation, transfer and three-way talk (M6), and a call for the team leader.

Consult: the customer hears music while another agent's desk rings and the two agents talk. Complete it, and the other
agent has the customer (warm); cancel it, and the customer is back; talk as three. A cold transfer sends the customer
to a queue, or to an agent by way of their queue, at the place of their first wait: whoever does not answer costs them
nothing. Each agent has an interaction of their own in the same conference.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk import endings, handing_on, legs, lines, lost_lines, talk, thirds
from ivr.centre.desk.models import Interaction
from ivr.centre.desk.paths import Paths
from ivr.centre.desk.thirds import Third
from ivr.centre.queues import presence, waiting
from ivr.centre.queues.models import Agent, AgentSkill, Offer, QueuedCall
from ivr.foundation.errors import IllegalTransition, Refused
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

RINGS = timedelta(seconds=15)


def consult(db: Session, paths: Paths, actor: Actor, to: str, now: datetime) -> None:
    """Ask another agent (`agent:<id>`), while the customer hears music.

    Raises `Refused`: no_talk, third_there, agent_busy, no_queue; `IllegalTransition`.
    """
    interaction = talk.own(db, actor)
    other, entry = _agent_named(to), _stay(db, interaction)
    third = thirds.of(db, interaction)
    if third is not None and third.is_live:
        raise Refused("third_there", "to")
    agent = _free(db, interaction, other, now)
    if interaction.state == "talking":
        talk.hold(db, paths, actor, now)
    elif interaction.state != "on_hold":
        raise IllegalTransition("nobody is consulted before the talk")
    _ring(db, entry, agent, actor, "consult", now, consulted_in=interaction.id)
    record(db, actor, "consultation_asked", interaction.call_id, now, interaction=interaction.id, agent=other)


def join(db: Session, paths: Paths, interaction: Interaction, offer: Offer, now: datetime) -> None:
    """The consulted agent takes it: their line is called into the conference."""
    agent = db.get_one(Agent, offer.agent_id)
    seconds = lines.seconds_for(agent)
    offer.until = now + timedelta(seconds=seconds)
    lines.call(db, paths, interaction, agent, seconds, now, role="consulted")
    presence.tell(db, interaction.agent_id)


def conference(db: Session, actor: Actor, now: datetime) -> None:
    """All three talk. Raises `Refused`: no_talk, third_not_there."""
    interaction = talk.own(db, actor)
    _third_who_is_in(db, interaction)
    if interaction.state == "on_hold":
        talk.retrieve(db, actor, now)


def cancel(db: Session, actor: Actor, now: datetime) -> None:
    """The third leaves, and the customer is back. Raises `Refused`: no_talk."""
    interaction = talk.own(db, actor)
    thirds.lock_agents(db, interaction)
    thirds.release(db, interaction, "consult_cancelled", now)
    if interaction.state == "on_hold":
        talk.retrieve(db, actor, now)


def complete(db: Session, paths: Paths, actor: Actor, now: datetime) -> Interaction:
    """Warm transfer: the third has the customer from now on. Raises `Refused`: no_talk, third_not_there."""
    interaction = talk.own(db, actor)
    made = handing_on.hand_on(db, paths, interaction, _third_who_is_in(db, interaction), now)
    record(db, actor, "transfer_completed", interaction.call_id, now, interaction=interaction.id, agent=made.agent_id)
    return made


def transfer(db: Session, paths: Paths, actor: Actor, to: str, now: datetime) -> None:
    """Cold transfer to `queue:<name>` or `agent:<id>`, at the place of the customer's first wait.

    Raises `Refused`: no_talk, no_queue, queue_closed, agent_busy; `IllegalTransition`.
    """
    interaction = talk.own(db, actor)
    entry = _stay(db, interaction)
    if interaction.state not in ("talking", "on_hold"):
        raise IllegalTransition("nobody is passed on before the talk")
    kind, _, name = to.partition(":")
    if kind == "queue":
        if not _is_served(db, name):
            raise Refused("queue_closed", "to")
        waiting.rejoin(db, entry, name, now)
    else:
        agent = _free(db, interaction, _agent_named(to), now)
        again = waiting.rejoin(db, entry, entry.queue, now, preferred=agent.id)
        _ring(db, again, agent, actor, "transfer", now)
    lost_lines.send_to_the_queue(db, paths, interaction, "transfer", now)
    record(db, actor, "transferred", interaction.call_id, now, interaction=interaction.id, to=to)


def hang_up(db: Session, paths: Paths, actor: Actor, now: datetime) -> None:
    """The agent leaves. A third who is there or on the way keeps the customer; else the talk is over.

    Raises `Refused`: no_talk.
    """
    consulted = thirds.talk_of(db, actor.id)
    if consulted is not None:
        _leave(db, consulted.id, actor, now)
        return
    interaction = talk.own(db, actor)
    third = thirds.of(db, interaction)
    if third is not None and third.state == "in" and interaction.talked_at is not None:
        handing_on.hand_on(db, paths, interaction, third, now)
    elif third is not None and third.is_live:
        _leave_behind(db, paths, interaction, third, now)
    else:
        endings.end(db, paths, interaction, "agent", now)


def _leave(db: Session, interaction_id: int, actor: Actor, now: datetime) -> None:
    """The consulted agent goes; the two others talk on."""
    interaction = legs.locked(db, interaction_id)
    third = thirds.of(db, interaction) if interaction is not None else None
    if interaction is not None and third is not None and third.agent_id == actor.id:
        thirds.lock_agents(db, interaction)
        thirds.release(db, interaction, str(actor), now)
        presence.tell(db, interaction.agent_id)


def _leave_behind(db: Session, paths: Paths, interaction: Interaction, third: Third, now: datetime) -> None:
    """The agent leaves while the third's desk rings: it rings on, for a customer who waits at the front meanwhile."""
    entry = waiting.latest(db, interaction.call_id)
    if entry is None or entry.turn is None:
        endings.end(db, paths, interaction, "agent", now)
        return
    again = waiting.rejoin(db, entry, entry.queue, now, preferred=third.agent_id)
    if third.state == "ringing":
        third.offer.queued_call_id, third.offer.consulted_in = again.id, None
        db.flush()
    lost_lines.send_to_the_queue(db, paths, interaction, "transfer", now)


def ask_for_help(db: Session, actor: Actor, now: datetime) -> None:
    """The team leader is wanted in this talk: the floor shows it until it is over. Raises `Refused`: no_talk."""
    interaction = talk.own(db, actor)
    interaction.help_asked_at = interaction.help_asked_at or now
    db.flush()
    presence.tell(db, interaction.agent_id)
    record(db, actor, "help_asked", interaction.call_id, now, interaction=interaction.id)


def _third_who_is_in(db: Session, interaction: Interaction) -> Third:
    third = thirds.of(db, interaction)
    if third is None or third.state != "in":
        raise Refused("third_not_there", "to")
    return third


def _agent_named(to: str) -> str:
    kind, _, name = to.partition(":")
    if kind != "agent" or not name:
        raise Refused("target_unknown", "to")
    return name


def _stay(db: Session, interaction: Interaction) -> QueuedCall:
    """The customer's stay in a queue, which knows the way back there."""
    entry = waiting.latest(db, interaction.call_id)
    if entry is None or entry.turn is None:
        raise Refused("no_queue", "to")
    return entry


def _free(db: Session, interaction: Interaction, other: str, now: datetime) -> Agent:
    """The other agent, who is ready and whose desk runs; their row and those of the talk are locked."""
    thirds.lock_agents(db, interaction, other)
    agent = presence.locked(db, other)
    if agent is None or other == interaction.agent_id or agent.state != "ready" or not presence.is_proven(agent, now):
        raise Refused("agent_busy", "to")
    return agent


def _ring(
    db: Session,
    entry: QueuedCall,
    agent: Agent,
    actor: Actor,
    rule: str,
    now: datetime,
    consulted_in: int | None = None,
) -> None:
    """The desk of this agent rings for a customer whom another one brings."""
    why = json.dumps({"rule": rule, "by": actor.id, "queue": entry.queue}, separators=(",", ":"))
    db.add(
        Offer(
            queued_call_id=entry.id, call_id=entry.call, agent_id=agent.id, state="ringing", offered_at=now,
            until=now + RINGS, decision=why, consulted_in=consulted_in,
        )
    )  # fmt: skip
    db.flush()
    presence.change(db, agent, "ring", str(actor), now)


def _is_served(db: Session, queue: str) -> bool:
    """Whether somebody at work has the skill of a queue's name."""
    at_work = select(AgentSkill.agent_id).join(Agent, Agent.id == AgentSkill.agent_id)
    found = at_work.where(AgentSkill.skill == queue, Agent.state.not_in(("signed_out", "unreachable")))
    return db.execute(found.limit(1)).first() is not None
