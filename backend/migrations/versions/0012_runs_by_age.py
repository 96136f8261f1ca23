"""Pages of runs are read in the order of an index, not sorted anew."""

from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "ix_runs_created_at_pilot_id_number"


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.create_index(INDEX, "runs", ["created_at", "pilot_id", "number"])


def downgrade() -> None:
    """Brings the schema back to the one before."""
    op.drop_index(INDEX, table_name="runs")
