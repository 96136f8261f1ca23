"""Waiting for a pilot: asked seldom while nothing happens, told of everything that does."""

import time
from collections.abc import Callable

from paybatch.connection import Pause
from planner.exchange.states import PilotState

FIRST_S = 0.25
LONGEST_S = 5.0
GROWTH = 1.5
"""Seconds between two questions, from the first after something happened to the longest."""

Told = Callable[[PilotState], object]


class Blocked(Exception):
    """A pilot that waits for a person: a run failed, or a cap was reached, and nothing trains.

    Attributes:
        state: Where it stands.
    """

    def __init__(self, state: PilotState) -> None:
        why = "its cap is reached" if state.cap_reached else "a run failed"
        super().__init__(f"pilot {state.id} waits for somebody: {why}")
        self.state = state


def wait_for(
    read: Callable[[], PilotState],
    *,
    told: Told | None,
    timeout_s: float | None,
    pause: Pause,
) -> PilotState:
    """The state of a pilot once it is done or cancelled.

    Args:
        read: Where it stands now.
        told: Hears of every change, the first state included.
        timeout_s: Seconds after which nobody waits any longer; None: as long as it takes.
        pause: Waits so many seconds.

    Raises:
        Blocked: It will not go on by itself.
        TimeoutError: It took longer.
    """
    ends_at = None if timeout_s is None else time.monotonic() + timeout_s
    state, before, pause_s = read(), None, FIRST_S
    while True:
        if state != before:
            pause_s = FIRST_S
            if told is not None:
                told(state)
        if state.phase in ("done", "cancelled"):
            return state
        if _blocked(state):
            raise Blocked(state)
        if ends_at is not None and time.monotonic() + pause_s > ends_at:
            raise TimeoutError(f"pilot {state.id} is not done after {timeout_s:g} s")
        pause(pause_s)
        pause_s = min(pause_s * GROWTH, LONGEST_S)
        state, before = read(), state


def _blocked(state: PilotState) -> bool:
    counts = state.run_counts
    if counts.get("running"):
        return False
    return state.cap_reached or bool(counts.get("failed") and not counts.get("queued"))
