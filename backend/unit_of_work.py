"""What one request works with: one transaction, the clocks, the leases, and who asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from backend.access.principals import Principals
from backend.access.security import Principal
from backend.access.uses import Uses
from backend.backups.maker import BackupMaker
from backend.clock import Clock
from backend.database import Database
from backend.database.watching import Changes
from backend.disk.room import Room
from backend.instruments import Instruments
from backend.leases import Leases
from backend.oidc.provider import Provider
from backend.remembered.settled import Settled
from backend.remembered.unreadable import Unreadable
from backend.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What lives as long as the API process.

    Attributes:
        provider: Where a team signs in; None where people come by links only.
        uses: Of credentials, until they are written down.
        progress: How far the work on an import is, as a fraction, by its id.
    """

    settings: Settings
    database: Database
    clock: Clock
    leases: Leases
    principals: Principals
    settled: Settled = field(default_factory=Settled)
    changes: Changes = field(default_factory=Changes)
    instruments: Instruments = field(default_factory=Instruments)
    backups: BackupMaker
    provider: Provider | None = None
    uses: Uses = field(default_factory=Uses)
    progress: dict[str, float] = field(default_factory=dict)
    unreadable: Unreadable = field(default_factory=Unreadable)
    room: Room

    @property
    def moment(self) -> int:
        """Grows with everything that changes, before whoever changed it is told."""
        return self.changes.count + self.leases.changes


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfWork:
    """What lives as long as one request; nobody commits inside it.

    Attributes:
        now: Time of day of the whole request.
        seen: The moment before its first query, for what is kept of pilots that are over.
    """

    session: Session
    installation: Installation
    principal: Principal
    now: datetime
    seen: int = field(init=False)

    def __post_init__(self) -> None:
        # A session that was used before may see an older moment: it finds and keeps nothing.
        seen = -1 if self.session.in_transaction() else self.installation.settled.moment
        object.__setattr__(self, "seen", seen)

    def once_committed(self, call: Callable[[], None]) -> None:
        """Has something done when what was changed counts, and never where it does not."""
        event.listen(self.session, "after_commit", lambda _: call(), once=True)

    @property
    def leases(self) -> Leases:
        """Leases of the installation."""
        return self.installation.leases

    @property
    def settings(self) -> Settings:
        """Settings of the installation."""
        return self.installation.settings
