"""People of a sign-in provider in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.tables import PersonRow, TokenRow


def add(session: Session, person: PersonRow) -> None:
    """Stores somebody new."""
    session.add(person)
    session.flush()


def find(session: Session, person_id: str) -> PersonRow | None:
    """One person, or None."""
    return session.get(PersonRow, person_id)


def by_subject(session: Session, issuer: str, subject: str) -> PersonRow | None:
    """Whom a provider calls so, or None."""
    return session.scalars(
        select(PersonRow).where(PersonRow.issuer == issuer, PersonRow.subject == subject)
    ).one_or_none()


def names(session: Session) -> frozenset[str]:
    """What the audit trail calls people, without regard to case.

    Read whole, since databases do not agree on the case of letters beyond ASCII.
    """
    return frozenset(name.casefold() for name in session.scalars(select(PersonRow.known_as)))


def names_of_tokens(session: Session) -> frozenset[str]:
    """What it calls those who hold a token, likewise."""
    told = session.scalars(select(TokenRow.name).distinct())
    return frozenset(name.casefold() for name in told)


def by_name(session: Session, *, limit: int, offset: int) -> Sequence[PersonRow]:
    """One page of people."""
    ordered = select(PersonRow).order_by(PersonRow.known_as, PersonRow.id)
    return session.scalars(ordered.limit(limit).offset(offset)).all()


def count(session: Session) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(PersonRow)) or 0


def count_by_role(session: Session) -> dict[str | None, int]:
    """How many have each role; None for those who have none."""
    rows = session.execute(select(PersonRow.role, func.count()).group_by(PersonRow.role))
    return {role: number for role, number in rows}  # noqa: C416  # rows are no pairs to mypy


def end_sessions(session: Session, person_id: str, *, now: datetime) -> int:
    """Ends every session of a person; how many that were."""
    live = (TokenRow.person_id == person_id, TokenRow.revoked_at.is_(None))
    number = session.scalar(select(func.count()).select_from(TokenRow).where(*live)) or 0
    session.execute(update(TokenRow).where(*live).values(revoked_at=now))
    return number
