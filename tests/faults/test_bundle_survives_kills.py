"""A bundle whose trainer or supervisor is killed: every member goes on, and none misses a step."""

import os
import signal
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from planner.exchange.states import RunState
from tests.contract.programs import ApiProcess, WorkerProcess, a_worker, an_api, wait_until
from tests.faults.conftest import PromiseOf
from tests.faults.left_behind import doubled_steps, missing_steps, whole_series
from tests.faults.pilots import EPOCH_STEPS, a_bundling_curve, a_pilot

SEEDS = (11, 12, 13, 14)
EPOCHS = 240
STEPS = EPOCHS * EPOCH_STEPS


def baseline_runs(api: ApiProcess, pilot_id: str) -> list[RunState]:
    return [run for run in api.runs(pilot_id) if run.run.schedule == "today"]


def saved_twice(store: Path, run: RunState) -> bool:
    """Whether the API knows a checkpoint: the one before the newest in the store."""
    return len(list(store.glob(f"{run.id}/a1/step-*"))) > 1


def a_calm_worker(
    api: ApiProcess, folder: Path, store: Path
) -> AbstractContextManager[WorkerProcess]:
    """Leaves checkpoints of its members seldom enough that all of them arrive soon."""
    return a_worker(api, folder, store=store, checkpoint_every_s=1.0)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["supervisor", "trainer"])
def test_every_member_of_a_killed_bundle_goes_on_without_a_gap(
    tmp_path: Path, who: str, promise: PromiseOf
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    pilot = a_pilot(epochs=EPOCHS, seeds=SEEDS)
    with an_api(tmp_path) as api, ExitStack() as workers:
        pilot_id = api.create(pilot, throughput=a_bundling_curve(members=len(SEEDS))).id
        first = workers.enter_context(a_calm_worker(api, tmp_path / "first", store))
        wait_until(
            lambda: all(saved_twice(store, run) for run in baseline_runs(api, pilot_id)),
            what="two checkpoints of every member",
        )
        assert {run.bundle_size for run in baseline_runs(api, pilot_id)} == {len(SEEDS)}
        if who == "supervisor":
            first.signal(signal.SIGKILL)
            first.wait()
            workers.enter_context(a_calm_worker(api, tmp_path / "last", store))
        else:
            os.kill(first.trainer, signal.SIGKILL)
        wait_until(
            lambda: all(run.status == "succeeded" for run in baseline_runs(api, pilot_id)),
            what="the end of every member",
        )
        promise("P6").add(kills=1, bundles=1)
        for run in baseline_runs(api, pilot_id):
            assert run.attempt == 2
            series = whole_series(api, run.id, "train")
            promise("P6").add(losses=missing_steps(series, STEPS), doubles=doubled_steps(series))
            assert series.steps == tuple(range(1, STEPS + 1))
            assert list(series.attempts) == sorted(series.attempts)
            assert set(series.attempts) == {1, 2}
            evaluations = whole_series(api, run.id, "evaluation")
            assert evaluations.steps == tuple(range(0, STEPS + 1, EPOCH_STEPS))
