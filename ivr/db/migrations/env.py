"""Alembic's entry: runs on the connection that `ivr.db.schema` hands over."""

from alembic import context

from ivr.db.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    transaction_per_migration=False,
    user_module_prefix="",
)
context.run_migrations()
