"""Workers with several devices, and runs that several of them train together."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = ("workers", "runs", "attempts")


def upgrade() -> None:
    """Brings the schema to this revision."""
    for table in _TABLES:
        whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        column = sa.Column("device_count", whole, nullable=False, server_default="1")
        op.add_column(table, column)


def downgrade() -> None:
    """Brings the schema back to the one before."""
    for table in _TABLES:
        op.drop_column(table, "device_count")
