"""How many may come in, in which ways, and until when."""

from backend.repositories import people, tokens
from backend.unit_of_work import UnitOfWork
from planner.exchange.access import AccessSummary, HeldBy, TokenKind


def summary(work: UnitOfWork) -> AccessSummary:
    """Counts of everything that opens the door at this moment."""
    provider = work.installation.provider
    return AccessSummary(
        issuer=None if provider is None else provider.client.issuer,
        origin=work.settings.origin,
        people=tuple(
            HeldBy(role=role or "none", number=number)
            for role, number in sorted(
                people.count_by_role(work.session).items(), key=lambda held: held[0] or ""
            )
        ),
        tokens=_held(work, "token"),
        sessions=_held(work, "session"),
    )


def _held(work: UnitOfWork, kind: TokenKind) -> tuple[HeldBy, ...]:
    return tuple(
        HeldBy(role=role, number=number, never_expire=for_ever, first_ends_at=first)
        for role, number, for_ever, first in tokens.held(work.session, kind, now=work.now)
    )
