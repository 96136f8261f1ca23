"""Notifications, who has read them, and the webhook that they are sent to."""

import sqlalchemy as sa
from alembic import op

from backend.migrations.append_only import protect, unprotect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.create_table(
        "notifications",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("occurrence", sa.String(), nullable=False),
        sa.Column("pilot_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilots.id"], name=op.f("fk_notifications_pilot_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_notifications_run_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notifications")),
        sa.UniqueConstraint("occurrence", name=op.f("uq_notifications_occurrence")),
    )
    op.create_index(op.f("ix_notifications_pilot_id"), "notifications", ["pilot_id"])
    protect("notifications")
    op.create_table(
        "notification_readers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("read_up_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_notification_readers")),
    )
    op.create_table(
        "webhooks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("notification", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notification"], ["notifications.number"], name=op.f("fk_deliveries_notification")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("notification", name=op.f("uq_deliveries_notification")),
    )
    op.create_index(op.f("ix_deliveries_status_number"), "deliveries", ["status", "number"])


def downgrade() -> None:
    """Brings the schema back to the one before."""
    op.drop_index(op.f("ix_deliveries_status_number"), table_name="deliveries")
    for table in ("deliveries", "webhooks", "notification_readers"):
        op.drop_table(table)
    unprotect("notifications")
    op.drop_index(op.f("ix_notifications_pilot_id"), table_name="notifications")
    op.drop_table("notifications")
