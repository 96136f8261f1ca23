"""Every route against every role, by a browser's session: what is refused changes nothing."""

import pytest
from sqlalchemy import func, select

from backend.access.security import POLICY, RANKS
from backend.tables import Base
from tests.support.installation import Api
from tests.support.sign_in_provider import SignInProvider
from tests.support.team_sign_in import Browser

GROUPS = {"viewer": "cn=finance, ou=hq", "planner": "ml-team", "admin": "paybatch-admins"}

ENDS_THE_SESSION = "POST /api/sign-out"


def rows(api: Api) -> dict[str, int]:
    with api.installation.database.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def filled(path: str) -> str:
    """A path with something that does not exist in every place."""
    parts = path.replace("{number}", "1").split("/")
    return "/".join("none" + part.partition("}")[2] if "{" in part else part for part in parts)


@pytest.mark.parametrize("role", RANKS)
def test_a_session_opens_exactly_the_routes_of_its_role(
    api: Api, provider: SignInProvider, role: str
) -> None:
    provider.claims["groups"] = [GROUPS[role]]
    browser = Browser(api)
    browser.sign_in(provider)
    before = rows(api)
    refused = {route for route, needed in POLICY.items() if RANKS.get(needed, 9) > RANKS[role]}
    told = browser.call("GET", "/api/me").json()["needs"]
    assert told == {route: POLICY[route] for route in refused if POLICY[route] in RANKS}
    for route in refused:
        method, path = route.split(" ")
        answer = browser.call(method, filled(path), None if method == "GET" else {})
        assert answer.status_code == 403, route
    assert rows(api) == before
    for route in POLICY.keys() - refused - {ENDS_THE_SESSION}:
        method, path = route.split(" ")
        answer = browser.call(method, filled(path), None if method == "GET" else {})
        assert answer.status_code not in (401, 403), route
        assert answer.status_code < 500, route
    assert browser.call("POST", "/api/sign-out").status_code == 200
