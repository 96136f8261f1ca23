"""Who may come in, and what they did."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


class PersonRow(Base):
    """Somebody whom a sign-in provider vouched for.

    Issuer and subject say who it is; name and e-mail are what the provider calls them now, for
    reading only. ``known_as`` is their name in the audit trail: it is unique and never changes.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    known_as: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str | None] = mapped_column(String(16))
    role_from: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime]


class TokenRow(Base):
    """A credential of a person or program; only its hash is kept.

    A person's is good for the role that they have now, whatever its scope says.
    """

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    kind: Mapped[str] = mapped_column(String(16), default="token", server_default="token")
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    last_used_at: Mapped[datetime | None]


class SignInRow(Base):
    """A single-use link, and the session that it became; only the hash of its code is kept."""

    __tablename__ = "sign_ins"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_id: Mapped[str | None] = mapped_column(ForeignKey("tokens.id"), unique=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))


class IdempotencyRow(Base):
    """The answer to a create, kept so that a repeated request gets it again."""

    __tablename__ = "idempotency_keys"

    principal: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_sha256: Mapped[str]
    answer: Mapped[Json]
    created_at: Mapped[datetime]


class AuditRow(Base):
    """Who changed what; triggers refuse every later change of a row."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    principal: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    before: Mapped[Json | None]
    after: Mapped[Json | None]
