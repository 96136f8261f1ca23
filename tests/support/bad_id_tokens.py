"""Every kind of ID token that proves nothing, and why each is refused."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from tests.support.sign_in_provider import Claims, SignInProvider, signed


def as_part(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(provider: SignInProvider, claims: Claims) -> str:
    good = signed(provider, claims).split(".")
    header = as_part(b'{"alg":"none"}')
    return f"{header}.{good[1]}."


def signed_with_the_public_key(provider: SignInProvider, claims: Claims) -> str:
    header = as_part(json.dumps({"alg": "HS256", "kid": provider.key.kid}).encode())
    body = signed(provider, claims).split(".")[1]
    public = provider.key.as_pem(private=False)
    seal = hmac.new(public, f"{header}.{body}".encode(), hashlib.sha256).digest()
    return f"{header}.{body}.{as_part(seal)}"


def signed_with(key: RSAKey | ECKey, algorithm: str, **header: str) -> Callable[..., str]:
    return lambda _, claims: jwt.encode({"alg": algorithm, **header}, claims, key)


def signed_by_another_in_its_name(provider: SignInProvider, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": provider.key.kid}, claims, STRANGER)


def altered(provider: SignInProvider, claims: Claims) -> str:
    head, _, signature = signed(provider, claims).split(".")
    body = signed(provider, claims | {"groups": ["paybatch-admins"]}).split(".")[1]
    return f"{head}.{body}.{signature}"


def with_an_own_key_in_the_header(_: SignInProvider, claims: Claims) -> str:
    header = {"alg": "ES256", "jwk": STRANGER.as_dict(private=False)}
    return jwt.encode(header, claims, STRANGER)


def nested_without_end(provider: SignInProvider, _: Claims) -> str:
    header = {"alg": provider.algorithm, "kid": provider.key.kid}
    return jws.serialize_compact(header, b"[" * 30_000, provider.key)


STRANGER = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
STRANGER_KID = str(STRANGER.kid)

CHANGED: dict[str, tuple[Claims, str]] = {
    "wrong issuer": ({"iss": "http://127.0.0.1:9"}, "issuer_wrong"),
    "issuer with a slash more": ({"iss": "{issuer}/"}, "issuer_wrong"),
    "no issuer": ({"iss": None}, "issuer_wrong"),
    "token of another client": ({"aud": "another"}, "audience_wrong"),
    "no audience": ({"aud": None}, "audience_wrong"),
    "audience that only begins like us": ({"aud": "paybatch.evil"}, "audience_wrong"),
    "several audiences, given to another": (
        {"aud": ["paybatch", "another"], "azp": "another"},
        "party_wrong",
    ),
    "several audiences, given to nobody": ({"aud": ["paybatch", "another"]}, "party_wrong"),
    "our audience, given to another": ({"azp": "another"}, "party_wrong"),
    "nonce of another try": ({"nonce": "x" * 43}, "nonce_wrong"),
    "no nonce": ({"nonce": None}, "nonce_wrong"),
    "expired": ({"exp": "{now-60}"}, "expired"),
    "no end": ({"exp": None}, "expired"),
    "an end that is no time": ({"exp": "tomorrow"}, "expired"),
    "an end beyond all numbers": ({"exp": 1e300}, "expired"),
    "not yet valid": ({"nbf": "{now+61}"}, "not_yet_valid"),
    "issued in the future": ({"iat": "{now+61}"}, "issued_in_the_future"),
    "no time of issue": ({"iat": None}, "issued_in_the_future"),
    "no subject": ({"sub": None}, "subject_missing"),
    "empty subject": ({"sub": ""}, "subject_missing"),
    "subject that is no text": ({"sub": 7}, "subject_missing"),
    "subject with a NUL": ({"sub": "ann\x00-1"}, "subject_missing"),
}
"""Claims that differ from a good token's, None leaves one out; and why it is refused."""

SIGNED: dict[str, tuple[Callable[..., str], str]] = {
    "not signed at all": (unsigned, "algorithm_refused"),
    "signed with the public key as a secret": (signed_with_the_public_key, "algorithm_refused"),
    "signed by a key that nobody knows": (
        signed_with(STRANGER, "ES256", kid=STRANGER_KID),
        "key_unknown",
    ),
    "signed by a stranger in its name": (signed_by_another_in_its_name, "signature_wrong"),
    "signed by a key that it brings itself": (with_an_own_key_in_the_header, "signature_wrong"),
    "a key of a type that the provider has not": (
        signed_with(RSAKey.generate_key(2048), "RS256"),
        "key_unknown",
    ),
    "altered after it was signed": (altered, "signature_wrong"),
    "no token but text": (lambda *_: "let me in", "token_unreadable"),
    "two parts only": (lambda *_: "eyJhbGciOiJSUzI1NiJ9.e30", "token_unreadable"),
    "nested without an end": (nested_without_end, "token_unreadable"),
    "far too long": (lambda *_: "x" * 100_000, "token_unreadable"),
}
"""Ways to sign that no provider should use; and why the token is refused."""
