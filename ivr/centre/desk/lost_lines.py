"""An agent's line breaks in a talk: the customer hears an apology, the same agent is tried, then the queue helps.

A hang-up that the agent pressed is a deed, and ends the talk before the line does. So a browser's line that goes by
itself is lost. Whoever puts down the receiver of a telephone context it: that ends the talk.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.centre.desk import endings, handing_on, legs, lines, orders, thirds
from ivr.centre.desk.models import Interaction
from ivr.centre.desk.paths import Paths
from ivr.centre.queues import presence, waiting
from ivr.centre.queues.models import Agent

TRIED = timedelta(seconds=20)  # the same agent
AGAIN = timedelta(seconds=3)  # between two calls to their line


def left(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The agent's line left the talk."""
    agent = db.get_one(Agent, interaction.agent_id)
    if agent.device == "telephone":
        endings.end(db, paths, interaction, "agent", now)
    elif interaction.state == "verifying":
        _another_room(db, interaction)
        lines.call(db, paths, interaction, agent, lines.seconds_for(agent), now)
    elif interaction.state in ("talking", "on_hold"):
        lose(db, paths, interaction, now)


def _another_room(db: Session, interaction: Interaction) -> None:
    """The conference ends with its last line, and news of it would be taken for news of the next one of its name."""
    name, _, number = interaction.conference.partition("~")
    interaction.conference, interaction.conference_id = f"{name}~{int(number or 1) + 1}", None
    for leg in legs.of(db, interaction.id):
        if leg.role == "customer":
            leg.sequence = -1
    db.flush()


def lose(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """The customer hears an apology, and the agent's line is called again."""
    held = endings.held_seconds(interaction, now)
    legs.move(db, interaction, "lose_agent", until=now + TRIED, held_at=None, held_seconds=held)
    agent = presence.locked(db, interaction.agent_id)
    orders.place(
        db, interaction.id, "hold", now, conference=interaction.conference, call=interaction.call_id,
        conference_id=interaction.conference_id or "", url=paths.of(interaction.id, "lost"),
    )  # fmt: skip
    if agent is None:
        return
    if agent.state == "on_hold":
        presence.change(db, agent, "retrieve", "line_lost", now)
    lines.call(db, paths, interaction, agent, lines.seconds_for(agent), now)


def back(db: Session, interaction: Interaction, now: datetime) -> None:
    """The agent's line is there again."""
    if interaction.state != "reconnecting":
        return
    legs.move(db, interaction, "agent_joins", until=None)
    orders.place(
        db, interaction.id, "retrieve", now, conference=interaction.conference, call=interaction.call_id,
        conference_id=interaction.conference_id or "",
    )  # fmt: skip


def sweep(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    """Try again while there is time; then the next agent gets the customer."""
    if interaction.until is not None and interaction.until <= now:
        if interaction.state == "verifying":
            endings.end(db, paths, interaction, "timeout", now)
        else:
            _give_up(db, paths, interaction, now)
        return
    line = lines.of_agent(db, interaction)
    if line is None or line.state in lines.LIVE or (line.left_at is not None and line.left_at > now - AGAIN):
        return
    agent = db.get_one(Agent, interaction.agent_id)
    lines.call(db, paths, interaction, agent, lines.seconds_for(agent), now)


def _give_up(db: Session, paths: Paths, interaction: Interaction, now: datetime) -> None:
    third = thirds.of(db, interaction)
    if third is not None and third.state == "in":  # who is there already helps
        handing_on.hand_on(db, paths, interaction, third, now)
        return
    entry = waiting.latest(db, interaction.call_id)
    if entry is None or entry.turn is None:
        endings.end(db, paths, interaction, "agent_lost", now)
        return
    waiting.rejoin(db, entry, entry.queue, now)
    send_to_the_queue(db, paths, interaction, "agent_lost", now)


def send_to_the_queue(db: Session, paths: Paths, interaction: Interaction, by: str, now: datetime) -> None:
    """The interaction is over, and the customer, who has a place in a queue again, goes there."""
    orders.place(db, interaction.id, "redirect", now, call=interaction.call_id, url=paths.back)
    lines.hang_up(db, interaction, now)
    endings.close(db, paths, interaction, by, now)
