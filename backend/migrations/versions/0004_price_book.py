"""Own and imported rate cards, exchange rates and prices of electricity, each with its day."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.create_table(
        "prices",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("card", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_prices")),
    )
    op.create_index("ix_prices_id_as_of_number", "prices", ["id", "as_of", "number"])
    op.create_table(
        "exchange_rates",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_exchange_rates")),
    )
    op.create_index("ix_exchange_rates_as_of_number", "exchange_rates", ["as_of", "number"])
    op.create_table(
        "facilities",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("facility", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_facilities")),
    )
    op.create_index("ix_facilities_as_of_number", "facilities", ["as_of", "number"])


def downgrade() -> None:
    """Brings the schema back to the one before."""
    for table in ("facilities", "exchange_rates", "prices"):
        op.drop_index(f"ix_{table}_{'id_' if table == 'prices' else ''}as_of_number", table)
        op.drop_table(table)
