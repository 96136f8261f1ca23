"""The sign-in provider of the team: its addresses, its keys, and the tokens it gives for codes."""

import functools
import json
import ssl
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote_plus, urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from backend.clock import Clock
from backend.oidc.client import OidcClient, is_safe
from backend.oidc.id_token import Identity, PublicKey, identity_in
from backend.oidc.refused import SignInRefused
from backend.oidc.trip import Trip

WELL_KNOWN = "/.well-known/openid-configuration"
TIMEOUT_S = 5.0
LARGEST_ANSWER_BYTES = 2**20
KEPT_S = 3600.0
"""How long addresses and keys are believed before they are asked for again."""

AT_ONCE = 4
"""People who wait for the provider in the same moment: each holds a thread that serves pages."""

_KEYS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}

REFUSALS_WRITTEN_PER_H = 100
"""So that nobody without an account can fill the audit trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the provider says about itself.

    Attributes:
        basic: Whether it takes our secret as a header; else it stands in the body.
        at_s: When it was asked, on the clock that never jumps.
    """

    authorization_endpoint: str
    token_endpoint: str
    keys_url: str
    basic: bool
    at_s: float


@dataclass(kw_only=True)
class Provider:
    """Speaks to one provider; threads share it."""

    client: OidcClient
    clock: Clock
    seal: OctKey = field(default_factory=lambda: OctKey.generate_key(256))
    _places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_ONCE)
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: Known | None = None
    _keys: KeySet | None = None
    _refused: deque[datetime] = field(default_factory=lambda: deque(maxlen=REFUSALS_WRITTEN_PER_H))

    def authorization_endpoint(self) -> str:
        """Where people tell the provider who they are.

        Raises:
            SignInRefused: It does not answer.
            TimeoutError: Too many ask at once.
        """
        with self._place():
            return self._discovered().authorization_endpoint

    def identity_for(self, code: str, trip: Trip, *, now: datetime) -> Identity:
        """Whom a code stands for.

        Raises:
            SignInRefused: The provider does not say so beyond doubt.
            TimeoutError: Too many come back at once.
        """
        with self._place():
            token = self._token_for(code, trip.verifier)
            return identity_in(
                token, client=self.client, nonce=trip.nonce, key_of=self._key, now=now
            )

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TimeoutError
        try:
            yield
        finally:
            self._places.release()

    def is_written_down(self, now: datetime) -> bool:
        """Whether one more refusal goes into the audit trail in this hour."""
        with self._lock:
            full = len(self._refused) == REFUSALS_WRITTEN_PER_H
            if full and now - self._refused[0] < timedelta(hours=1):
                return False
            self._refused.append(now)
            return True

    def _token_for(self, code: str, verifier: str) -> str:
        known, client = self._discovered(), self.client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_url,
            "code_verifier": verifier,
        }
        auth = None
        if client.secret is not None and known.basic:
            # RFC 6749, section 2.3.1: both are encoded as in a form first.
            auth = httpx.BasicAuth(quote_plus(client.client_id), quote_plus(client.secret))
        else:
            form["client_id"] = client.client_id
            form |= {} if client.secret is None else {"client_secret": client.secret}
        status, answer = _ask("POST", known.token_endpoint, form=form, auth=auth)
        if status != httpx.codes.OK:
            raise SignInRefused("code_refused")
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInRefused("token_missing")
        return token

    def _key(self, kind: str, kid: str | None) -> PublicKey | None:
        """The key of a token; one that is not known may be new: the provider is asked once."""
        known = self._discovered()
        with self._lock:
            keys = self._keys
        found = None if keys is None else _among(keys, kind, kid)
        if found is not None:
            return found
        keys = _keys_at(known.keys_url)
        with self._lock:
            self._keys = keys
        return _among(keys, kind, kid)

    def _discovered(self) -> Known:
        now_s = self.clock.monotonic_s()
        with self._lock:
            known = self._known
        if known is not None and now_s - known.at_s < KEPT_S:
            return known
        known = _discover(self.client.issuer, now_s)
        with self._lock:
            self._known, self._keys = known, None
        return known


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are believed; reading them takes longer than a whole sign-in."""
    return ssl.create_default_context()


def _discover(issuer: str, now_s: float) -> Known:
    status, told = _ask("GET", issuer.rstrip("/") + WELL_KNOWN)
    if status != httpx.codes.OK:
        raise SignInRefused("provider_unreachable")
    return known_from(told, issuer=issuer, at_s=now_s)


def known_from(told: Mapping[str, object], *, issuer: str, at_s: float) -> Known:
    """What a provider's description of itself says.

    Raises:
        SignInRefused: It is of another provider, or names an address that is not safe.
    """
    if told.get("issuer") != issuer:
        raise SignInRefused("issuer_wrong")
    methods = told.get("token_endpoint_auth_methods_supported")
    scheme = urlsplit(issuer).scheme
    return Known(
        authorization_endpoint=_safe(told, "authorization_endpoint", scheme),
        token_endpoint=_safe(told, "token_endpoint", scheme),
        keys_url=_safe(told, "jwks_uri", scheme),
        basic=not isinstance(methods, list) or "client_secret_basic" in methods,
        at_s=at_s,
    )


def _safe(told: Mapping[str, object], name: str, scheme: str) -> str:
    """An address that the provider names: one elsewhere leads to no program of this computer."""
    url = told.get(name)
    if (
        not isinstance(url, str)
        or not is_safe(url)
        or urlsplit(url).scheme not in ("https", scheme)
    ):
        raise SignInRefused("provider_unreachable")
    return url


def _keys_at(url: str) -> KeySet:
    status, told = _ask("GET", url)
    listed = told.get("keys")
    if status != httpx.codes.OK or not isinstance(listed, list):
        raise SignInRefused("provider_unreachable")
    return KeySet([key for key in map(_key_in, listed) if key is not None])


def _key_in(told: object) -> PublicKey | None:
    """A key of a type that is believed; others are passed over, as RFC 7517, section 5, asks."""
    if not isinstance(told, dict):
        return None
    kind = _KEYS.get(str(told.get("kty")))
    try:
        return None if kind is None else kind.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _among(keys: KeySet, kind: str, kid: str | None) -> PublicKey | None:
    """The one signing key of a type with this id; without an id, the only one of its type."""
    fitting = [
        key
        for key in keys
        if isinstance(key, RSAKey | ECKey)  # to mypy they are keys of any type
        and key.key_type == kind
        and key.get("use") in (None, "sig")
        and kid in (None, key.kid)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _ask(
    method: str, url: str, *, form: dict[str, str] | None = None, auth: httpx.Auth | None = None
) -> tuple[int, dict[str, object]]:
    """Status and JSON object of an answer; redirects are not followed.

    Raises:
        SignInRefused: There is no answer, or none of that kind.
    """
    try:
        with (
            httpx.Client(verify=_trust(), timeout=TIMEOUT_S, follow_redirects=False) as http,
            http.stream(method, url, data=form, auth=auth) as answer,
        ):
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER_BYTES:
                    raise SignInRefused("provider_unreachable")
            told = json.loads(body) if body else {}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise SignInRefused("provider_unreachable") from error
    return answer.status_code, told if isinstance(told, dict) else {}
