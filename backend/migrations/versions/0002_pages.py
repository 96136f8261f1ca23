"""What pages need: sign-in, drafts, lists that are told fast."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.add_column("pilots", sa.Column("expected_device_h", sa.Double(), nullable=True))
    op.add_column("pilots", sa.Column("judged_at", sa.DateTime(), nullable=True))
    op.add_column("pilots", sa.Column("verdict", sa.String(length=16), nullable=True))
    op.add_column("pilots", sa.Column("payback_months", sa.Double(), nullable=True))
    op.create_index(op.f("ix_audit_entries_subject_id"), "audit_entries", ["subject_id"])
    op.create_table(
        "sign_ins",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("token_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name=op.f("fk_sign_ins_token_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_id", name=op.f("uq_sign_ins_token_id")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_owner"), "drafts", ["owner"])


def downgrade() -> None:
    """Brings the schema back to the revision before."""
    op.drop_index(op.f("ix_drafts_owner"), "drafts")
    op.drop_table("drafts")
    op.drop_table("sign_ins")
    op.drop_index(op.f("ix_audit_entries_subject_id"), "audit_entries")
    for name in ("payback_months", "verdict", "judged_at", "expected_device_h"):
        op.drop_column("pilots", name)
