"""A real worker process trains a run that leaves the healthy range, goes back, and recovers."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from backend.wire.codec import decode
from planner.measurements.measurement import RunRecord
from planner.pilots.divergence import Divergence, RolledBack
from planner.pilots.pilot import Budget, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth
from planner.schedules.schedule import Schedule
from tests.contract.programs import CALM_LEASE_S, a_worker, an_api, wait_until
from tests.contract.test_worker_against_api import a_curve
from tests.worker.builders import a_claimed_run, attempt, checkpoints_in
from worker.training.checkpoint import TENSORS

STAGE = 136  # two epochs of 1,078 samples at batch 16
WILD = Schedule(
    name="wild",
    learning_rate=LearningRate(initial=0.05, growth=RateGrowth(maximum=0.6, every_epochs=2)),
    batch_size=BatchSize(initial=16, growth=2, every_epochs=2, maximum=32),
)
TODAY = Schedule(
    name="today",
    role="baseline",
    learning_rate=LearningRate(initial=0.05),
    batch_size=BatchSize(initial=64),
)
PILOT = Pilot(
    name="Wild",
    workload="digits-mlp",
    target=Target(metric="validation_loss", value=0.3, direction="below"),
    budget=Budget(epochs=6),
    seeds=Seeds(confirmation=(11,)),
    divergence=Divergence(policy="roll_back"),
    schedules=(TODAY, WILD),
)


def test_a_rollback_of_a_real_worker_is_recorded_superseded_and_trained_to_its_end(
    tmp_path: Path,
) -> None:
    alone = attempt(
        a_claimed_run(schedule=WILD, epochs=6, seed=11, divergence=PILOT.divergence),
        tmp_path / "alone",
    )
    (back,) = [report.rollback for report in alone if isinstance(report, RolledBack)]
    with an_api(tmp_path, lease_s=CALM_LEASE_S) as api, a_worker(api, tmp_path / "w") as worker:
        pilot = api.create(PILOT, throughput=a_curve())
        wait_until(lambda: api.pilot(pilot.id).phase == "done", what="the end of the pilot")
        (run,) = [run for run in api.runs(pilot.id) if run.run.schedule == WILD.name]
        assert (run.status, run.attempt, run.step) == ("succeeded", 2, 272)
        live = api.series(run.id, "train")
        assert live.attempts == (1,) * STAGE + (2,) * (272 - STAGE)
        told = api.get(f"/api/pilots/{pilot.id}/records")
        records = {record.run_id: record for record in decode(tuple[RunRecord, ...], told)}
        first, second = records[run.id].attempts
        assert (first.to_step, second.from_step) == (back.at_step, back.to_step)
        assert (second.cause, second.rate_factor) == ("rollback", 0.5)
        (tensors,) = (worker.data_dir / "store").glob(f"{run.id}/a2/step-272/{TENSORS}")
        ours = load_file(tensors)
        theirs = load_file(checkpoints_in(tmp_path / "alone", alone)[0].folder / TENSORS)
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
