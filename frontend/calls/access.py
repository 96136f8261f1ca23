"""What the page of settings asks the API about people and credentials."""

from uuid import uuid4

from frontend.calls.api import Api
from planner.exchange.access import (
    AccessSummary,
    PersonRole,
    PersonState,
    Role,
    RoleOrder,
    TokenState,
)
from planner.exchange.page_states import SignInLink
from planner.exchange.states import Page, WorkerState

MOST = 200


def summary(api: Api) -> AccessSummary:
    """In which ways people come in, and under which address."""
    return api.get(AccessSummary, "/api/access")


def make_link(api: Api, *, name: str, role: Role, valid_minutes: int) -> SignInLink:
    """A link that signs somebody's browser in; it is only in this answer."""
    asked = {"name": name, "role": role, "valid_minutes": valid_minutes}
    headers = {"Idempotency-Key": str(uuid4())}
    return api.post(SignInLink, "/api/sign-in-links", asked, headers=headers)


def people(api: Api) -> Page[PersonState]:
    """People whom the sign-in provider vouched for, those without a role too."""
    return api.get(Page[PersonState], "/api/people", {"page_size": MOST})


def credentials(api: Api) -> tuple[TokenState, ...]:
    """Tokens and sessions that are good now, newest first."""
    return api.get(tuple[TokenState, ...], "/api/tokens", {"live": "true"})


def set_role(api: Api, person_id: str, role: RoleOrder) -> PersonState:
    """What somebody may do from their next request on."""
    return api.post(
        PersonState, f"/api/people/{person_id}/role", PersonRole(role=role), method="PUT"
    )


def end_sessions(api: Api, person_id: str) -> PersonState:
    """Signs somebody out of every browser."""
    return api.post(PersonState, f"/api/people/{person_id}:end-sessions")


def workers(api: Api) -> tuple[WorkerState, ...]:
    """Workers heard of since the API started."""
    return api.get(tuple[WorkerState, ...], "/api/workers")


def revoke_worker(api: Api, worker_id: str) -> WorkerState:
    """Shuts a worker out now; its runs go back to the queue."""
    return api.post(WorkerState, f"/api/workers/{worker_id}:revoke")


def revoke(api: Api, token_id: str) -> TokenState:
    """Ends a token or a session now."""
    return api.post(TokenState, f"/api/tokens/{token_id}:revoke")
