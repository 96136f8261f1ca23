"""A browser's way to the provider and back: what it must bring back, and how it is remembered."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from backend.oidc.client import OidcClient

COOKIE = "paybatch_oidc"
LASTS_S = 600.0

_SEAL = "HS256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One try to sign in.

    Attributes:
        state: Comes back with the browser: another site cannot send it here with a code of its own.
        nonce: Comes back inside the token: a token of another try is worth nothing.
        verifier: Shown with the code only: a code that was overheard is worth nothing (PKCE).
        ends_at: When it is too late.
    """

    state: str
    nonce: str
    verifier: str
    ends_at: datetime


def new_trip(now: datetime) -> Trip:
    """One with secrets of its own."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Trip(
        state=state, nonce=nonce, verifier=verifier, ends_at=now + timedelta(seconds=LASTS_S)
    )


def address(trip: Trip, client: OidcClient, endpoint: str) -> str:
    """Where the browser goes."""
    url: str = prepare_grant_uri(
        endpoint,
        client.client_id,
        "code",
        redirect_uri=client.redirect_url,
        scope="openid profile email",
        state=trip.state,
        nonce=trip.nonce,
        code_challenge=create_s256_code_challenge(trip.verifier),
        code_challenge_method="S256",
    )
    return url


def sealed(trip: Trip, key: OctKey) -> str:
    """The trip as a cookie that only this process could have made."""
    claims = {
        "state": trip.state,
        "nonce": trip.nonce,
        "verifier": trip.verifier,
        "ends_at": trip.ends_at.isoformat(),
    }
    return jwt.encode({"alg": _SEAL}, claims, key)


def opened(cookie: str | None, key: OctKey, *, now: datetime) -> Trip | None:
    """The trip in a cookie; None for a foreign, altered or late one."""
    try:
        claims = jwt.decode(cookie or "", key, algorithms=[_SEAL]).claims
    except (JoseError, ValueError):
        return None
    trip = Trip(
        state=claims["state"],
        nonce=claims["nonce"],
        verifier=claims["verifier"],
        ends_at=datetime.fromisoformat(claims["ends_at"]),
    )
    return trip if now < trip.ends_at else None
