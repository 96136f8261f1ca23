"""Browsers that sign in with a provider, against the real application."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from tests.support.installation import Api
from tests.support.sign_in_provider import SignInProvider

ROLES = '{"paybatch-admins": "admin", "ml-team": "planner", "cn=finance, ou=hq": "viewer"}'


@dataclass
class Browser:
    """One that keeps its cookies and follows no redirect by itself."""

    api: Api
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, url: str, **params: str) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.api.http.cookies.clear()
        answer = self.api.http.get(
            url, params=params or None, headers={"Cookie": cookie}, follow_redirects=False
        )
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        return answer

    def start(self) -> str:
        """The address at the provider where it is sent."""
        answer = self.get("/sign-in/oidc")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def come_back(self, **brought: str) -> httpx.Response:
        return self.get("/sign-in/oidc/callback", **brought)

    def sign_in(self, provider: SignInProvider) -> httpx.Response:
        """All the way."""
        return self.come_back(**provider.consent(self.start()))

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """As the page does in its name."""
        token = self.cookies.get("paybatch_session", "none")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        return self.api.http.request(method, path, json=body, headers=headers)


def settings_for(provider: SignInProvider, secret: str, **more: object) -> dict[str, object]:
    """Of an installation whose team signs in there."""
    assert urlsplit(provider.issuer).hostname == "127.0.0.1"
    return {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": "paybatch",
        "oidc_client_secret": secret,
        "oidc_role_claim": "groups",
        "oidc_roles": ROLES,
    } | more


def person(api: Api, provider: SignInProvider) -> dict[str, object]:
    """Whom the provider vouched for, as administrators see them."""
    listed = api.get("/api/people", page_size=200).json()["items"]
    (found,) = [one for one in listed if one["subject"] == provider.claims["sub"]]
    return dict(found)


def sessions(api: Api, provider: SignInProvider) -> list[dict[str, str]]:
    """Browsers of that person, newest first."""
    mine = person(api, provider)["id"]
    listed = api.get("/api/tokens", kind="session").json()
    return [one for one in listed if one["person_id"] == mine]


def put_role(api: Api, provider: SignInProvider, role: str) -> None:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    path = f"/api/people/{person(api, provider)['id']}/role"
    api.http.put(path, json={"role": role}, headers=headers).raise_for_status()
