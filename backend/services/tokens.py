"""Credentials: who a token stands for, and how tokens are made and revoked."""

from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from sqlalchemy.orm import Session

from backend.access.security import (
    Credentials,
    Principal,
    hash_of,
    load_credentials,
    new_token,
    save_credentials,
)
from backend.repositories import attempts, people, runs, tokens, workers
from backend.services import audit
from backend.services.people import is_of_another
from backend.tables import TokenRow, WorkerRow
from backend.unit_of_work import Installation, UnitOfWork
from backend.wire.problems import not_found
from planner.exchange.access import TokenKind, TokenRequest, TokenScope, TokenState
from planner.refusal import Refusal

MOST_LISTED = 500
"""Credentials in one answer."""

WORKER_VALID_DAYS = 30
"""After this a worker that is not at work registers again."""


def look_up(installation: Installation, token: str) -> Principal | None:
    """Who a token stands for, kept for the next request; None as below."""
    known = installation.principals
    generation = known.generation
    with installation.database.read() as session:
        found = principal_of(session, token, installation)
    if found is not None:
        known.keep(token, found, generation=generation)
    return found


def principal_of(session: Session, token: str, installation: Installation) -> Principal | None:
    """Who a token stands for; None for one that is unknown, expired or revoked."""
    hashed = hash_of(token)
    row = tokens.by_hash(session, hashed)
    if row is not None:
        return _of_token(session, row, installation.clock.now())
    worker = workers.by_token_hash(session, hashed)
    if worker is not None:
        return _of_worker(session, worker, installation)
    attempt = attempts.by_token_hash(session, hashed)
    if attempt is not None:
        return Principal(
            name=f"{attempt.run_id}/a{attempt.number}",
            scope="attempt",
            paths=(("run_id", attempt.run_id), ("number", str(attempt.number))),
        )
    return None


def _of_worker(session: Session, row: WorkerRow, installation: Installation) -> Principal | None:
    """A worker, until it has to register again; beats keep it in, and no clock that jumps ends it.

    An API that has just started has heard of nobody: whoever holds a run goes on with it.
    """
    ends_at = row.registered_at + timedelta(days=WORKER_VALID_DAYS)
    now = installation.clock.now()
    good = now < ends_at or installation.leases.alive(row.id) or runs.held_by(session, row.id)
    if row.revoked_at is not None or not good:
        return None
    return Principal(
        name=row.name,
        scope="worker",
        paths=(("worker_id", row.id),),
        until=max(ends_at, now + timedelta(seconds=installation.leases.term_s)),
    )


def _of_token(session: Session, row: TokenRow, now: datetime) -> Principal | None:
    """Who a stored credential stands for now; a person is what they are now."""
    expired = row.expires_at is not None and row.expires_at <= now
    if expired or row.revoked_at is not None:
        return None
    scope: str | None = row.scope
    if row.person_id is not None:
        person = people.find(session, row.person_id)
        scope = None if person is None else person.role
    if scope is None:
        return None
    return Principal(
        name=row.name,
        scope=cast("TokenScope", scope),
        token_id=row.id,
        until=row.expires_at,
        person_id=row.person_id,
        used_at=row.last_used_at,
    )


def make(work: UnitOfWork, request: TokenRequest) -> TokenState:
    """A new credential; its secret is only in this answer.

    Raises:
        Refusal: The audit trail knows somebody else by its name.
    """
    if is_of_another(work, request.name):
        raise Refusal("name", "name_of_another", name=request.name)
    token = new_token()
    days = request.days
    row = TokenRow(
        id=uuid4().hex,
        name=request.name,
        scope=request.scope,
        token_hash=hash_of(token),
        created_at=work.now,
        expires_at=None if days is None else work.now + timedelta(days=days),
    )
    tokens.add(work.session, row)
    audit.record(work, "token.make", row.id, None, {"name": row.name, "scope": row.scope})
    return _state(row, token=token)


def revoke(work: UnitOfWork, token_id: str) -> TokenState:
    """Ends a credential now; one that was ended already stays as it is.

    Raises:
        RequestError: There is none with this id.
    """
    row = tokens.find(work.session, token_id)
    if row is None:
        raise not_found("token", token_id)
    if row.revoked_at is None:
        row.revoked_at = work.now
        audit.record(work, "token.revoke", token_id, {"name": row.name}, None)
    return _state(row)


def states(work: UnitOfWork, *, kind: TokenKind | None, live: bool) -> tuple[TokenState, ...]:
    """The newest credentials, newest first, without secrets; ``live`` leaves ended ones out."""
    rows = tokens.newest_first(
        work.session, kind=kind, live_at=work.now if live else None, limit=MOST_LISTED
    )
    return tuple(_state(row) for row in rows)


def bootstrap(installation: Installation) -> None:
    """Makes the first tokens of an installation, and knows the ones in its file or settings."""
    settings = installation.settings
    path = settings.credentials_path
    kept = load_credentials(path)
    credentials = Credentials(
        admin_token=settings.admin_token or (kept.admin_token if kept else new_token()),
        registration_token=(
            settings.registration_token or (kept.registration_token if kept else new_token())
        ),
    )
    if credentials != kept:
        save_credentials(path, credentials)
    now = installation.clock.now()
    with installation.database.write() as session, session.begin():
        _know(session, now, "owner", "admin", credentials.admin_token)
        _know(session, now, "workers", "registration", credentials.registration_token)


def _know(session: Session, now: datetime, name: str, scope: TokenScope, token: str) -> None:
    """Stores the hash of a token that may be stored already."""
    if tokens.by_hash(session, hash_of(token)) is None:
        tokens.add(
            session,
            TokenRow(
                id=uuid4().hex,
                name=name,
                scope=scope,
                token_hash=hash_of(token),
                created_at=now,
            ),
        )


def _state(row: TokenRow, *, token: str | None = None) -> TokenState:
    return TokenState(
        id=row.id,
        name=row.name,
        scope=cast("TokenScope", row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        token=token,
        kind=cast("TokenKind", row.kind),
        person_id=row.person_id,
        last_used_at=row.last_used_at,
    )
