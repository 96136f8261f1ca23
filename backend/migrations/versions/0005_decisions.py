"""Caps, gates, signed snapshots, and what production later measured."""

import json

import sqlalchemy as sa
from alembic import op

from backend.migrations.append_only import protect, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pilot_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_snapshots_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index(op.f("ix_snapshots_pilot_id"), "snapshots", ["pilot_id"])
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("pilot_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("gate", sa.String(length=16), nullable=True),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("before_results", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("snapshot_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_decisions_pilot_id")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["snapshots.id"], name=op.f("fk_decisions_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_pilot_id"), "decisions", ["pilot_id"])
    op.create_table(
        "production_results",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pilot_id", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilots.id"], name=op.f("fk_production_results_pilot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_production_results")),
    )
    op.create_index(op.f("ix_production_results_pilot_id"), "production_results", ["pilot_id"])
    for table in ("snapshots", "decisions"):
        protect(table)
    op.create_table(
        "month_caps",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("limits", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_month_caps")),
    )
    op.add_column("attempts", sa.Column("energy_j", sa.Double(), nullable=True))
    op.add_column("attempts", sa.Column("metered_s", sa.Double(), nullable=True))
    _caps_with_terms()


def downgrade() -> None:
    """Brings the schema back to the one before."""
    _caps_in_device_hours_only()
    op.drop_column("attempts", "metered_s")
    op.drop_column("attempts", "energy_j")
    op.drop_table("month_caps")
    for table in ("decisions", "snapshots"):
        unprotect(table)
    for table in ("production_results", "decisions", "snapshots"):
        op.drop_index(op.f(f"ix_{table}_pilot_id"), table_name=table)
        op.drop_table(table)


_PILOTS = sa.table(
    "pilots",
    sa.column("id", sa.String()),
    sa.column("cap_device_h", sa.Double()),
    sa.column("cap_terms", sa.JSON(none_as_null=True)),
)


def _caps_with_terms() -> None:
    """Caps that were raised in device-hours keep their height; no other kind was known."""
    unpriced: dict[str, object] = {"caps": {}, "price_per_device_h": None}
    column = sa.Column("cap_terms", sa.JSON(none_as_null=True), nullable=False)
    column.server_default = sa.DefaultClause(json.dumps(unpriced))
    op.add_column("pilots", column)
    rows = op.get_bind().execute(sa.select(_PILOTS.c.id, _PILOTS.c.cap_device_h)).all()
    for pilot_id, cap_device_h in rows:
        terms = unpriced | {"caps": {"pilot_device_h": cap_device_h}}
        op.execute(_PILOTS.update().where(_PILOTS.c.id == pilot_id).values(cap_terms=terms))
    op.drop_column("pilots", "cap_device_h")


def _caps_in_device_hours_only() -> None:
    op.add_column("pilots", sa.Column("cap_device_h", sa.Double(), nullable=True))
    cap = _PILOTS.c.cap_terms["caps"]["pilot_device_h"].as_float()
    op.execute(_PILOTS.update().values(cap_device_h=cap))
    op.drop_column("pilots", "cap_terms")
