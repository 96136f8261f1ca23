"""Who may do what: tokens, what they stand for, and the policy of every route."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal, cast

from backend.wire.codec import decode, encode
from planner.exchange.access import Role

Scope = Literal["viewer", "planner", "admin", "registration", "worker", "attempt"]

PUBLIC = frozenset(
    {
        *("GET /api/health", "GET /api/ready"),
        *("GET /sign-in", "GET /sign-in/oidc", "GET /sign-in/oidc/callback"),
    }
)
"""The only routes that answer without a credential."""

RANKS: dict[str, int] = {"viewer": 1, "planner": 2, "admin": 3}
"""Scopes of people; each may do what those below it may."""

POLICY: dict[str, Scope] = {
    "GET /api/openapi.json": "viewer",
    "GET /api/metrics": "viewer",
    "GET /api/me": "viewer",
    "POST /api/sign-in-links": "admin",
    "POST /api/sign-out": "viewer",
    "GET /api/examples": "viewer",
    "GET /api/worked-cases": "viewer",
    "GET /api/published-settings": "viewer",
    "GET /api/published-settings/{setting_id}": "viewer",
    "GET /api/drafts": "viewer",
    "GET /api/drafts/{draft_id}": "viewer",
    "PUT /api/drafts/{draft_id}": "planner",
    "DELETE /api/drafts/{draft_id}": "planner",
    "GET /api/workloads": "viewer",
    "GET /api/prices": "viewer",
    "GET /api/prices:book": "viewer",
    "GET /api/prices:devices": "viewer",
    "POST /api/prices": "planner",
    "POST /api/prices:import": "planner",
    "GET /api/prices/{price_id}": "viewer",
    "PUT /api/prices/{price_id}": "planner",
    "POST /api/prices/{price_id}:retire": "planner",
    "GET /api/prices/{price_id}/history": "viewer",
    "POST /api/owned-rates:compute": "viewer",
    "GET /api/purchase-estimates": "viewer",
    "GET /api/exchange-rates": "viewer",
    "POST /api/exchange-rates": "planner",
    "GET /api/facilities": "viewer",
    "POST /api/facilities": "planner",
    "GET /api/throughput": "viewer",
    "GET /api/throughput/{number}": "viewer",
    "POST /api/throughput/{number}:retire": "planner",
    "GET /api/scaling": "viewer",
    "GET /api/scaling/{number}": "viewer",
    "GET /api/pilots": "viewer",
    "GET /api/pilots:summaries": "viewer",
    "POST /api/pilots": "planner",
    "GET /api/pilots/{pilot_id}": "viewer",
    "POST /api/pilots/{pilot_id}:cancel": "planner",
    "POST /api/pilots/{pilot_id}:raise-cap": "planner",
    "POST /api/pilots/{pilot_id}:add-seeds": "planner",
    "GET /api/pilots/{pilot_id}/live": "viewer",
    "GET /api/pilots/{pilot_id}/records": "viewer",
    "GET /api/pilots/{pilot_id}/rollback-procedure": "viewer",
    "GET /api/pilots/{pilot_id}/effort-to-target": "viewer",
    "GET /api/runs": "viewer",
    "GET /api/runs/{run_id}": "viewer",
    "GET /api/runs/{run_id}/series": "viewer",
    "GET /api/runs/{run_id}/log": "viewer",
    "POST /api/runs/{run_id}:cancel": "planner",
    "POST /api/runs/{run_id}:pause": "planner",
    "POST /api/runs/{run_id}:resume": "planner",
    "POST /api/runs/{run_id}:retry": "planner",
    "POST /api/runs/{run_id}:prioritise": "planner",
    "POST /api/plans:compute": "viewer",
    "POST /api/plans:control": "viewer",
    "POST /api/schedules:export": "viewer",
    "POST /api/schedules:import": "viewer",
    "POST /api/reviews:compute": "viewer",
    "POST /api/line-ups:compute": "viewer",
    "GET /api/views": "viewer",
    "POST /api/views": "planner",
    "GET /api/views/{view_id}": "viewer",
    "DELETE /api/views/{view_id}": "planner",
    "GET /api/fabrics": "viewer",
    "POST /api/projections:compute": "viewer",
    "POST /api/pilots/{pilot_id}/adoption:compute": "viewer",
    "POST /api/pilots/{pilot_id}/adoption:fix-criteria": "planner",
    "POST /api/pilots/{pilot_id}/adoption:sign": "planner",
    "POST /api/pilots/{pilot_id}/adoption:return": "planner",
    "POST /api/pilots/{pilot_id}/production-results": "planner",
    "POST /api/pilots/{pilot_id}/production-results:preview": "planner",
    "POST /api/pilots/{pilot_id}/production-results:import": "planner",
    "POST /api/pilots/{pilot_id}/production-results:withdraw-file": "planner",
    "POST /api/imports": "planner",
    "GET /api/imports/{import_id}": "planner",
    "PUT /api/imports/{import_id}/mapping": "planner",
    "POST /api/imports/{import_id}:create": "planner",
    "DELETE /api/imports/{import_id}": "planner",
    "POST /api/production-results/{result_id}:withdraw": "planner",
    "GET /api/snapshots/{snapshot_id}": "viewer",
    "POST /api/pilots/{pilot_id}/reports": "planner",
    "GET /api/pilots/{pilot_id}/reports": "viewer",
    "GET /api/reports/{number}/file": "viewer",
    "GET /api/notifications": "viewer",
    "POST /api/notifications:read": "viewer",
    "GET /api/webhook": "admin",
    "PUT /api/webhook": "admin",
    "POST /api/webhook:off": "admin",
    "POST /api/webhook:test": "admin",
    "GET /api/caps": "viewer",
    "GET /api/caps/history": "viewer",
    "PUT /api/caps": "admin",
    "GET /api/backups": "admin",
    "POST /api/backups": "admin",
    "GET /api/backups/{number}/file": "admin",
    "POST /api/retention:preview": "admin",
    "POST /api/retention:apply": "admin",
    "GET /api/tokens": "admin",
    "POST /api/tokens": "admin",
    "POST /api/tokens/{token_id}:revoke": "admin",
    "GET /api/people": "admin",
    "PUT /api/people/{person_id}/role": "admin",
    "POST /api/people/{person_id}:end-sessions": "admin",
    "GET /api/access": "admin",
    "GET /api/audit": "admin",
    "GET /api/workers": "viewer",
    "POST /api/workers": "registration",
    "GET /api/waiting-runs": "registration",
    "POST /api/workers/{worker_id}:revoke": "admin",
    "POST /api/workers/{worker_id}/claims": "worker",
    "POST /api/workers/{worker_id}/beats": "worker",
    "POST /api/runs/{run_id}/attempts/{number}/start": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/series": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/checkpoints": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/throughput": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/scaling": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/log": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/rollback": "attempt",
    "POST /api/runs/{run_id}/attempts/{number}/finish": "attempt",
}
"""Scope that each route asks for; a route that is not here is refused to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who sent a request.

    Attributes:
        name: As the audit trail shows it.
        scope: What the credential is good for.
        paths: Path parameters that a worker's or an attempt's credential is bound to.
        token_id: Which of a person's or program's tokens was shown; None for the others.
        until: When the credential ends by itself; None where it does not.
        person_id: Whom the sign-in provider vouched for; None where it was not asked.
        used_at: When the token was used before, as far as that is written down.
    """

    name: str
    scope: Scope
    paths: tuple[tuple[str, str], ...] = ()
    token_id: str | None = None
    until: datetime | None = None
    person_id: str | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The first tokens of an installation, as its owner keeps them."""

    admin_token: str = field(repr=False)
    registration_token: str = field(repr=False)


