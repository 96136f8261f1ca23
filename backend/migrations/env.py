"""Alembic runs this for every command; the connection is handed over by `backend.upgrade`."""

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
