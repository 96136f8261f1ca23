"""Tokens, repeated requests and the audit trail in the database."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.tables import AuditRow, IdempotencyRow, TokenRow


def add(session: Session, token: TokenRow) -> None:
    """Stores a token's hash."""
    session.add(token)
    session.flush()


def find(session: Session, token_id: str) -> TokenRow | None:
    """One token, or None."""
    return session.get(TokenRow, token_id)


def by_hash(session: Session, token_hash: str) -> TokenRow | None:
    """The token with this hash, or None."""
    return session.scalars(select(TokenRow).where(TokenRow.token_hash == token_hash)).one_or_none()


def newest_first(session: Session) -> Sequence[TokenRow]:
    """Every token, revoked ones too."""
    return session.scalars(select(TokenRow).order_by(TokenRow.created_at.desc(), TokenRow.id)).all()


def answer_given(session: Session, principal: str, key: str) -> IdempotencyRow | None:
    """The answer to an earlier request with this key, or None."""
    return session.get(IdempotencyRow, (principal, key))


def remember_answer(session: Session, row: IdempotencyRow) -> None:
    """Keeps an answer for a repeated request."""
    session.add(row)
    session.flush()


def record(session: Session, entry: AuditRow) -> None:
    """Adds to the audit trail."""
    session.add(entry)
