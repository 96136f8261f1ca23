"""A sign-in provider of our own: real HTTP on loopback, real keys, and every kind of bad token."""

import json
import secrets
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID = "paybatch"
CLIENT_SECRET = "a secret: with + signs"

Claims = dict[str, Any]
Signer = Callable[["SignInProvider", Claims], str]


def signed(provider: "SignInProvider", claims: Claims) -> str:
    """A token as it should be."""
    key = provider.key
    return jwt.encode({"alg": provider.algorithm, "kid": key.kid}, claims, key)


@dataclass
class SignInProvider:
    """What it vouches for next, and how.

    Attributes:
        claims: Of whoever signs in, beside those of the protocol.
        change: What a test does to the claims before they are signed.
        sign: How they are signed.
        codes: Questions that were asked, by the code that answers them.
        asked: Paths that were asked for, in order.
        more_keys: What it lists beside the key that it signs with.
        spends_codes: Whether a code is good once, as it should be.
    """

    now: Callable[[], datetime]
    key: RSAKey | ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)
    )
    algorithm: str = "ES256"
    issuer: str = ""
    claims: Claims = field(default_factory=lambda: {"sub": "248289761001"})
    change: Callable[[Claims], None] = lambda _: None
    sign: Signer = signed
    answer: Callable[[Claims], Claims] = lambda answer: answer
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    more_keys: list[object] = field(default_factory=list)
    spends_codes: bool = True
    down: bool = False

    def new_key(self) -> None:
        self.key = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True)

    def well_known(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def keys(self) -> Claims:
        return {"keys": [*self.more_keys, self.key.as_dict(private=False)]}

    def consent(self, address: str) -> dict[str, str]:
        """Somebody signs in at the address where a browser was sent: what it brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token_for(self, form: Mapping[str, str], authorization: str) -> Claims | None:
        """The answer of the token endpoint; None refuses."""
        asked = self.codes.get(form["code"])
        if self.spends_codes:
            self.codes.pop(form["code"], None)
        user, _, secret = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        good = (
            asked is not None
            and (unquote_plus(user), unquote_plus(secret)) == (CLIENT_ID, CLIENT_SECRET)
            and form["grant_type"] == "authorization_code"
            and form["redirect_uri"] == asked["redirect_uri"]
            and create_s256_code_challenge(form["code_verifier"]) == asked["code_challenge"]
        )
        if asked is None or not good:
            return None
        seconds = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "nonce": asked["nonce"],
            "iat": seconds,
            "exp": seconds + 300,
            **self.claims,
        }
        self.change(claims)
        return self.answer({"token_type": "Bearer", "id_token": self.sign(self, claims)})


@contextmanager
def a_sign_in_provider(now: Callable[[], datetime]) -> Iterator[SignInProvider]:
    """One that answers on a port of its own until the test ends."""
    provider = SignInProvider(now=now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that the standard library asks for
            if self.path.startswith("/authorize?"):
                self._send_back()
                return
            pages = {
                "/.well-known/openid-configuration": provider.well_known,
                "/keys": provider.keys,
            }
            self._tell(pages[self.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._tell(provider.token_for(form, self.headers.get("Authorization", "")))

        def _send_back(self) -> None:
            """Whoever comes is signed in already, and consents."""
            brought = provider.consent(self.path)
            to = provider.codes[brought["code"]]["redirect_uri"]
            self.send_response(303)
            self.send_header("Location", f"{to}?{urlencode(brought)}")
            self.end_headers()

        def _tell(self, told: Claims | None) -> None:
            provider.asked.append(self.path)
            status = 503 if provider.down else 200 if told is not None else 400
            body = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
