"""An ID token, believed only after every check of OpenID Connect Core 1.0, section 3.1.3.7."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, RSAKey

from backend.oidc.client import OidcClient
from backend.oidc.refused import SignInRefused

ALGORITHMS: Mapping[str, str] = {
    "RS256": "RSA",
    "PS256": "RSA",
    "ES256": "EC",
    "ES384": "EC",
}
"""Signatures that are believed, and the type of their keys. A token cannot choose another one:
neither none, nor one whose secret is the public key."""

LEEWAY_S = 60.0
"""How far the provider's clock may be from ours."""

LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""

LONGEST_TOKEN_BYTES = 64 * 2**10

PublicKey = RSAKey | ECKey
KeyFinder = Callable[[str, str | None], PublicKey | None]
"""The provider's key of a type, by its id; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider vouches for.

    Attributes:
        name: To be shown; empty where the provider tells none.
        email: Likewise; nobody is known by it.
        values: Of the claim that says what they are.
    """

    issuer: str
    subject: str
    name: str
    email: str
    values: tuple[str, ...]


def identity_in(
    token: str, *, client: OidcClient, nonce: str, key_of: KeyFinder, now: datetime
) -> Identity:
    """Who signed in.

    Raises:
        SignInRefused: The token does not say so, beyond doubt, to us and now.
    """
    claims = _signed_claims(token, key_of)
    if claims.get("iss") != client.issuer:
        raise SignInRefused("issuer_wrong")
    _check_audience(claims, client.client_id)
    if claims.get("nonce") != nonce:
        raise SignInRefused("nonce_wrong")
    _check_times(claims, now.timestamp())
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise SignInRefused("subject_missing")
    if not subject.isprintable():
        raise SignInRefused("subject_missing")
    return Identity(
        issuer=client.issuer,
        subject=subject,
        name=_shown(claims.get("name")) or _shown(claims.get("preferred_username")),
        email=_shown(claims.get("email")),
        values=_values(claims, client.role_claim),
    )


def _signed_claims(token: str, key_of: KeyFinder) -> dict[str, object]:
    """What is in a token whose signature is right."""
    if len(token) > LONGEST_TOKEN_BYTES:
        raise SignInRefused("token_unreadable")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise SignInRefused("token_unreadable") from error
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise SignInRefused("algorithm_refused")
    if kid is not None and not isinstance(kid, str):
        raise SignInRefused("key_unknown")
    key = key_of(ALGORITHMS[algorithm], kid)
    if key is None:
        raise SignInRefused("key_unknown")
    try:
        return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    except BadSignatureError as error:
        raise SignInRefused("signature_wrong") from error
    except (JoseError, ValueError, RecursionError) as error:
        raise SignInRefused("token_unreadable") from error


def _check_audience(claims: Mapping[str, object], client_id: str) -> None:
    """The token is for us, and was given to us."""
    audience = claims.get("aud")
    listed = audience if isinstance(audience, list) else [audience]
    if client_id not in listed:
        raise SignInRefused("audience_wrong")
    party = claims.get("azp")
    if party != client_id and (party is not None or len(listed) > 1):
        raise SignInRefused("party_wrong")


def _check_times(claims: Mapping[str, object], now_s: float) -> None:
    """The token is good at this moment; issue and end have to be told."""
    ends_s, issued_s = _time(claims, "exp"), _time(claims, "iat")
    begins_s = _time(claims, "nbf") if "nbf" in claims else issued_s
    if ends_s is None or now_s >= ends_s + LEEWAY_S:
        raise SignInRefused("expired")
    if issued_s is None or issued_s > now_s + LEEWAY_S:
        raise SignInRefused("issued_in_the_future")
    if begins_s is None or begins_s > now_s + LEEWAY_S:
        raise SignInRefused("not_yet_valid")


def _time(claims: Mapping[str, object], name: str) -> float | None:
    """Seconds since 1970; None for what is no time."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 2**53 else None  # also refuses NaN


def _values(claims: Mapping[str, object], path: str | None) -> tuple[str, ...]:
    """Texts of a claim, named whole or by the way into an object, such as realm_access.roles."""
    found: object = claims.get(path or "")
    if found is None and path:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return tuple(value for value in listed if isinstance(value, str))


def _shown(value: object) -> str:
    """Text of the provider, safe to show: one line, of a length that a page can hold."""
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable()).strip()[:100]
