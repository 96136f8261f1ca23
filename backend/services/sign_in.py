"""How a browser signs in: a link that works once becomes a session."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from backend.access.security import RANKS, beyond, hash_of, new_token
from backend.repositories import sign_ins, tokens
from backend.services import audit, notifications
from backend.services.people import is_of_another
from backend.services.tokens import principal_of
from backend.tables import SignInRow, TokenRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import conflict
from planner.exchange.access import SignInLinkRequest, TokenScope
from planner.exchange.page_states import Me
from planner.refusal import Refusal

SESSION_VALID_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A browser that may enter.

    Attributes:
        token: Secret of its new session; None where it had one already.
        valid_s: How long that is good.
    """

    token: str | None = field(repr=False)
    valid_s: int


def me(work: UnitOfWork) -> Me:
    """Who asks."""
    return Me(
        name=work.principal.name,
        scope=cast("TokenScope", work.principal.scope),
        unread=notifications.unread(work),
        storage_full=work.installation.room.is_short(),
        needs=dict(beyond(work.principal.scope)),
    )


def make_code(work: UnitOfWork, request: SignInLinkRequest) -> str:
    """The secret of a new link, for a browser of whoever asks or of somebody whom they name.

    Only an administrator makes links, so that nobody is given more than their giver has.

    Raises:
        Refusal: The audit trail knows somebody else by the name.
    """
    if request.name is not None and is_of_another(work, request.name):
        raise Refusal("name", "name_of_another", name=request.name)
    asks = work.principal
    name, scope = request.name or asks.name, request.role or asks.scope
    code = new_token()
    sign_ins.forget_unused(work.session, expired_before=work.now)
    sign_ins.add(
        work.session,
        SignInRow(
            code_hash=hash_of(code),
            name=name,
            scope=scope,
            created_at=work.now,
            expires_at=work.now + timedelta(minutes=request.valid_minutes),
            person_id=asks.person_id if request.name is None else None,
        ),
    )
    told = {"scope": scope, "valid_minutes": request.valid_minutes}
    audit.record(work, "sign_in_link.make", name, None, told)
    return code


def sign_in(work: UnitOfWork, code: str, *, session_token: str | None) -> SignedIn | None:
    """Swaps a code for a session; None for one that is unknown, used or expired.

    A browser that follows its link again is let in by the session that it has.
    """
    row = sign_ins.find(work.session, hash_of(code))
    if row is None or row.token_id is not None or row.expires_at <= work.now:
        return _known(work, session_token)
    ends_at = _end(work, row)
    if ends_at is None:
        return _known(work, session_token)
    token = new_token()
    session = TokenRow(
        id=uuid4().hex,
        name=row.name,
        scope=row.scope,
        token_hash=hash_of(token),
        created_at=work.now,
        expires_at=ends_at,
        kind="session",
        person_id=row.person_id,
    )
    tokens.add(work.session, session)
    row.token_id = session.id
    audit.record(work, "sign_in", session.id, None, {"name": row.name, "scope": row.scope})
    return SignedIn(token=token, valid_s=round((ends_at - work.now).total_seconds()))


def sign_out(work: UnitOfWork) -> Me:
    """Ends the session that asks; other credentials are revoked by their owner.

    Raises:
        RequestError: The credential is no session.
    """
    token_id = work.principal.token_id or ""
    row = tokens.find(work.session, token_id)
    if row is None or row.kind != "session":
        raise conflict("not_a_session")
    row.revoked_at = work.now
    audit.record(work, "sign_out", token_id, {"name": row.name}, None)
    return me(work)


def _end(work: UnitOfWork, row: SignInRow) -> datetime | None:
    """When the session of a link ends; None where it may not begin.

    Another browser of somebody whom the provider vouched for is signed in no longer than the one
    that they came in with: a link does not replace asking the provider again.
    """
    longest = work.now + timedelta(days=SESSION_VALID_DAYS)
    if row.person_id is None:
        return longest
    last = tokens.last_end(work.session, row.person_id, now=work.now)
    return None if last is None else min(longest, last)


def _known(work: UnitOfWork, session_token: str | None) -> SignedIn | None:
    if not session_token:
        return None
    principal = principal_of(work.session, session_token, work.installation)
    signed_in = principal is not None and principal.scope in RANKS
    return SignedIn(token=None, valid_s=0) if signed_in else None
