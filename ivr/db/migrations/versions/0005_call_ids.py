"""The provider's id of a call may have 48 characters: other engines than Twilio write longer ones than CA and 32."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
TABLES = ("calls", "turns", "attempts", "one_time_codes", "queued_calls", "callbacks")


def upgrade() -> None:
    _resize(34, 48)


def downgrade() -> None:
    _resize(48, 34)


def _resize(before: int, after: int) -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column("call", existing_type=sa.String(before), type_=sa.String(after), existing_nullable=False)
