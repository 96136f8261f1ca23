"""Whole numbers of 64 bits in PostgreSQL too: SQLite has no smaller ones."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    _change("INTEGER", "BIGINT")


def downgrade() -> None:
    """Brings the schema back to the one before."""
    _change("BIGINT", "INTEGER")


def _change(before: str, after: str) -> None:
    """Every whole number of every table, and the sequences that number rows."""
    if op.get_bind().dialect.name != "postgresql":
        return
    inspector = sa.inspect(op.get_bind())
    for table in inspector.get_table_names():
        for column in inspector.get_columns(table):
            if str(column["type"]) == before:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column['name']} TYPE {after}")
    for sequence in inspector.get_sequence_names():
        op.execute(f"ALTER SEQUENCE {sequence} AS {after}")
