"""A leader takes part in a talk: listens unheard, whispers to the agent, or speaks to both; each is audited.

A listener is silent by the server: the provider seats the leader's line muted, and nothing but a whisper or a barge
lifts that. `mode` of the leader's leg is what the provider did last, not what was asked for.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.centre.desk import legs, lines, orders
from ivr.centre.desk.models import Interaction, Leg
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import presence
from ivr.centre.queues.models import Agent
from ivr.foundation.errors import Refused
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record

LISTEN, WHISPER, BARGE = "listen", "whisper", "barge"
ORDERS: Mapping[str, str] = {LISTEN: "mute", WHISPER: "coach", BARGE: "barge"}  # mode -> the order that brings it
TALKS = frozenset({"talking", "on_hold", "reconnecting"})
PRESENT = frozenset({"ordered", "ringing", "in"})


def take_part(db: Session, paths: Paths, actor: Actor, agent_id: str, mode: str, now: datetime) -> None:
    """Listen, whisper or barge in the talk of an agent; again in another way while taking part already.

    Raises `Refused`: own_talk, agent_not_talking, not_there_yet.
    """
    if mode not in ORDERS:
        raise Refused("form", "mode")
    if actor.id == agent_id or legs.open_of_agent(db, actor.id) is not None:
        raise Refused("own_talk", "agent")
    interaction = legs.open_of_agent(db, agent_id)
    if interaction is None or interaction.state not in TALKS:
        raise Refused("agent_not_talking", "agent")
    leg, agents_line = _leader_of(db, interaction, actor.id), _agents_line(db, interaction)
    if leg is None:
        _invite(db, paths, interaction, actor, mode, agents_line, now)
    elif leg.state != "in" or leg.call_id is None or interaction.conference_id is None:
        raise Refused("not_there_yet", "agent")
    else:
        orders.place(
            db, interaction.id, ORDERS[mode], now, conference=interaction.conference_id, call=leg.call_id,
            whom=agents_line, leg=leg.id,
        )  # fmt: skip
    presence.tell(db, agent_id)
    record(db, actor, f"talk_{mode}", interaction.call_id, now, interaction=interaction.id, agent=agent_id)


def leave(db: Session, actor: Actor, agent_id: str, now: datetime) -> None:
    """The leader takes part no longer. Raises `Refused`: agent_not_talking."""
    interaction = legs.open_of_agent(db, agent_id)
    leg = _leader_of(db, interaction, actor.id) if interaction is not None else None
    if interaction is None or leg is None or leg.call_id is None:
        raise Refused("agent_not_talking", "agent")
    orders.place(db, interaction.id, "hang_up", now, call=leg.call_id)
    presence.tell(db, agent_id)
    record(db, actor, "talk_left", interaction.call_id, now, interaction=interaction.id, agent=agent_id)


def _invite(
    db: Session, paths: Paths, interaction: Interaction, actor: Actor, mode: str, agents_line: str | None, now: datetime
) -> None:
    """Call the leader's line into the conference, in the way that was asked for from its first moment on."""
    if mode == WHISPER and agents_line is None:
        raise Refused("not_there_yet", "agent")
    leg = Leg(interaction_id=interaction.id, role="leader", account_id=actor.id, state="ordered", mode=mode)
    db.add(leg)
    db.flush()
    own = db.get(Agent, actor.id)
    seconds = lines.BROWSER_SECONDS if own is None else lines.seconds_for(own)
    whom = {"desk": f"agent_{actor.id}"} if own is None else lines.device(db, own)
    orders.place(
        db, interaction.id, "invite", now, **whom, leg=leg.id, label=f"leader{leg.id}",
        known=legs.calls_of(db, actor.id), conference=interaction.conference, seconds=seconds,
        notify_url=paths.notifications, muted=mode == LISTEN, coaches=agents_line if mode == WHISPER else None,
    )  # fmt: skip


def _leader_of(db: Session, interaction: Interaction, leader_id: str) -> Leg | None:
    """The line of a leader in a talk."""
    mine = [each for each in legs.of(db, interaction.id) if (each.role, each.account_id) == ("leader", leader_id)]
    return next((each for each in reversed(mine) if each.state in PRESENT), None)


def _agents_line(db: Session, interaction: Interaction) -> str | None:
    lines = [each.call_id for each in legs.of(db, interaction.id) if each.role == "agent" and each.state == "in"]
    return lines[-1] if lines else None
