"""Staff: accounts, roles, certificates, sessions, codes for recovery, tries to sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("unit", sa.String(60), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_is_temporary", sa.Boolean(), nullable=False),
        sa.Column("password_expires_at", MOMENT, nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_since", MOMENT, nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("state in ('inactive','active','locked','closed')", name=op.f("ck_staff_accounts_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_accounts")),
    )
    _create_what_an_account_has()
    _create_signing_in()


def _create_what_an_account_has() -> None:
    op.create_table(
        "staff_roles",
        _account(),
        sa.Column("role", sa.String(16), nullable=False),
        _of_an_account("staff_roles"),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_staff_roles")),
    )
    op.create_table(
        "staff_certificates",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _account(),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("level in ('1A','1B','2A','2B','3A','3B')", name=op.f("ck_staff_certificates_level")),
        _of_an_account("staff_certificates"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_certificates")),
    )
    op.create_index("ix_staff_certificates_account_id", "staff_certificates", ["account_id"], unique=False)
    op.create_table(
        "staff_recovery_codes",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _account(),
        sa.Column("used_at", MOMENT, nullable=True),
        _of_an_account("staff_recovery_codes"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_recovery_codes")),
    )
    op.create_index("ix_staff_recovery_codes_account_id", "staff_recovery_codes", ["account_id"], unique=False)


def _create_signing_in() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _account(),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(16), nullable=True),
        sa.CheckConstraint("stage in ('code','open')", name=op.f("ck_staff_sessions_stage")),
        _of_an_account("staff_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index("ix_staff_sessions_account", "staff_sessions", ["account_id", "ended_at"], unique=False)
    op.create_table(
        "staff_sign_in_attempts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.CheckConstraint("outcome in ('wrong','password','in')", name=op.f("ck_staff_sign_in_attempts_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sign_in_attempts")),
    )
    op.create_index("ix_staff_sign_in_attempts_subject", "staff_sign_in_attempts", ["subject", "at"], unique=False)


def _account() -> "sa.Column[str]":
    return sa.Column("account_id", sa.String(32), nullable=False)


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_account_id_staff_accounts"
    return sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f(name))


def downgrade() -> None:
    for table in (
        "staff_sign_in_attempts",
        "staff_sessions",
        "staff_recovery_codes",
        "staff_certificates",
        "staff_roles",
        "staff_accounts",
    ):
        op.drop_table(table)
