"""Pilots whose runs were measured elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.add_column("pilots", sa.Column("imported", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "pilots",
        sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column(
            "size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("read", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("terms", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("refusal", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("pilot_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilots.id"], name=op.f("fk_imports_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_phase"), "imports", ["phase"], unique=False)
    op.create_index(op.f("ix_imports_sha256"), "imports", ["sha256"], unique=False)


def downgrade() -> None:
    """Brings the schema back to the one before."""
    op.drop_table("imports")
    op.drop_column("pilots", "hidden")
    op.drop_column("pilots", "imported")
