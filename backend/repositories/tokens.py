"""Tokens, repeated requests and the audit trail in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from backend.tables import AuditRow, IdempotencyRow, PersonRow, TokenRow


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


def newest_first(
    session: Session, *, kind: str | None, live_at: datetime | None, limit: int
) -> Sequence[TokenRow]:
    """The newest tokens; without ``live_at`` those that ended too."""
    wanted = select(TokenRow).order_by(TokenRow.created_at.desc(), TokenRow.id).limit(limit)
    if kind is not None:
        wanted = wanted.where(TokenRow.kind == kind)
    if live_at is not None:
        wanted = wanted.where(*_live(live_at))
    return session.scalars(wanted).all()


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


def live_sessions(session: Session, person_id: str, *, now: datetime) -> int:
    """How many browsers of a person are signed in."""
    mine = select(func.count()).select_from(TokenRow).where(TokenRow.person_id == person_id)
    return session.scalar(mine.where(*_live(now))) or 0


def last_end(session: Session, person_id: str, *, now: datetime) -> datetime | None:
    """When the last of a person's sessions ends; None where none goes on."""
    mine = select(func.max(TokenRow.expires_at)).where(TokenRow.person_id == person_id)
    return session.scalar(mine.where(*_live(now)))


def held(
    session: Session, kind: str, *, now: datetime
) -> tuple[tuple[str, int, int, datetime | None], ...]:
    """Per role: how many are good now, how many of them for ever, and when the first ends.

    A person's count for the role that they have now.
    """
    role = func.coalesce(PersonRow.role, TokenRow.scope)
    for_ever = func.count().filter(TokenRow.expires_at.is_(None))
    rows = session.execute(
        select(role, func.count(), for_ever, func.min(TokenRow.expires_at))
        .select_from(TokenRow)
        .outerjoin(PersonRow, PersonRow.id == TokenRow.person_id)
        .where(TokenRow.kind == kind, *_live(now))
        .where(TokenRow.person_id.is_(None) | PersonRow.role.is_not(None))
        .group_by(role)
        .order_by(role)
    )
    return tuple((scope, number, never, first) for scope, number, never, first in rows)


def note_uses(session: Session, uses: Mapping[str, datetime]) -> None:
    """Writes down when credentials were last used."""
    for token_id, at in uses.items():
        session.execute(update(TokenRow).where(TokenRow.id == token_id).values(last_used_at=at))


def _live(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    ends_later = TokenRow.expires_at.is_(None) | (TokenRow.expires_at > now)
    return TokenRow.revoked_at.is_(None), ends_later
