"""A callback may come with a message that the caller left: the provider's id of the recording, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("callbacks", sa.Column("recording", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("callbacks", "recording")
