"""Secrets are known again by their check values; a row of a password is covered by a digest; books are reconciled.

Hashes are bound to their customer and kind from here on, which those made before are not: none of them would fit any
more. So a database that holds such passwords is refused; the demonstration is made anew instead.
"""

import sqlalchemy as sa
from alembic import op

from ivr.foundation.errors import ConfigurationError

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM passwords")):
        raise ConfigurationError(
            "the password hashes of this database are of an earlier version and fit no password any more; for the "
            "demonstration, remove its database (rm -r var) and start anew"
        )
    op.create_table(
        "key_checks",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.LargeBinary(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_key_checks")),
    )
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
    )
    op.add_column("audit_head", sa.Column("key_check", sa.LargeBinary(length=16), nullable=True))
    op.add_column("passwords", sa.Column("digest", sa.LargeBinary(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("passwords", "digest")
    op.drop_column("audit_head", "key_check")
    op.drop_table("reconciliations")
    op.drop_table("key_checks")
