"""Consultation: an offer to be asked in another agent's talk, why a line did not come about, a call for the leader."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("offers", sa.Column("consulted_in", sa.Integer(), nullable=True))
    op.add_column("interactions", sa.Column("help_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interaction_legs", sa.Column("outcome", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("interaction_legs", "outcome")
    op.drop_column("interactions", "help_asked_at")
    op.drop_column("offers", "consulted_in")
