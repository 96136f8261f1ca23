"""Alembic runs this for every command; `backend.database.upgrade` hands over the connection."""

from alembic import context

from backend.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
