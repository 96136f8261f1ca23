"""Who may come in, and what they did: credentials, people and the audit trail."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from planner.bounds import check_at_least, check_at_most, check_name
from planner.refusal import require

TokenScope = Literal["viewer", "planner", "admin", "registration"]
TokenKind = Literal["token", "session"]
Role = Literal["viewer", "planner", "admin"]
RoleFrom = Literal["provider", "admin"]
RoleOrder = Literal["viewer", "planner", "admin", "none", "provider"]

LONGEST_VALIDITY_DAYS = 3650
USUAL_VALIDITY_DAYS = 90
"""Of a token for people and their programs, unless somebody says otherwise."""

USUAL_LINK_MINUTES = 10
LONGEST_LINK_MINUTES = 24 * 60
"""Of a link that signs a browser in: until it is followed, whoever finds it comes in by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """A credential to be made for a person, a program or a worker's registration.

    Attributes:
        name: Who will hold it; shown in the audit trail.
        valid_days: Days until it expires. None is 90 for people and their programs; what
            registers workers goes on, so that a worker can be started at any time.
        never_expires: Says that it is meant to go on for ever.
    """

    name: str
    scope: TokenScope
    valid_days: int | None = None
    never_expires: bool = False

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        if self.valid_days is not None:
            check_at_least(self.valid_days, 1, "valid_days")
            check_at_most(self.valid_days, LONGEST_VALIDITY_DAYS, "valid_days")
            require(not self.never_expires, "never_expires", "expiry_said_twice")

    @property
    def days(self) -> int | None:
        """Days until it expires; None is never."""
        if self.valid_days is not None or self.never_expires or self.scope == "registration":
            return self.valid_days
        return USUAL_VALIDITY_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLinkRequest:
    """Whose browser a link will sign in: of whoever asks, or of somebody else, named with a role.

    Attributes:
        name: Whom the audit trail shows; None is whoever asks.
        role: What they may do; None is what whoever asks may.
        valid_minutes: After which a link that nobody followed is good for nothing.
    """

    name: str | None = None
    role: Role | None = None
    valid_minutes: int = USUAL_LINK_MINUTES

    def __post_init__(self) -> None:
        if self.name is not None:
            check_name(self.name, "name")
            require(self.role is not None, "role", "missing")
        require(self.role is None or self.name is not None, "name", "missing")
        check_at_least(self.valid_minutes, 1, "valid_minutes")
        check_at_most(self.valid_minutes, LONGEST_LINK_MINUTES, "valid_minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenState:
    """A credential without its secret.

    Attributes:
        token: The secret, only in the answer to the request that made it.
        kind: A session is what a browser got when somebody signed in.
        person_id: Whose session it is; None where no sign-in provider was asked.
        last_used_at: To the hour, and written down within a minute; None before the first use.
    """

    id: str
    name: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    token: str | None = field(default=None, repr=False)
    kind: TokenKind = "token"
    person_id: str | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonState:
    """Somebody whom the sign-in provider of the team vouched for.

    Attributes:
        issuer: The provider; with ``subject`` it says who it is.
        known_as: Their name in the audit trail; it never changes.
        name: As the provider calls them now, to be shown.
        role: None lets them in nowhere.
        role_from: The provider's claim, or an administrator, whose word the claim does not change.
        sessions: Browsers that are signed in.
    """

    id: str
    issuer: str
    subject: str
    known_as: str
    name: str
    email: str
    role: Role | None
    role_from: RoleFrom
    created_at: datetime
    signed_in_at: datetime
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRole:
    """What somebody is from now on.

    Attributes:
        role: ``none`` shuts them out; ``provider`` takes the claim of their next sign-in again.
    """

    role: RoleOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change: who, what, before and after.

    Attributes:
        principal: Who did it.
        action: Noun and verb, such as ``run.pause``.
        subject_id: What it was done to.
    """

    number: int
    at: datetime
    principal: str
    action: str
    subject_id: str
    before: dict[str, object] | None
    after: dict[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """How many hold a role or scope.

    Attributes:
        role: ``none`` counts people who asked and have no role.
        number: How many are good now.
        never_expire: How many of them go on for ever.
        first_ends_at: When the first of the others ends; None where there is none.
    """

    role: str
    number: int
    never_expire: int = 0
    first_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSummary:
    """How many may come in, and in which ways.

    Attributes:
        issuer: The sign-in provider; None where people come by links only.
        origin: Address under which others reach page and API, where links lead; None where no
            setting says it.
        people: By role.
        tokens: By scope.
        sessions: By role.
    """

    issuer: str | None
    origin: str | None
    people: tuple[HeldBy, ...]
    tokens: tuple[HeldBy, ...]
    sessions: tuple[HeldBy, ...]
