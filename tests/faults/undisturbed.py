"""A pilot under training that something is done to, which must not show in any of its runs."""

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
        within_s: Seconds in which everything happened.

    Returns:
        Steps that were trained.
    """
    api.post(f"/api/pilots/{pilot_id}:cancel", {"reason": "enough"})
    wait_until(
        lambda: all(run.status != "running" for run in api.runs(pilot_id)), what="the pilot's end"
    )
    steps = 0
    for run in api.runs(pilot_id):
        assert run.status in ("succeeded", "cancelled"), run
        assert run.attempt <= 1, run
        if run.attempt == 0:
            continue
        done = run.steps_planned if run.status == "succeeded" else run.step
        assert whole_series(api, run.id, "train").steps == tuple(range(1, (done or 0) + 1))
        assert 0 <= (run.wall_clock_s or 0.0) <= within_s
        steps += run.step
    return steps
