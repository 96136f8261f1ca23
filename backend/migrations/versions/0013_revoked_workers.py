"""A worker can be shut out."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.add_column("workers", sa.Column("revoked_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    """Brings the schema back to the one before."""
    op.drop_column("workers", "revoked_at")
