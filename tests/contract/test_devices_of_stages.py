"""A run whose devices change at a stage boundary, through the real queue, with real ranks."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from planner.pilots.device_stages import DevicesOfSchedule
from planner.pilots.pilot import Seeds
from tests.contract.programs import ApiProcess, a_worker, children, is_alive, wait_until
from tests.contract.test_worker_against_api import BASELINE, GROWING, a_curve, a_pilot

SEEDS = (11,)
STAGES = DevicesOfSchedule(schedule=GROWING.name, counts=(1, 2))
"""The batch doubles after 10 epochs of 135 steps, and 2 devices go on from there."""

CHANGE = 10 * 135
SHORT = 14
"""Epochs: 10 at a batch of 8, and 4 of 68 steps at 16."""

STEPS = CHANGE + 4 * 68

LOSS_TOLERANCE = 2e-3
"""Relative, of single-precision weights after 1,622 steps whose sums were made in another order."""


def create(api: ApiProcess, *counts: int, epochs: int) -> str:
    """Id of the pilot's candidate run."""
    devices = (replace(STAGES, counts=counts),) if counts else ()
    pilot = replace(a_pilot(epochs=epochs), seeds=Seeds(confirmation=SEEDS), devices=devices)
    created = api.create(pilot, throughput=a_curve())
    for run in api.runs(created.id):
        if run.run.schedule == BASELINE.name:
            api.order(run.id, "cancel")
    (run,) = [run for run in api.runs(created.id) if run.run.schedule == GROWING.name]
    return run.id


def ended(api: ApiProcess, run_id: str) -> bool:
    return api.run(run_id).status == "succeeded"


@pytest.mark.slow
def test_a_run_goes_on_with_more_devices_and_converges_as_on_one(
    api: ApiProcess, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    alone, growing = create(api, epochs=SHORT), create(api, 1, 2, epochs=SHORT)
    with a_worker(api, tmp_path / "one", store=store):
        wait_until(lambda: ended(api, alone), what="the run on one device")
        wait_until(lambda: api.run(growing).reason == "too_few_devices", what="the change")
        waiting = api.run(growing)
        assert (waiting.status, waiting.step, waiting.device_count) == ("queued", CHANGE, 2)
    with a_worker(api, tmp_path / "two", store=store, options=("--device-count", "2")):
        wait_until(lambda: ended(api, growing), what="the run on two")
    done = api.run(growing)
    assert (done.attempt, done.device_count, done.step) == (2, 2, STEPS)
    for group in ("train", "evaluation"):
        ours, theirs = api.series(growing, group), api.series(alone, group)
        assert ours.steps == theirs.steps
        for name, values in theirs.columns.items():
            assert ours.columns[name] == pytest.approx(values, rel=LOSS_TOLERANCE, abs=1e-4)


@pytest.mark.slow
def test_a_killed_rank_costs_no_step_and_the_run_goes_on_from_its_checkpoint(
    api: ApiProcess, tmp_path: Path
) -> None:
    with a_worker(api, tmp_path / "two", options=("--device-count", "2")) as worker:
        run_id = create(api, 2, epochs=SHORT)
        wait_until(lambda: api.run(run_id).step > 300, what="step 300")
        launcher = worker.trainer
        first, second = sorted(map(int, children(launcher)))
        os.kill(second, signal.SIGKILL)
        wait_until(lambda: not is_alive(first) and not is_alive(launcher), what="their end")
        wait_until(lambda: ended(api, run_id), what="the end of the run")
    done = api.run(run_id)
    assert (done.attempt, done.step) == (2, STEPS)
    shown = api.series(run_id, "evaluation").steps
    assert shown[0] == 0
    assert shown[-1] == STEPS
    assert len(shown) == len(set(shown)) == SHORT + 1


@pytest.mark.slow
def test_a_paused_run_of_two_ranks_leaves_its_last_step_behind(
    api: ApiProcess, tmp_path: Path
) -> None:
    with a_worker(api, tmp_path / "two", options=("--device-count", "2")):
        run_id = create(api, 2, epochs=2000)
        wait_until(lambda: api.run(run_id).step > 100, what="step 100")
        api.order(run_id, "pause")
        wait_until(lambda: api.run(run_id).status == "paused", what="the pause")
        at = api.run(run_id).step
        api.order(run_id, "resume")
        wait_until(lambda: api.run(run_id).step > at, what="further steps")
        assert api.run(run_id).attempt == 2
