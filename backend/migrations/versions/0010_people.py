"""People of a sign-in provider, which credentials are theirs, and an audit trail that is read."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the schema to this revision."""
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("role_from", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_people_issuer_subject")),
        sa.UniqueConstraint("known_as", name=op.f("uq_people_known_as")),
    )
    op.add_column(
        "tokens", sa.Column("kind", sa.String(length=16), nullable=False, server_default="token")
    )
    op.add_column("tokens", sa.Column("last_used_at", sa.DateTime(), nullable=True))
    for table in ("tokens", "sign_ins"):
        # Both databases take a reference with a new column; Alembic cannot say so to SQLite.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN person_id VARCHAR "
            f"CONSTRAINT fk_{table}_person_id REFERENCES people (id)"
        )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"])
    op.execute(
        "UPDATE tokens SET kind = 'session' "
        "WHERE id IN (SELECT token_id FROM sign_ins WHERE token_id IS NOT NULL)"
    )
    op.create_index(op.f("ix_audit_entries_principal"), "audit_entries", ["principal"])
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])


def downgrade() -> None:
    """Brings the schema back to the one before."""
    op.drop_index(op.f("ix_audit_entries_at"), table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_principal"), table_name="audit_entries")
    op.drop_index(op.f("ix_tokens_person_id"), table_name="tokens")
    for table, column in (
        ("sign_ins", "person_id"),
        ("tokens", "person_id"),
        ("tokens", "last_used_at"),
        ("tokens", "kind"),
    ):
        op.drop_column(table, column)
    op.drop_table("people")