def allowed(principal: Principal, needed: Scope | None, path: dict[str, str]) -> bool:
    """Whether a principal may use a route that asks for ``needed`` at these path parameters."""
    if needed is None:
        return False
    if needed in RANKS:
        return RANKS.get(principal.scope, 0) >= RANKS[needed]
    bound = all(path.get(name) == value for name, value in principal.paths)
    return principal.scope == needed and bound


@cache
def beyond(scope: Scope) -> Mapping[str, Role]:
    """Routes for people that a scope may not use, each with the role that may."""
    rank = RANKS.get(scope, 0)
    return {
        route: cast("Role", needed)
        for route, needed in POLICY.items()
        if RANKS.get(needed, 0) > rank
    }


def new_token() -> str:
    """A secret of 256 random bits."""
    return f"pb_{secrets.token_urlsafe(32)}"


def hash_of(token: str) -> str:
    """What the database keeps of a token; its randomness makes salt and stretching needless."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_credentials(path: Path) -> Credentials | None:
    """The first tokens, or None where none were made yet."""
    if not path.exists():
        return None
    return decode(Credentials, json.loads(path.read_text(encoding="utf-8")))


def save_credentials(path: Path, credentials: Credentials) -> None:
    """Writes the first tokens, readable by the owner of the installation only."""
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(encode(credentials), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
