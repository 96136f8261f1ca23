"""A pilot under training that something is done to, which must not show in any of its runs."""

import time

from planner.exchange.states import PilotState
from tests.contract.programs import ApiProcess, wait_until
from tests.faults.left_behind import whole_series
from tests.faults.pilots import a_curve, a_pilot


def create_long_pilot(api: ApiProcess, *, epochs: int, seeds: int) -> PilotState:
    """More runs than any test waits for."""
    pilot = a_pilot(epochs=epochs, seeds=tuple(range(11, 11 + seeds)))
    return api.create(pilot, throughput=a_curve())


def check_undisturbed(api: ApiProcess, pilot_id: str, *, within_s: float) -> int:
    """Ends the pilot; no run failed, none was given twice, no series has a gap.

    Args:
        api: Serves.
        pilot_id: What was trained.
        within_s: Seconds in which everything before happened.

    Returns:
        Steps that the API was told of.
    """
    asked_s = time.monotonic()
    api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": "enough"})
    wait_until(
        lambda: all(run.status != "running" for run in api.runs(pilot_id)), what="the pilot's end"
    )
    within_s += time.monotonic() - asked_s
    steps = 0
    for run in api.runs(pilot_id):
        assert run.status in ("succeeded", "cancelled"), run
        assert run.attempt <= 1, run
        if run.attempt == 0:
            continue
        told = steps_of(api, run.id)
        if run.status == "succeeded":
            assert told == run.steps_planned, run
        else:  # who cancels does not wait until all that was trained meanwhile has arrived
            assert told <= run.step, run
        assert 0 <= (run.wall_clock_s or 0.0) <= within_s
        steps += told
    assert steps > 0
    return steps


def steps_of(api: ApiProcess, run_id: str) -> int:
    """Steps that the API was told of a run: each once, from the first on, in order."""
    steps = whole_series(api, run_id, "train").steps
    assert steps == tuple(range(1, len(steps) + 1)), run_id
    return len(steps)
