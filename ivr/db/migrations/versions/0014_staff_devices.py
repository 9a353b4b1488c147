"""Staff: browsers in which somebody signed in before, and where each try to sign in came from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "staff_devices",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_accounts.id"], name=op.f("fk_staff_devices_account_id_staff_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_devices")),
        sa.UniqueConstraint("token_hash", "account_id", name=op.f("uq_staff_devices_token_hash")),
    )
    op.create_index("ix_staff_devices_account_id", "staff_devices", ["account_id"], unique=False)
    op.drop_table("staff_sign_in_attempts")  # only the last half hour of it counts
    op.create_table(
        "staff_sign_in_attempts",
        *_columns(),
        sa.Column("origin", sa.LargeBinary(), nullable=False),
        sa.Column("is_known_device", sa.Boolean(), nullable=False),
        *_constraints(),
    )
    op.create_index("ix_staff_sign_in_attempts_subject", "staff_sign_in_attempts", ["subject", "at"], unique=False)
    op.create_index("ix_staff_sign_in_attempts_origin", "staff_sign_in_attempts", ["origin", "at"], unique=False)


def _columns() -> "list[sa.Column[object]]":
    return [
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("outcome in ('wrong','password','in')", name=op.f("ck_staff_sign_in_attempts_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sign_in_attempts")),
    ]


def downgrade() -> None:
    op.drop_table("staff_sign_in_attempts")
    op.create_table("staff_sign_in_attempts", *_columns(), *_constraints())
    op.create_index("ix_staff_sign_in_attempts_subject", "staff_sign_in_attempts", ["subject", "at"], unique=False)
    op.drop_table("staff_devices")
