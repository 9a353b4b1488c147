"""The first schema: calls, customers, the embedded bank, queues, outbox, audit."""

import sqlalchemy as sa
from alembic import op

from ivr.db.migrations.ledger_triggers import ddl

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("caller_index", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_call"), "attempts", ["call"], unique=False)
    op.create_index("ix_attempts_caller", "attempts", ["caller_index", "at"], unique=False)
    op.create_index("ix_attempts_subject", "attempts", ["subject", "at"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("deed", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "bank_customers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("transfers_held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_customers")),
    )
    op.create_table(
        "biller_numbers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("biller", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_biller_numbers")),
    )
    op.create_index("uq_biller_numbers_number", "biller_numbers", ["biller", "number"], unique=True)
    op.create_table(
        "bundles",
        sa.Column("hash", sa.String(length=16), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_bundles")),
    )
    op.create_table(
        "callbacks",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(problem) > 0", name=op.f("ck_callbacks_problem")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
        sa.UniqueConstraint("call", name=op.f("uq_callbacks_call")),
    )
    op.create_index(op.f("ix_callbacks_number_index"), "callbacks", ["number_index"], unique=False)
    op.create_table(
        "calls",
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.String(length=16), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("caller", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_started_at", "calls", ["started_at"], unique=False)
    op.create_index(
        "ix_calls_kept",
        "calls",
        ["started_at"],
        unique=False,
        sqlite_where=sa.text("length(state) > 0"),
        postgresql_where=sa.text("length(state) > 0"),
    )
    op.create_table(
        "core_orders",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("request", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("refusal", sa.String(length=12), nullable=False),
        sa.Column("room_fen", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earlier", sa.String(length=12), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("inquiries", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (refusal <> '')", name=op.f("ck_core_orders_refusal")),
        sa.CheckConstraint(
            "kind IN ('transfer', 'bill', 'loss', 'password', 'hold')", name=op.f("ck_core_orders_kind")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'pending', 'done', 'refused')", name=op.f("ck_core_orders_state")
        ),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_core_orders_amount")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_core_orders")),
        sa.UniqueConstraint("reference", name=op.f("uq_core_orders_reference")),
    )
    op.create_index("ix_core_orders_customer", "core_orders", ["customer_id", "kind"], unique=False)
    op.create_index(
        "ix_core_orders_due",
        "core_orders",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('waiting', 'sent', 'pending')"),
        postgresql_where=sa.text("state IN ('waiting', 'sent', 'pending')"),
    )
    op.create_index(
        "ix_core_orders_owed",
        "core_orders",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("NOT heard AND state IN ('done', 'refused')"),
        postgresql_where=sa.text("NOT heard AND state IN ('done', 'refused')"),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("mobile", sa.LargeBinary(), nullable=False),
        sa.Column("mobile_index", sa.LargeBinary(), nullable=False),
        sa.Column("identity", sa.LargeBinary(), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("identity_index", name=op.f("uq_customers_identity_index")),
        sa.UniqueConstraint("mobile_index", name=op.f("uq_customers_mobile_index")),
    )
    op.create_table(
        "lockouts",
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("failures_day", sa.Integer(), nullable=False),
        sa.Column("failures_row", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("branch_only", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "kind", name=op.f("pk_lockouts")),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("binding", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "state in ('sent','replaced','proven','used','spent')", name=op.f("ck_one_time_codes_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index(op.f("ix_one_time_codes_call"), "one_time_codes", ["call"], unique=False)
    op.create_index("ix_one_time_codes_customer", "one_time_codes", ["customer", "sent_at"], unique=False)
    op.create_table(
        "outgoing_texts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_index", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("provider_sid", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','sending','sent','expired','failed')", name=op.f("ck_outgoing_texts_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_texts")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_texts_key")),
    )
    op.create_index("ix_outgoing_texts_due", "outgoing_texts", ["state", "next_at"], unique=False)
    op.create_index("ix_outgoing_texts_recipient", "outgoing_texts", ["recipient_index", "created_at"], unique=False)
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("bundle", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_table(
        "queued_calls",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("told_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','leaving','answered','callback','timeout','abandoned','failed')",
            name=op.f("ck_queued_calls_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_calls")),
    )
    op.create_index(op.f("ix_queued_calls_call"), "queued_calls", ["call"], unique=False)
    op.create_index("ix_queued_calls_line", "queued_calls", ["queue", "state", "priority", "entered_at"], unique=False)
    op.create_table(
        "turns",
        sa.Column("call", sa.String(length=34), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("trail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("call", "turn", name=op.f("pk_turns")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance_fen >= 0", name=op.f("ck_accounts_balance")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customers.id"], name=op.f("fk_accounts_customer_id_bank_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_customer_id"), "accounts", ["customer_id"], unique=False)
    op.create_table(
        "passwords",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('query', 'transaction')", name=op.f("ck_passwords_kind")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customers.id"], name=op.f("fk_passwords_customer_id_bank_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passwords")),
    )
    op.create_index("ix_passwords_customer_kind", "passwords", ["customer_id", "kind"], unique=False)
    op.create_index(
        "uq_passwords_current",
        "passwords",
        ["customer_id", "kind"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "payees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("card_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customers.id"], name=op.f("fk_payees_customer_id_bank_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payees")),
    )
    op.create_index("uq_payees_card", "payees", ["customer_id", "card_index"], unique=True)
    op.create_table(
        "postings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refusal", sa.String(length=12), nullable=False),
        sa.Column("room_fen", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counterparty", sa.LargeBinary(length=32), nullable=True),
        sa.Column("earlier", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "(amount_fen > 0) = (kind NOT IN ('loss', 'password')) AND amount_fen >= 0", name=op.f("ck_postings_amount")
        ),
        sa.CheckConstraint("(state = 'refused') = (refusal <> '')", name=op.f("ck_postings_refusal")),
        sa.CheckConstraint(
            "kind IN ('opening', 'salary', 'transfer', 'bill', 'loss', 'password')", name=op.f("ck_postings_kind")
        ),
        sa.CheckConstraint("state IN ('done', 'refused')", name=op.f("ck_postings_state")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customers.id"], name=op.f("fk_postings_customer_id_bank_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("key", name=op.f("uq_postings_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_postings_reference")),
    )
    op.create_index("ix_postings_customer_at", "postings", ["customer_id", "at"], unique=False)
    op.create_table(
        "bills",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("number_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_bills_amount")),
        sa.ForeignKeyConstraint(["number_id"], ["biller_numbers.id"], name=op.f("fk_bills_number_id_biller_numbers")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_bills_posting_id_postings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_bills_posting_id")),
    )
    op.create_index(
        "uq_bills_open",
        "bills",
        ["number_id"],
        unique=True,
        sqlite_where=sa.text("posting_id IS NULL"),
        postgresql_where=sa.text("posting_id IS NULL"),
    )
    op.create_table(
        "cards",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("lost_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost_reference", sa.String(length=12), nullable=False),
        sa.CheckConstraint("(lost_until IS NULL) = (lost_reference = '')", name=op.f("ck_cards_lost")),
        sa.CheckConstraint("state IN ('active', 'frozen')", name=op.f("ck_cards_state")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_cards_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_cards")),
        sa.UniqueConstraint("number_index", name=op.f("uq_cards_number_index")),
    )
    op.create_table(
        "entries",
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.SmallInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("book", sa.String(length=48), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(account_id IS NULL) = (book <> '')", name=op.f("ck_entries_side")),
        sa.CheckConstraint(
            "(line = 0 AND amount_fen < 0) OR (line = 1 AND amount_fen > 0)", name=op.f("ck_entries_line")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_entries_account_id_accounts")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_entries_posting_id_postings")),
        sa.PrimaryKeyConstraint("posting_id", "line", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_account", "entries", ["account_id", "posting_id"], unique=False)

    for statement in ddl(op.get_bind().dialect.name):
        op.execute(statement)

    op.create_table(
        "worker_beats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_beats")),
    )


def downgrade() -> None:
    op.drop_table("worker_beats")
    op.drop_index("ix_entries_account", table_name="entries")
    op.drop_table("entries")
    op.drop_table("cards")
    op.drop_index(
        "uq_bills_open",
        table_name="bills",
        sqlite_where=sa.text("posting_id IS NULL"),
        postgresql_where=sa.text("posting_id IS NULL"),
    )
    op.drop_table("bills")
    op.drop_index("ix_postings_customer_at", table_name="postings")
    op.drop_table("postings")
    op.drop_index("uq_payees_card", table_name="payees")
    op.drop_table("payees")
    op.drop_index(
        "uq_passwords_current",
        table_name="passwords",
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.drop_index("ix_passwords_customer_kind", table_name="passwords")
    op.drop_table("passwords")
    op.drop_index(op.f("ix_accounts_customer_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_table("turns")
    op.drop_index("ix_queued_calls_line", table_name="queued_calls")
    op.drop_index(op.f("ix_queued_calls_call"), table_name="queued_calls")
    op.drop_table("queued_calls")
    op.drop_table("publications")
    op.drop_index("ix_outgoing_texts_recipient", table_name="outgoing_texts")
    op.drop_index("ix_outgoing_texts_due", table_name="outgoing_texts")
    op.drop_table("outgoing_texts")
    op.drop_index("ix_one_time_codes_customer", table_name="one_time_codes")
    op.drop_index(op.f("ix_one_time_codes_call"), table_name="one_time_codes")
    op.drop_table("one_time_codes")
    op.drop_table("lockouts")
    op.drop_table("customers")
    op.drop_index(
        "ix_core_orders_owed",
        table_name="core_orders",
        sqlite_where=sa.text("NOT heard AND state IN ('done', 'refused')"),
        postgresql_where=sa.text("NOT heard AND state IN ('done', 'refused')"),
    )
    op.drop_index(
        "ix_core_orders_due",
        table_name="core_orders",
        sqlite_where=sa.text("state IN ('waiting', 'sent', 'pending')"),
        postgresql_where=sa.text("state IN ('waiting', 'sent', 'pending')"),
    )
    op.drop_index("ix_core_orders_customer", table_name="core_orders")
    op.drop_table("core_orders")
    op.drop_index(
        "ix_calls_kept",
        table_name="calls",
        sqlite_where=sa.text("length(state) > 0"),
        postgresql_where=sa.text("length(state) > 0"),
    )
    op.drop_index("ix_calls_started_at", table_name="calls")
    op.drop_table("calls")
    op.drop_index(op.f("ix_callbacks_number_index"), table_name="callbacks")
    op.drop_table("callbacks")
    op.drop_table("bundles")
    op.drop_index("uq_biller_numbers_number", table_name="biller_numbers")
    op.drop_table("biller_numbers")
    op.drop_table("bank_customers")
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
    op.drop_index("ix_attempts_subject", table_name="attempts")
    op.drop_index("ix_attempts_caller", table_name="attempts")
    op.drop_index(op.f("ix_attempts_call"), table_name="attempts")
    op.drop_table("attempts")
