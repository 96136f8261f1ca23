"""Which changing routes leave no entry in the audit trail, and why; every other leaves one."""

from backend.access.security import POLICY

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

COMPUTED = frozenset(
    {
        "POST /api/owned-rates:compute",
        "POST /api/plans:compute",
        "POST /api/plans:control",
        "POST /api/schedules:export",
        "POST /api/schedules:import",
        "POST /api/reviews:compute",
        "POST /api/line-ups:compute",
        "POST /api/projections:compute",
        "POST /api/pilots/{pilot_id}/adoption:compute",
        "POST /api/pilots/{pilot_id}/production-results:preview",
        "POST /api/retention:preview",
    }
)
"""A question with a body: it is worked out, and nothing is stored."""

MEASURED = frozenset(route for route, scope in POLICY.items() if scope in ("worker", "attempt"))
"""What workers and attempts report. Claims, attempts, checkpoints and series keep themselves which
worker brought them and when, and nothing changes them afterwards; an entry for each chunk would
bury what people did."""

WITHOUT_ENTRY = COMPUTED | MEASURED


def leaves_an_entry(route: str) -> bool:
    """Whether a request that this route grants is one change in the audit trail."""
    return route.partition(" ")[0] not in SAFE and route not in WITHOUT_ENTRY
