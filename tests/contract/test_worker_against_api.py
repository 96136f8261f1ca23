import signal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from backend.wire.codec import decode
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.exchange.states import RunState
from planner.measurements.measurement import RunRecord
from planner.pilots.pilot import Budget, Pilot, Seeds, Target
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.contract.programs import (
    ApiProcess,
    WorkerProcess,
    a_worker,
    is_alive,
    wait_until,
)
from tests.support.processes import PATIENCE_WITH_A_PROBE_S
from tests.worker.builders import a_claimed_run, attempt, checkpoints_in, points
from worker.device import describe_device
from worker.training.checkpoint import TENSORS

EPOCHS = 120
BASELINE = Schedule(
    name="today",
    role="baseline",
    learning_rate=LearningRate(initial=0.02, decay="cosine"),
    batch_size=BatchSize(initial=8),
)
GROWING = Schedule(
    name="growing batch",
    learning_rate=LearningRate(initial=0.02, decay="cosine"),
    batch_size=BatchSize(initial=8, growth=2, every_epochs=10, maximum=32),
)
STEPS = EPOCHS * 135
"""Of the baseline: an epoch of 1,078 samples has 135 steps at a batch of 8."""


def a_pilot(*, epochs: int = EPOCHS) -> Pilot:
    return Pilot(
        name="Digits",
        workload="digits-mlp",
        target=Target(metric="validation_loss", value=0.3, direction="below"),
        budget=Budget(epochs=epochs),
        seeds=Seeds(confirmation=(11, 12)),
        schedules=(BASELINE, GROWING),
    )


