"""What desks and floors look at."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.centre.desk.models import Interaction


def served_last(db: Session, customer_id: str | None) -> str | None:
    """The agent who talked to this customer last."""
    if customer_id is None:
        return None
    newest = select(Interaction.agent_id).where(
        Interaction.customer_id == customer_id, Interaction.talked_at.is_not(None)
    )
    return db.scalar(newest.order_by(Interaction.accepted_at.desc()).limit(1))
