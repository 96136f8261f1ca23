"""A pilot under training that something is done to, which must not show in any of its runs."""

from dataclasses import replace

from planner.exchange.states import PilotState
from planner.pilots.pilot import Budget, Seeds
from tests.contract.programs import ApiProcess, wait_until
from tests.faults.test_pilot_survives_kills import a_curve, a_pilot, whole_series


def create_long_pilot(api: ApiProcess, *, epochs: int, seeds: int) -> PilotState:
    """Runs of an even number of steps, more of them than any test waits for."""
    confirmation = Seeds(confirmation=tuple(range(11, 11 + seeds)))
    pilot = replace(a_pilot(), budget=Budget(epochs=epochs), seeds=confirmation)
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