def a_curve() -> ThroughputCurve:
    """Known beforehand, so that no probe is run."""
    return ThroughputCurve(
        workload="digits-mlp",
        device=describe_device("cpu").name,
        dtype="float32",
        versions="torch",
        points=tuple(
            ThroughputPoint(
                batch_size=size, step_time_s=1e-4 + size * 1e-6, spread_fraction=0.0, steps=20
            )
            for size in (8, 64, 1024)
        ),
        evaluation_s=0.001,
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scratch folder of the baseline's run on seed 11, trained in one go."""
    return tmp_path_factory.mktemp("undisturbed") / "scratch"


@pytest.fixture(scope="module")
def reports(undisturbed: Path) -> list[object]:
    run = a_claimed_run(schedule=BASELINE, epochs=EPOCHS, seed=11)
    return attempt(run, undisturbed)


def first_run(api: ApiProcess, pilot_id: str) -> RunState:
    """The baseline's run on the first seed."""
    (run,) = [
        run for run in api.runs(pilot_id) if (run.run.schedule, run.run.seed) == (BASELINE.name, 11)
    ]
    return run


def a_run_under_way(api: ApiProcess, *, epochs: int = EPOCHS) -> str:
    """Id of the baseline's first run, once a worker has trained a part of it."""
    pilot = api.create(a_pilot(epochs=epochs), throughput=a_curve())
    run = first_run(api, pilot.id)
    wait_until(lambda: api.run(run.id).step > 1000, what="the first run's step 1000")
    return run.id


def assert_undisturbed(
    api: ApiProcess, run_id: str, store: Path, undisturbed: Path, reports: list[object]
) -> None:
    """The run's live series and last weights are those of a run that nothing happened to.

    The API shows a thousand of the steps; the weights vouch for all of them.
    """
    for group in ("train", "evaluation"):
        series = api.series(run_id, group)
        expected = points(reports, group)
        assert series.total_points == len(expected)
        for name, values in series.columns.items():
            assert list(values) == [expected[step][name] for step in series.steps]
    last = checkpoints_in(undisturbed, reports)[0].folder
    (tensors,) = store.glob(f"{run_id}/a*/{last.name}/{TENSORS}")
    ours, theirs = load_file(tensors), load_file(last / TENSORS)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def assert_handed_on(api: ApiProcess, run_id: str, left_at: int) -> None:
    """The second attempt went on where the first one left, or from a checkpoint before that.

    A trainer that is kept from leaving for too long leaves without a last checkpoint.
    """
    told = api.get(f"/api/pilots/{api.run(run_id).pilot_id}/records")
    records = {record.run_id: record for record in decode(tuple[RunRecord, ...], told)}
    first, second = records[run_id].attempts
    assert 0 < second.from_step <= left_at
    assert second.from_step <= first.to_step
    series = api.series(run_id, "train")
    expected = [1 if made <= second.from_step else 2 for made in series.steps]
    assert list(series.attempts) == expected


@pytest.mark.timeout(600)
def test_a_pilot_is_probed_and_trained_to_its_end(api: ApiProcess, tmp_path: Path) -> None:
    with a_worker(api, tmp_path / "w"):
        pilot = api.create(a_pilot(epochs=4), throughput=None)
        wait_until(
            lambda: api.pilot(pilot.id).phase == "done",
            what="the end of the pilot",
            patience_s=PATIENCE_WITH_A_PROBE_S,
        )
    state = api.pilot(pilot.id)
    assert state.measured_on == describe_device("cpu").name
    assert state.throughput is not None
    assert state.throughput.points[0].batch_size == 8
    runs = api.runs(pilot.id)
    assert [run.status for run in runs] == ["succeeded"] * 5
    assert [run.attempt for run in runs] == [1] * 5
    assert first_run(api, pilot.id).step == 4 * 135
    assert api.series(first_run(api, pilot.id).id, "evaluation").steps == (0, 135, 270, 405, 540)


def test_what_a_trainer_printed_can_be_searched(api: ApiProcess, tmp_path: Path) -> None:
    with a_worker(api, tmp_path / "w"):
        pilot = api.create(a_pilot(epochs=4), throughput=a_curve())
        run = first_run(api, pilot.id)
        wait_until(lambda: api.run(run.id).status == "succeeded", what="success")
    log = api.get(f"/api/runs/{run.id}/log")
    begun, *_, ended = [line["text"] for line in log["lines"]]
    assert begun.endswith("today, rate x 1, seed 11: attempt 1 begins on cpu")
    assert f"today, rate x 1, seed 11: succeeded after step {4 * 135}, test_loss" in ended
    assert [line["number"] for line in log["lines"]] == list(range(1, log["printed"] + 1))
    found = api.get(f"/api/runs/{run.id}/log", search="BATCH SIZE 8")
    assert [line["number"] for line in found["lines"]] == [2]
    assert found["lost"] == 0


def test_a_paused_run_goes_on_where_it_stopped(
    api: ApiProcess, tmp_path: Path, undisturbed: Path, reports: list[object]
) -> None:
    with a_worker(api, tmp_path / "w"):
        run_id = a_run_under_way(api)
        api.order(run_id, "pause")
        wait_until(lambda: api.run(run_id).status == "paused", what="the pause")
        paused_at = api.run(run_id).step
        assert 1000 < paused_at < STEPS
        api.order(run_id, "resume")
        wait_until(lambda: api.run(run_id).status == "succeeded", what="success")
    assert_handed_on(api, run_id, paused_at)
    assert_undisturbed(api, run_id, tmp_path / "w/store", undisturbed, reports)


def test_a_cancelled_run_ends_and_the_worker_takes_the_next(
    api: ApiProcess, tmp_path: Path
) -> None:
    with a_worker(api, tmp_path / "w") as worker:
        run_id = a_run_under_way(api, epochs=2000)
        trainer = worker.trainer
        api.order(run_id, "cancel")
        wait_until(lambda: api.run(run_id).status == "cancelled", what="the end of the run")
        wait_until(lambda: not is_alive(trainer), what="the trainer's end")
        others = [run.id for run in api.runs(api.run(run_id).pilot_id) if run.id != run_id]
        wait_until(
            lambda: any(api.run(other).status == "running" for other in others),
            what="the next run",
        )


@pytest.mark.slow
def test_a_worker_that_is_told_to_leave_hands_its_run_on(
    api: ApiProcess, tmp_path: Path, undisturbed: Path, reports: list[object]
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    with a_worker(api, tmp_path / "first", store=store) as first:
        run_id = a_run_under_way(api)
        first.signal(signal.SIGTERM)
        assert first.wait() == 0
    left_at = api.run(run_id).step
    with a_worker(api, tmp_path / "second", store=store):
        wait_until(lambda: api.run(run_id).status == "succeeded", what="success")
    assert_handed_on(api, run_id, left_at)
    assert_undisturbed(api, run_id, store, undisturbed, reports)
    assert list((tmp_path / "first/scratch").iterdir()) == []


def test_a_worker_that_the_api_does_not_let_in_says_so(api: ApiProcess, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.token"
    wrong.write_text("not the token, but as long as one")
    worker = WorkerProcess(api, tmp_path / "w", token_file=wrong)
    assert worker.wait() == 1
    assert "the API turned this worker away: 401" in worker.log
