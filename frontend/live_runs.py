"""What the live page makes of its runs: what comes first, what may be done, whether to go on."""

from collections.abc import Iterable

from frontend.calls.api import Order
from planner.exchange.page_states import LiveRun, LiveView
from planner.pilots.run import TRANSITIONS, RunStatus

ORDERS: tuple[Order, ...] = ("pause", "resume", "retry", "cancel")
"""What people may ask of a run, in the order of the buttons."""

OVER = ("done", "cancelled")

_RANKS: dict[RunStatus, int] = {
    "running": 0,
    "failed": 1,
    "paused": 2,
    "capped": 3,
    "queued": 4,
    "diverged": 5,
    "succeeded": 5,
    "cancelled": 5,
}


def is_moving(view: LiveView) -> bool:
    """Whether the next look may show something else without anybody doing anything."""
    if view.pilot.phase in OVER or view.pilot.cap_reached:
        return any(live.run.status == "running" for live in view.runs)
    return any(live.run.status in ("queued", "running") for live in view.runs)


def why_unknown(view: LiveView) -> str:
    """What the end waits for, as a key below ``page.live.``: a raise of a cap before all else."""
    if view.pilot.cap_reached:
        return "finish_at_cap"
    return "finish_unknown" if is_moving(view) else "finish_waits"


def by_interest(runs: Iterable[LiveRun]) -> list[LiveRun]:
    """What runs, then what waits for somebody, then the queue in its order, then what ended."""
    return sorted(
        runs,
        key=lambda live: (
            _RANKS[live.run.status],
            live.run.queue_position or 0,
            -_ended_at(live),
        ),
    )


def allowed_orders(status: RunStatus) -> tuple[Order, ...]:
    """What may be asked of a run in a state."""
    return tuple(order for order in ORDERS if (status, order) in TRANSITIONS)


def next_in_line(runs: Iterable[LiveRun]) -> int:
    """The priority that brings a run before every other that waits."""
    waiting = [live.run.priority for live in runs if live.run.status == "queued"]
    return max(waiting, default=0) + 1


def watched(runs: Iterable[LiveRun], chosen: str) -> LiveRun | None:
    """The chosen run; without one, the most interesting."""
    ordered = by_interest(runs)
    if not ordered:
        return None
    return next((live for live in ordered if live.run.id == chosen), ordered[0])


def _ended_at(live: LiveRun) -> float:
    ended = live.run.ended_at
    return 0.0 if ended is None else ended.timestamp()
