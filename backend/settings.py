"""Settings of the API, read once from ``PAYBATCH_*`` variables of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import unquote, urlsplit

from backend.access.loopback import in_url, reached_at
from planner.refusal import Refusal, require

PREFIX = "PAYBATCH_"
"""Every field of Settings is read from the variable with this prefix and its name in capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one installation runs; every field has a working default, and secrets are not shown.

    Attributes:
        data_dir: Folder of the database, the credentials file and local checkpoints.
        database_url: PostgreSQL of a team, ``postgresql://user:secret@host/name``; by default
            none, and a SQLite file in ``data_dir``.
        datasets_dir: Folder with published data sets that workers look at before the installation's
            own; none by default.
        host: Address that the API binds.
        port: Port that the API binds.
        page_port: Port of the page, on the same host name: cookies do not tell ports apart.
        origin: Address under which a proxy serves page and API together, where links lead; none by
            default: each has its own port.
        page_url: Address of the page in links that leave this computer; none by default: that of
            ``host`` and ``page_port``.
        allowed_hosts: Values of the Host header that are answered, beside ``host`` itself.
        lease_s: Seconds without a beat after which a run goes back to the queue.
        beat_s: Seconds between two beats of a worker.
        busy_s: Seconds that a request waits for the database before it is told to come back.
        lost_attempts_limit: Lost attempts in a row without progress after which a run fails.
        admin_token: Used instead of a generated one, for installations that manage secrets.
        registration_token: Lets workers register; generated when it is absent.
        backup_every_h: Hours between two backups that are made by themselves; 0 makes none.
        backups_kept: Newest backups that stay, of those made by themselves and of those ordered.
        backup_before_upgrade: 1; 0 where whoever upgrades has made a backup of their own.
        ballast_mib: Room that is held in the data folder and given up when the disk is full; 0
            holds none.
        oidc_issuer: Sign-in provider of a team, as its tokens name it; none by default: links only.
        oidc_client_id: What the provider calls this installation.
        oidc_client_secret: The provider's secret for it; none for a public client.
        oidc_client_secret_file: File with that secret, instead.
        oidc_redirect_url: Where the provider sends browsers back; this computer's by default.
        oidc_role_claim: Claim of the provider's tokens that says what people are.
        oidc_roles: JSON object from values of that claim to roles.
        oidc_default_role: Role of people whom neither says anything of; none by default: refused.
        oidc_session_h: Hours after which people sign in with the provider again.
    """

    data_dir: Path = Path("data")
    database_url: str | None = field(default=None, repr=False)
    datasets_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8200
    page_port: int = 8201
    origin: str | None = None
    page_url: str | None = None
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    lease_s: float = 15.0
    beat_s: float = 2.0
    busy_s: float = 2.0
    lost_attempts_limit: int = 3
    admin_token: str | None = field(default=None, repr=False)
    registration_token: str | None = field(default=None, repr=False)
    backup_every_h: float = 24.0
    backups_kept: int = 7
    backup_before_upgrade: int = 1
    ballast_mib: int = 16
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_client_secret_file: Path | None = None
    oidc_redirect_url: str | None = None
    oidc_role_claim: str | None = None
    oidc_roles: str | None = None
    oidc_default_role: str | None = None
    oidc_session_h: float = 12.0

    def __post_init__(self) -> None:
        for name in ("port", "page_port"):
            require(0 < getattr(self, name) < 65536, name, "port_out_of_range")
        require(not self.host.startswith("["), "host", "host_in_brackets")
        require(self.port != self.page_port, "page_port", "port_used_twice", port=str(self.port))
        for name in ("origin", "page_url"):
            scheme = (getattr(self, name) or "https://").partition("//")[0]
            require(scheme in ("http:", "https:"), name, "page_url_wrong")
        require(self.beat_s > 0, "beat_s", "not_positive")
        require(self.lease_s > 2 * self.beat_s, "lease_s", "lease_too_short", beat_s=self.beat_s)
        require(self.busy_s > 0, "busy_s", "not_positive")
        require(self.lost_attempts_limit >= 1, "lost_attempts_limit", "not_positive")
        for name in ("backup_every_h", "ballast_mib"):
            require(getattr(self, name) >= 0, name, "negative")
        stated = self.backup_before_upgrade
        require(stated in (0, 1), "backup_before_upgrade", "not_zero_or_one")
        require(self.backups_kept >= 1, "backups_kept", "not_positive")
        for name in ("admin_token", "registration_token"):
            token = getattr(self, name)
            require(token is None or len(token) >= 32, name, "token_too_short", minimum=32)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold: the value of every field that is not shown."""
        hidden = [getattr(self, one.name) for one in fields(self) if not one.repr]
        password = urlsplit(self.database_url or "").password
        return tuple(str(one) for one in (*hidden, password, unquote(password or "")) if one)

    @property
    def database_path(self) -> Path:
        """The one file that holds the truth, where no ``database_url`` names another place."""
        return self.data_dir / "paybatch.sqlite"

    @property
    def own_address(self) -> str:
        """Where this computer reaches API and page, without their ports."""
        return f"http://{in_url(reached_at(self.host))}"

    @property
    def page_address(self) -> str:
        """Where people open the page, without a slash at its end."""
        own = f"{self.own_address}:{self.page_port}"
        return (self.page_url or self.origin or own).rstrip("/")

    @property
    def answered_hosts(self) -> frozenset[str]:
        """Every host name that the API and the page answer under."""
        named = urlsplit(self.page_address).hostname
        own = (self.host, reached_at(self.host))
        return frozenset(
            {*(one.strip("[]") for one in self.allowed_hosts), *own, *([named] if named else [])}
        )

    @property
    def fetched_dir(self) -> Path:
        """Where ``paybatch data fetch`` puts data sets and every worker of ``up`` looks."""
        return self.data_dir / "datasets"

    @property
    def backups_dir(self) -> Path:
        """Where backups of the database lie."""
        return self.data_dir / "backups"

    @property
    def credentials_path(self) -> Path:
        """File of the first tokens, readable by its owner only."""
        return self.data_dir / "credentials.json"


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Settings with every ``PAYBATCH_*`` variable applied.

    Raises:
        Refusal: A variable's text is not a value of its field.
    """
    kinds = get_type_hints(Settings)
    given: dict[str, Any] = {
        one.name: _parsed(one.name, kinds[one.name], environment[PREFIX + one.name.upper()])
        for one in fields(Settings)
        if PREFIX + one.name.upper() in environment
    }
    return Settings(**given)


def current_settings() -> Settings:
    """Settings of this process."""
    return settings_from(os.environ)


def _parsed(name: str, kind: Any, text: str) -> object:  # noqa: ANN401  # any annotation
    """The value of one variable; lists are separated by commas."""
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    constructor = next(iter(get_args(kind)), kind)
    try:
        return constructor(text)
    except ValueError as error:
        code = "setting_not_whole" if constructor is int else "setting_not_a_number"
        raise Refusal(name, code, variable=PREFIX + name.upper()) from error
