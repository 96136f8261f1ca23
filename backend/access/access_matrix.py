"""Who may use which route, as a table: written from the policy, so that it cannot say otherwise."""

from collections.abc import Iterator

from fastapi.routing import APIRoute

from backend.access.security import POLICY, PUBLIC, RANKS
from backend.main import ROUTERS

ROLES = tuple(RANKS)
MAY, MAY_NOT = "yes", "–"


def routes() -> Iterator[tuple[str, str]]:
    """Every route as method and path, with what it does in the words of its own description."""
    for module in ROUTERS:
        for route in module.router.routes:
            if isinstance(route, APIRoute):
                told = (route.endpoint.__doc__ or "").strip().partition("\n")[0]
                for method in sorted(route.methods or ()):
                    yield f"{method} {route.path_format}", told


def people_may() -> str:
    """What each role may do, as a Markdown table."""
    rows = [
        f"| {told} | `{route}` | {' | '.join(_marks(POLICY[route]))} |"
        for route, told in routes()
        if POLICY.get(route) in RANKS
    ]
    return "\n".join([f"| what | route | {' | '.join(ROLES)} |", "| --- " * 5 + "|", *rows])


def programs_may() -> str:
    """What is open to workers and their attempts, and to everybody, as a Markdown table."""
    rows = [
        f"| {told} | `{route}` | {'everybody' if route in PUBLIC else POLICY[route]} |"
        for route, told in routes()
        if POLICY.get(route) not in RANKS
    ]
    return "\n".join(["| what | route | credential |", "| --- " * 3 + "|", *rows])


def _marks(needed: str) -> Iterator[str]:
    return (MAY if RANKS[role] >= RANKS[needed] else MAY_NOT for role in ROLES)
