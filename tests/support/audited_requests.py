"""Counts what every granted request leaves in the audit trail while a story is told."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from sqlalchemy import select

from backend.access.security import POLICY, PUBLIC
from backend.tables import AuditRow
from tests.support.installation import Api

OWN_PROGRAMS = frozenset({"importer", "judge", "reaper", "sender"})
"""Threads that write on their own while requests come."""


@dataclass
class Seen:
    """Entries that granted requests left, by route, in the order of the requests."""

    entries: dict[str, list[tuple[AuditRow, ...]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def numbers(self, route: str) -> set[int]:
        """How many entries a request of this route leaves."""
        return {len(left) for left in self.entries[route]}


@contextmanager
def watched(api: Api) -> Iterator[Seen]:
    """Watches every request until the story ends."""
    seen, patterns = Seen(), {route: _pattern(route) for route in POLICY.keys() | PUBLIC}
    before: list[int] = []

    def begin(_: httpx.Request) -> None:
        before.append(max((row.number for row in _entries(api, 0)), default=0))

    def end(answer: httpx.Response) -> None:
        known = before.pop()
        if answer.status_code < 400:  # refused from there on
            route = _route(answer.request, patterns)
            seen.entries[route].append(_entries(api, known))

    hooks = api.http.event_hooks
    api.http.event_hooks = {"request": [begin], "response": [end]}
    try:
        yield seen
    finally:
        api.http.event_hooks = hooks


def _entries(api: Api, after: int) -> tuple[AuditRow, ...]:
    wanted = (
        select(AuditRow)
        .where(AuditRow.number > after, AuditRow.principal.not_in(OWN_PROGRAMS))
        .order_by(AuditRow.number)
    )
    with api.installation.database.read() as session:
        return tuple(session.scalars(wanted))


def _pattern(route: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", route)
    return re.compile("[^/:]+".join(re.escape(part) for part in parts))


def _route(request: httpx.Request, patterns: dict[str, re.Pattern[str]]) -> str:
    asked = f"{request.method} {request.url.path}"
    fitting = [route for route, pattern in patterns.items() if pattern.fullmatch(asked)]
    return min(fitting, key=lambda route: route.count("{"))
