"""A pilot in MLflow and TensorBoard, written by their venv and read back with their own readers."""

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paybatch import Paybatch
from paybatch.trackers import TrackerMissing, to_mlflow, to_tensorboard
from paybatch.trackers.told import told
from planner.exchange.states import PilotState
from tests.support.gated_pilots import priced_pilot
from tests.support.planted_worker import PlantedWorker, planted_curve

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-trackers" / "bin" / "python"
in_their_venv = pytest.mark.trackers


def theirs(*arguments: str) -> Any:
    """What the script in the trackers' environment answers."""
    script = str(ROOT / "tests" / "support" / "exporting.py")
    done = subprocess.run(
        [str(PYTHON), script, *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(ROOT / "out")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def ended(paybatch: Paybatch, worker: PlantedWorker) -> PilotState:
    """A pilot of six runs: one diverged, after a loss that was no number."""
    pilot = paybatch.start(priced_pilot(), throughput=planted_curve())
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=0)
    chunk = {
        "seq": 0,
        "group": "train",
        "steps": [1, 2, 3],
        "columns": {"batch_loss": [2.5, None, 1e30]},
        "wall_clock_s": 0.5,
    }
    worker.write(run, "series", chunk).raise_for_status()
    worker.finish(run, step=3, outcome="diverged")
    worker.work_until_idle()
    return paybatch.wait(pilot.id)


def test_a_pilot_that_nobody_measured_is_told_without_a_verdict(paybatch: Paybatch) -> None:
    pilot = paybatch.start(priced_pilot())
    paybatch.cancel_pilot(pilot.id)
    found = told(paybatch, pilot.id)
    assert (found.numbers, found.runs) == ({}, ())


@in_their_venv
def test_mlflow_has_every_run_below_its_pilot_with_the_same_values(
    paybatch: Paybatch, ended: PilotState, address: str, token: str, tmp_path: Path
) -> None:
    target = f"sqlite:///{tmp_path / 'mlflow.db'}"
    assert theirs("mlflow", target, address, token, ended.id) == 6
    runs = theirs("read-mlflow", target)
    by_id = {run["tags"].get("paybatch.run_id"): run for run in runs}
    parent = by_id.pop(None)
    assert parent["name"] == ended.pilot.name
    assert {run["tags"]["mlflow.parentRunId"] for run in by_id.values()} == {parent["id"]}
    review = paybatch.review(ended.id)
    assert parent["tags"]["paybatch.verdict"] == review.verdict.kind
    (cost,) = parent["metrics"]["verdict/pilot_device_h"]
    assert cost[1] == review.pilot_device_h
    for own in paybatch.runs(ended.id):
        kept = by_id[own.id]
        series = paybatch.series(own.id, "train")
        points = kept["metrics"]["train/batch_loss"]
        assert [step for step, _, _ in points] == series.steps.tolist()
        np.testing.assert_array_equal(
            [value for _, value, _ in points], series.columns["batch_loss"]
        )
        times = [at for _, _, at in points]
        assert kept["began_ms"] <= min(times) <= max(times) <= kept["ended_ms"]
        assert kept["params"]["seed"] == str(own.run.seed)
        assert kept["params"]["schedule"] == own.run.schedule
        assert kept["status"] == ("FAILED" if own.status == "diverged" else "FINISHED")
    races = {race.run_id: race for race in review.races}
    for run_id, kept in by_id.items():
        crossing = races[run_id].crossing
        told = kept["metrics"].get("run/time_to_target_s")
        assert told is None if crossing is None else told[0][1] == crossing.time_s
        assert (kept["tags"]["paybatch.reached"] == "yes") == (crossing is not None)
    (diverged,) = [run for run in by_id.values() if run["tags"]["paybatch.status"] == "diverged"]
    assert [math.isnan(v) for _, v, _ in diverged["metrics"]["train/batch_loss"]] == [
        *(False, True, False)
    ]
    assert theirs("mlflow", target, address, token, ended.id) == 0
    assert theirs("read-mlflow", target) == runs


@in_their_venv
def test_tensorboard_has_every_run_with_the_same_values(
    paybatch: Paybatch, ended: PilotState, address: str, token: str, tmp_path: Path
) -> None:
    assert theirs("tensorboard", str(tmp_path), address, token, ended.id) == 7
    found = theirs("read-tensorboard", str(tmp_path))
    for own in paybatch.runs(ended.id):
        kept = found[f"{own.run.schedule} _1 seed {own.run.seed} {own.id[:8]}"]
        series = paybatch.series(own.id, "train")
        points = kept["train/batch_loss"]
        assert [step for step, _, _ in points] == series.steps.tolist()
        single = series.columns["batch_loss"].astype(np.float32).astype(np.float64)
        np.testing.assert_array_equal([value for _, value, _ in points], single)
        assert kept["texts"] == ["run"]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("events.*")}
    assert theirs("tensorboard", str(tmp_path), address, token, ended.id) == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("events.*")} == before


def test_a_tracker_that_is_not_installed_is_told_with_what_installs_it(
    paybatch: Paybatch, tmp_path: Path
) -> None:
    with pytest.raises(TrackerMissing, match=r"pip install 'mlflow>=3.5'"):
        to_mlflow(paybatch, "nothing", "sqlite://")
    with pytest.raises(TrackerMissing, match=r"pip install 'tensorboard>=2.20'"):
        to_tensorboard(paybatch, "nothing", tmp_path)
