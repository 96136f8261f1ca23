"""Steps that were measured on several devices."""

import sqlalchemy as sa
from alembic import op

from backend.migrations.whole_number import WHOLE_NUMBER

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.create_table(
        "scaling_curves",
        sa.Column("number", WHOLE_NUMBER, autoincrement=True, nullable=False),
        sa.Column("workload", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("dtype", sa.String(), nullable=False),
        sa.Column("versions", sa.String(), nullable=False),
        sa.Column("curve", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("measured_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_scaling_curves_run_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_scaling_curves")),
        sa.UniqueConstraint("run_id", name=op.f("uq_scaling_curves_run_id")),
    )
    op.create_index("ix_scaling_curves_latest", "scaling_curves", ["workload", "device", "number"])


def downgrade() -> None:
    """Brings the schema back to the one before."""
    op.drop_index("ix_scaling_curves_latest", table_name="scaling_curves")
    op.drop_table("scaling_curves")
