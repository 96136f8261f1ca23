"""A bundle whose trainer or supervisor is killed: every member goes on, and none misses a step."""

import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from planner.devices.throughput import BundleSpeed, ThroughputCurve
from planner.exchange.states import RunState
from planner.pilots.pilot import Budget, Pilot, Seeds
from tests.contract.programs import ApiProcess, an_api, wait_until
from tests.faults.test_pilot_survives_kills import (
    STEP_S,
    a_curve,
    a_pilot,
    started,
    whole_series,
)

SEEDS = (11, 12, 13, 14)
EPOCHS = 160
STEPS = EPOCHS * 135
"""An epoch of 1,078 samples has 135 steps at a batch of 8."""


def a_bundled_pilot() -> Pilot:
    return replace(a_pilot(), budget=Budget(epochs=EPOCHS), seeds=Seeds(confirmation=SEEDS))


def a_bundling_curve() -> ThroughputCurve:
    speed = BundleSpeed(
        execution="batched",
        members=len(SEEDS),
        batch_size=8,
        step_time_s=2 * STEP_S,
        single_step_time_s=STEP_S,
    )
    return replace(a_curve(), bundles=(speed,))


def baseline_runs(api: ApiProcess, pilot_id: str) -> list[RunState]:
    return [run for run in api.runs(pilot_id) if run.run.schedule == "today"]


def saved_twice(store: Path, run: RunState) -> bool:
    """Whether the API knows a checkpoint: the one before the newest in the store."""
    return len(list(store.glob(f"{run.id}/a1/step-*"))) > 1


@pytest.mark.slow
@pytest.mark.parametrize("who", ["supervisor", "trainer"])
def test_every_member_of_a_killed_bundle_goes_on_without_a_gap(tmp_path: Path, who: str) -> None:
    store = tmp_path / "store"
    store.mkdir()
    with an_api(tmp_path) as api, ExitStack() as workers:
        pilot_id = api.create(a_bundled_pilot(), throughput=a_bundling_curve()).id
        first = started(workers, api, tmp_path / "first", store)
        wait_until(
            lambda: all(saved_twice(store, run) for run in baseline_runs(api, pilot_id)),
            what="two checkpoints of every member",
        )
        assert {run.bundle_size for run in baseline_runs(api, pilot_id)} == {len(SEEDS)}
        if who == "supervisor":
            first.signal(signal.SIGKILL)
            first.wait()
            started(workers, api, tmp_path / "last", store)
        else:
            os.kill(first.trainer, signal.SIGKILL)
        wait_until(
            lambda: all(run.status == "succeeded" for run in baseline_runs(api, pilot_id)),
            what="the end of every member",
        )
        for run in baseline_runs(api, pilot_id):
            assert run.attempt == 2
            series = whole_series(api, run.id, "train")
            assert series.steps == tuple(range(1, STEPS + 1))
            assert list(series.attempts) == sorted(series.attempts)
            assert set(series.attempts) == {1, 2}
            evaluations = whole_series(api, run.id, "evaluation")
            assert evaluations.steps == tuple(range(0, STEPS + 1, 135))
