"""Single-use links in the database."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.tables import SignInRow


def add(session: Session, row: SignInRow) -> None:
    """Stores the hash of a link's code."""
    session.add(row)
    session.flush()


def find(session: Session, code_hash: str) -> SignInRow | None:
    """The link whose code has this hash, or None."""
    return session.get(SignInRow, code_hash)


def forget_unused(session: Session, *, expired_before: datetime) -> None:
    """Removes links that nobody used in time."""
    session.execute(
        delete(SignInRow).where(
            SignInRow.token_id.is_(None), SignInRow.expires_at <= expired_before
        )
    )
