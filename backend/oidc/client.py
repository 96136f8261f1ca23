"""What the owner of an installation says about the sign-in provider of the team."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from planner.exchange.access import Role
from planner.exchange.loopback import is_loopback
from planner.refusal import require

ROLES: tuple[Role, ...] = ("viewer", "planner", "admin")
"""From the one that may least to the one that may most."""

CALLBACK = "/sign-in/oidc/callback"
"""Where the provider sends browsers back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcClient:
    """Paybatch as a client of one OpenID Connect provider.

    Attributes:
        issuer: As its tokens name it, letter for letter.
        secret: None for a public client, which PKCE protects alone.
        redirect_url: Where the provider sends browsers back; registered there.
        role_claim: Claim of the ID token that says what people are; dots lead into objects.
        roles: Role of each value of that claim.
        default_role: Of people whose claim has none of these values; None refuses them.
        session_h: Hours after which people sign in again.
    """

    issuer: str
    client_id: str
    secret: str | None = field(repr=False)
    redirect_url: str
    role_claim: str | None
    roles: Mapping[str, Role]
    default_role: Role | None
    session_h: float

    def __post_init__(self) -> None:
        require(is_safe(self.issuer), "oidc_issuer", "oidc_not_https")
        require(bool(self.client_id), "oidc_client_id", "empty")
        require(is_safe(self.redirect_url), "oidc_redirect_url", "oidc_not_https")
        path = urlsplit(self.redirect_url).path
        require(path.endswith(CALLBACK), "oidc_redirect_url", "oidc_redirect_wrong")
        require(0 < self.session_h <= 24 * 365, "oidc_session_h", "not_positive")

    @property
    def start_url(self) -> str:
        """Where a browser begins to sign in."""
        return self.redirect_url.removesuffix("/callback")

    def role_of(self, values: tuple[str, ...]) -> Role | None:
        """The highest role that any of a person's values has; None lets them in nowhere."""
        held = [self.roles[value] for value in values if value in self.roles]
        return max(held, key=ROLES.index) if held else self.default_role


def is_safe(url: str) -> bool:
    """Whether an address is of https, or of this computer."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username is not None or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
