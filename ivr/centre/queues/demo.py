"""What the demonstration agents may serve: both general enquiries, and each something that the other does not."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.centre.queues import presence
from ivr.centre.queues.models import Agent

SKILLS = {
    "agent1": (("general", 4), ("payments", 4), ("transfers", 3)),
    "agent2": (("general", 3), ("english", 5), ("security", 4), ("transfers", 4)),
}


def load_demo_agents(db: Session, now: datetime) -> None:
    """Agents who have not come to work yet, where they are not there already."""
    for agent_id, skills in SKILLS.items():
        if db.get(Agent, agent_id) is None:
            db.add(Agent(id=agent_id, state="signed_out", since=now, idle_since=now))
            db.flush()
            presence.set_skills(db, agent_id, skills)
