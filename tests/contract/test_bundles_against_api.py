"""A worker process that holds several runs: one trainer, and for every run its own way to end."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from planner.devices.throughput import BundleSpeed, ThroughputCurve
from planner.exchange.states import RunState
from planner.pilots.pilot import Seeds
from tests.contract.programs import ApiProcess, a_worker, is_alive, wait_until
from tests.contract.test_worker_against_api import BASELINE, a_curve, a_pilot

SEEDS = (11, 12, 13, 14)
LONG = 2000
"""Epochs that nobody waits for: 270,000 steps a run."""


def a_bundling_curve() -> ThroughputCurve:
    """Known beforehand: four runs of the baseline are trained together, and any two pay."""
    speed = BundleSpeed(
        execution="batched",
        members=4,
        batch_size=8,
        step_time_s=2e-4,
        single_step_time_s=1e-4,
    )
    return replace(a_curve(), bundles=(speed,))


def create(api: ApiProcess, *, epochs: int) -> str:
    pilot = replace(a_pilot(epochs=epochs), seeds=Seeds(confirmation=SEEDS))
    return api.create(pilot, throughput=a_bundling_curve()).id


def baseline_runs(api: ApiProcess, pilot_id: str) -> list[RunState]:
    return [run for run in api.runs(pilot_id) if run.run.schedule == BASELINE.name]


def a_bundle_under_way(api: ApiProcess) -> list[str]:
    """Ids of four long runs that one worker trains together, once it has made some steps."""
    pilot_id = create(api, epochs=LONG)
    wait_until(
        lambda: any(run.step > 100 for run in baseline_runs(api, pilot_id)), what="a first step"
    )
    runs = baseline_runs(api, pilot_id)
    assert [(run.status, run.bundle_size) for run in runs] == [("running", 4)] * 4
    return [run.id for run in runs]


def statuses(api: ApiProcess, run_ids: list[str]) -> list[str]:
    return [api.run(run_id).status for run_id in run_ids]


def test_a_pilot_is_trained_to_its_end_in_bundles(api: ApiProcess, tmp_path: Path) -> None:
    with a_worker(api, tmp_path / "w"):
        pilot_id = create(api, epochs=4)
        wait_until(lambda: api.pilot(pilot_id).phase == "done", what="the end of the pilot")
    runs = api.runs(pilot_id)
    assert {(run.status, run.attempt, run.bundle_size) for run in runs} == {("succeeded", 1, 4)}
    for run in baseline_runs(api, pilot_id):
        steps = api.series(run.id, "train").steps
        assert (steps[0], steps[-1]) == (1, 4 * 135)
        assert api.series(run.id, "evaluation").steps == (0, 135, 270, 405, 540)


def test_a_cancelled_and_a_paused_member_leave_and_the_others_go_on_until_their_worker_leaves(
    api: ApiProcess, tmp_path: Path
) -> None:
    with a_worker(api, tmp_path / "w") as worker:
        run_ids = a_bundle_under_way(api)
        trainer = worker.trainer
        api.order(run_ids[1], "cancel")
        api.order(run_ids[3], "pause")
        wait_until(
            lambda: statuses(api, run_ids) == ["running", "cancelled", "running", "paused"],
            what="the end of two of them",
        )
        going_on = [api.run(run_ids[place]).step for place in (0, 2)]
        wait_until(
            lambda: sum(api.run(run_ids[place]).step for place in (0, 2)) > sum(going_on),
            what="further steps",
        )
        assert is_alive(trainer)
        worker.signal(signal.SIGTERM)
        assert worker.wait() == 0
    assert statuses(api, run_ids) == ["queued", "cancelled", "queued", "paused"]
    assert {api.run(run_id).attempt for run_id in run_ids} == {1}
    assert api.run(run_ids[0]).reason == "worker_left"


@pytest.mark.slow
def test_a_worker_that_leaves_releases_its_whole_bundle_for_the_next_one(
    api: ApiProcess, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    with a_worker(api, tmp_path / "first", store=store) as first:
        run_ids = a_bundle_under_way(api)
        first.signal(signal.SIGTERM)
        assert first.wait() == 0
    released = [api.run(run_id) for run_id in run_ids]
    assert [(run.status, run.reason) for run in released] == [("queued", "worker_left")] * 4
    with a_worker(api, tmp_path / "second", store=store):
        wait_until(
            lambda: all(api.run(run.id).step > run.step for run in released), what="further steps"
        )
        again = [api.run(run_id) for run_id in run_ids]
    assert [(run.attempt, run.bundle_size) for run in again] == [(2, 4)] * 4


@pytest.mark.slow
def test_a_member_that_refuses_to_leave_breaks_its_bundle_up_and_the_others_go_on(
    api: ApiProcess, tmp_path: Path
) -> None:
    """Its trainer stands still for longer than a member and a trainer are given to leave."""
    with a_worker(api, tmp_path / "w") as worker:
        run_ids = a_bundle_under_way(api)
        trainer = worker.trainer
        os.kill(trainer, signal.SIGSTOP)
        api.order(run_ids[1], "cancel")
        wait_until(lambda: not is_alive(trainer), what="the end of the trainer")
        others = [run_ids[place] for place in (0, 2, 3)]
        wait_until(
            lambda: any(
                (run.status, run.attempt) == ("running", 2) for run in map(api.run, others)
            ),
            what="the next attempt of the others",
        )
        assert api.run(run_ids[1]).status == "cancelled"
        # A trainer that is killed may leave its members at different steps: then they take turns.
        assert set(statuses(api, others)) <= {"running", "queued"}
        assert {api.run(one).attempt for one in others} <= {1, 2}
        assert "does not leave its bundle" in worker.log
