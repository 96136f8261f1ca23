"""From the settings of an installation to its sign-in provider."""

import json

from backend.clock import Clock
from backend.oidc.client import CALLBACK, ROLES, OidcClient
from backend.oidc.provider import Provider
from backend.settings import Settings
from planner.exchange.access import Role
from planner.refusal import Refusal, require


def provider_of(settings: Settings, clock: Clock) -> Provider | None:
    """The provider that the settings name; None where people come by links only.

    Raises:
        Refusal: The settings contradict themselves, or leave the door open.
    """
    if settings.oidc_issuer is None:
        require(settings.oidc_client_id is None, "oidc_issuer", "empty")
        return None
    return Provider(client=_client(settings, settings.oidc_issuer), clock=clock)


def _client(settings: Settings, issuer: str) -> OidcClient:
    usual = f"{settings.own_address}:{settings.port}{CALLBACK}"
    return OidcClient(
        issuer=issuer,
        client_id=settings.oidc_client_id or "",
        secret=secret_of(settings),
        redirect_url=settings.oidc_redirect_url or usual,
        role_claim=settings.oidc_role_claim,
        roles=_roles(settings.oidc_roles),
        default_role=_role(settings.oidc_default_role),
        session_h=settings.oidc_session_h,
    )


def secret_of(settings: Settings) -> str | None:
    """The provider's secret for us: what the setting says, or what is in its file.

    Raises:
        Refusal: It is said twice, or its file cannot be read.
    """
    path = settings.oidc_client_secret_file
    if path is None:
        return settings.oidc_client_secret
    require(settings.oidc_client_secret is None, "oidc_client_secret_file", "oidc_secret_twice")
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise Refusal(
            "oidc_client_secret_file", "oidc_secret_unreadable", path=str(path)
        ) from error
    require(bool(secret), "oidc_client_secret_file", "empty")
    return secret


def _roles(text: str | None) -> dict[str, Role]:
    """Roles by claim value; an object in JSON, since values may hold commas and equal signs."""
    try:
        told = json.loads(text or "{}")
    except ValueError as error:
        raise Refusal("oidc_roles", "oidc_roles_no_object") from error
    require(isinstance(told, dict), "oidc_roles", "oidc_roles_no_object")
    roles = {}
    for value, name in told.items():
        role = _role(name, field="oidc_roles")
        if role is not None:
            roles[value] = role
    return roles


def _role(name: object, *, field: str = "oidc_default_role") -> Role | None:
    """A role by its name."""
    if name is None:
        return None
    for role in ROLES:
        if name == role:
            return role
    raise Refusal(field, "oidc_role_unknown")
