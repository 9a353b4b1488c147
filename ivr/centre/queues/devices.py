"""Where an agent's calls ring: in the browser, or on a telephone whose number is kept sealed."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.centre.queues import presence
from ivr.centre.queues.models import Agent
from ivr.foundation.errors import Refused
from ivr.foundation.phone import callback_number
from ivr.platform.actor import Actor
from ivr.platform.audit.records import record
from ivr.platform.keyring import keyring_of


def number_of(db: Session, agent: Agent | None) -> str:
    """The number that rings, E.164; empty for the browser."""
    if agent is None or agent.device != "telephone" or agent.number is None:
        return ""
    return keyring_of(db).open_text(f"agents.number|{agent.id}", agent.number)


def use(db: Session, actor: Actor, device: str, number: str, now: datetime) -> None:
    """Let one's own calls ring there from the next offer on. Raises `Refused`: number_form, busy_now."""
    agent = presence.locked(db, actor.id) or presence.newcomer(db, actor.id, now)
    if agent.state in presence.BUSY:
        raise Refused("busy_now", "device")
    e164 = callback_number(number) if device == "telephone" else None
    if device == "telephone" and e164 is None:
        raise Refused("number_form", "number")
    agent.device = device
    agent.number = keyring_of(db).seal_text(f"agents.number|{agent.id}", e164) if e164 else None
    db.flush()
    presence.tell(db, agent.id)
    record(db, actor, "agent_device_changed", agent.id, now, device=device)
