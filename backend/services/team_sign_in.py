"""Somebody comes back from the sign-in provider: a session, or a refusal that is written down."""

from datetime import timedelta
from uuid import uuid4

from backend.access.security import hash_of, new_token
from backend.oidc.id_token import Identity
from backend.oidc.provider import Provider
from backend.oidc.refused import Reason, SignInRefused
from backend.oidc.trip import Trip
from backend.repositories import sign_ins, tokens
from backend.services import audit, people
from backend.tables import SignInRow, TokenRow
from backend.unit_of_work import UnitOfWork

PROVIDER = "oidc"
"""What a refusal in the audit trail is about while it is not known who came."""


def enter(work: UnitOfWork, identity: Identity, trip: Trip, provider: Provider) -> str:
    """The secret of a new session.

    Raises:
        SignInRefused: This try was used before, or the person has no role. They are remembered,
            so that an administrator can give them one.
    """
    used = hash_of(trip.state)
    if sign_ins.find(work.session, used) is not None:
        raise SignInRefused("state_used")
    person = people.known(work, identity, provider.client)
    if person.role is None:
        raise SignInRefused("role_missing")
    token = new_token()
    session = TokenRow(
        id=uuid4().hex,
        name=person.known_as,
        scope=person.role,
        token_hash=hash_of(token),
        created_at=work.now,
        expires_at=work.now + timedelta(hours=provider.client.session_h),
        kind="session",
        person_id=person.id,
    )
    tokens.add(work.session, session)
    sign_ins.add(
        work.session,
        SignInRow(
            code_hash=used,
            name=person.known_as,
            scope=person.role,
            created_at=work.now,
            expires_at=trip.ends_at,
            token_id=session.id,
            person_id=person.id,
        ),
    )
    told = {"name": person.known_as, "scope": person.role, "person": person.id}
    audit.record(work, "sign_in", session.id, None, told)
    return token


def refuse(work: UnitOfWork, reason: Reason, provider: Provider, identity: Identity | None) -> None:
    """Writes a refusal down, with who came where that is beyond doubt."""
    if provider.is_written_down(work.now):
        after = {"reason": reason} | ({} if identity is None else {"subject": identity.subject})
        audit.record(work, "sign_in.refuse", PROVIDER, None, after)
