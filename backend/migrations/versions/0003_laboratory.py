"""Workloads of plug-ins, bundles, rollbacks, logs, and curves that can be measured again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.add_column(
        "attempts", sa.Column("bundle_size", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column(
        "attempts",
        sa.Column("execution", sa.String(length=16), nullable=False, server_default="sequential"),
    )
    op.add_column(
        "attempts", sa.Column("cause", sa.String(length=16), nullable=False, server_default="claim")
    )
    op.add_column(
        "attempts", sa.Column("rate_factor", sa.Double(), nullable=False, server_default="1.0")
    )
    op.add_column("attempts", sa.Column("follows", sa.String(), nullable=True))
    op.add_column(
        "attempts", sa.Column("meters_s", sa.Double(), nullable=False, server_default="0.0")
    )
    op.add_column(
        "throughput_curves", sa.Column("dtype", sa.String(), nullable=False, server_default="")
    )
    op.add_column(
        "throughput_curves", sa.Column("versions", sa.String(), nullable=False, server_default="")
    )
    op.add_column("throughput_curves", sa.Column("retired_at", sa.DateTime(), nullable=True))
    curves = sa.table(
        "throughput_curves",
        sa.column("curve", sa.JSON(none_as_null=True)),
        sa.column("dtype", sa.String()),
        sa.column("versions", sa.String()),
    )
    told = {name: curves.c.curve[name].as_string() for name in ("dtype", "versions")}
    op.execute(curves.update().values(told))
    op.add_column("pilots", sa.Column("workload_facts", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "workloads",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("worker_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name=op.f("fk_workloads_worker_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workloads")),
    )
    op.create_table(
        "log_chunks",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "attempt"],
            ["attempts.run_id", "attempts.number"],
            name=op.f("fk_log_chunks_run_id_attempt"),
        ),
        sa.PrimaryKeyConstraint("run_id", "attempt", "number", name=op.f("pk_log_chunks")),
    )


def downgrade() -> None:
    """Brings the schema back to the revision before."""
    op.drop_table("log_chunks")
    op.drop_table("workloads")
    op.drop_column("pilots", "workload_facts")
    for name in ("retired_at", "versions", "dtype"):
        op.drop_column("throughput_curves", name)
    for name in ("meters_s", "follows", "rate_factor", "cause", "execution", "bundle_size"):
        op.drop_column("attempts", name)
