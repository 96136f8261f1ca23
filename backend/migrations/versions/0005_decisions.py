"""Caps, gates, signed snapshots, and what production later measured."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""


def downgrade() -> None:
    """Brings the schema back to the one before."""
