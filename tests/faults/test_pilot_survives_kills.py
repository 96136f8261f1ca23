"""A pilot whose worker is killed three times and whose API is killed once, against one left alone.

Both compose their times with the same throughput curve, so every number of the two must agree.
"""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from backend.codec import decode
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.exchange.states import PilotState, Series
from planner.measurements.measurement import RunRecord
from planner.pilots.pilot import Budget, Pilot, Seeds, Target
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule
from tests.contract.programs import ApiProcess, WorkerProcess, an_api, wait_until
from worker.device import describe_device
from worker.training.checkpoint import TENSORS

KILLS = 3
EPOCHS = 40
NEW_STEPS = 300
STEP_S = 1e-3
"""Composed seconds of a step at any batch: makes the bill a count of executed steps."""


def a_pilot() -> Pilot:
    rate = LearningRate(initial=0.02, decay="cosine")
    growing = BatchSize(initial=8, growth=2, every_epochs=10, maximum=32)
    return Pilot(
        name="Digits",
        workload="digits-mlp",
        target=Target(metric="train_loss", value=0.05, direction="below"),
        budget=Budget(epochs=EPOCHS),
        seeds=Seeds(confirmation=(11, 12, 13)),
        schedules=(
            Schedule(
                name="today",
                role="baseline",
                learning_rate=rate,
                batch_size=BatchSize(initial=8),
            ),
            Schedule(name="growing batch", learning_rate=rate, batch_size=growing),
        ),
    )


def a_curve() -> ThroughputCurve:
    return ThroughputCurve(
        workload="digits-mlp",
        device=describe_device("cpu").name,
        dtype="float32",
        versions="torch",
        points=tuple(
            ThroughputPoint(batch_size=size, step_time_s=STEP_S, spread_fraction=0.0, steps=20)
            for size in (1, 8, 16, 32)
        ),
        evaluation_s=0.0,
    )


@dataclass(frozen=True)
class Outcome:
    """What a pilot left behind, by (schedule, seed) where runs are meant."""

    review: Review
    records: dict[tuple[str, int], RunRecord]
    series: dict[tuple[str, int], dict[str, Series]]
    store: Path
    acknowledged: dict[str, set[tuple[int, int]]]
    superseded: dict[str, set[tuple[int, int]]]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with an_api(folder) as api, ExitStack() as workers:
        store = a_store(folder)
        started(workers, api, folder / "w0", store)
        pilot = api.create(a_pilot(), throughput=a_curve())
        wait_until(lambda: api.pilot(pilot.id).phase == "done", what="the end of the pilot")
        yield outcome(api, pilot, store, {})


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("disturbed")
    acknowledged: dict[str, set[tuple[int, int]]] = {}
    with an_api(folder) as api, ExitStack() as workers:
        store = a_store(folder)
        pilot = api.create(a_pilot(), throughput=a_curve())
        for kill in range(KILLS):
            worker = started(workers, api, folder / f"w{kill}", store)
            wait_for_new_steps(api, pilot)
            if kill == 1:
                api.kill()
                api.start()
                wait_for_new_steps(api, pilot)
            note_acknowledged(api, pilot, acknowledged)
            worker.signal(signal.SIGKILL)
            worker.wait()
        started(workers, api, folder / "last", store)
        wait_until(lambda: api.pilot(pilot.id).phase == "done", what="the end of the pilot")
        yield outcome(api, pilot, store, acknowledged)


def test_the_pilot_ends_although_its_worker_was_killed_three_times_and_the_api_once(
    disturbed: Outcome,
) -> None:
    assert [record.status for record in disturbed.records.values()] == ["succeeded"] * 6
    attempts = [len(record.attempts) for record in disturbed.records.values()]
    assert sum(attempts) == 6 + KILLS


def test_every_point_that_was_acknowledged_before_a_kill_is_still_there(
    disturbed: Outcome,
) -> None:
    assert sum(len(points) for points in disturbed.acknowledged.values()) > 1000
    for run_id, points in disturbed.acknowledged.items():
        (key,) = [k for k, record in disturbed.records.items() if record.run_id == run_id]
        live = disturbed.series[key]["train"]
        kept = set(zip(live.attempts, live.steps, strict=True)) | disturbed.superseded[run_id]
        assert points <= kept


def test_live_series_and_evaluations_equal_those_of_the_pilot_left_alone(
    disturbed: Outcome, undisturbed: Outcome
) -> None:
    assert disturbed.records.keys() == undisturbed.records.keys()
    for key, record in undisturbed.records.items():
        assert disturbed.records[key].measurements == record.measurements
        assert disturbed.records[key].final_metrics == record.final_metrics
        for group, series in undisturbed.series[key].items():
            assert disturbed.series[key][group].steps == series.steps
            assert disturbed.series[key][group].columns == series.columns


def test_the_last_weights_equal_those_of_the_pilot_left_alone(
    disturbed: Outcome, undisturbed: Outcome
) -> None:
    for key, record in undisturbed.records.items():
        steps = record.measurements[-1].step
        ours = last_tensors(disturbed, disturbed.records[key], steps)
        theirs = last_tensors(undisturbed, record, steps)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_the_measured_part_of_the_review_is_the_same_and_repeated_work_is_on_the_bill(
    disturbed: Outcome, undisturbed: Outcome
) -> None:
    for ours, theirs in zip(disturbed.review.schedules, undisturbed.review.schedules, strict=True):
        assert ours.measured == theirs.measured
        assert ours.comparison == theirs.comparison
    executed = sum(
        attempt.to_step - attempt.from_step
        for record in disturbed.records.values()
        for attempt in record.attempts
    )
    planned = sum(record.measurements[-1].step for record in undisturbed.records.values())
    assert executed > planned
    assert disturbed.review.pilot_device_h == pytest.approx(executed * STEP_S / 3600)
    assert undisturbed.review.pilot_device_h == pytest.approx(planned * STEP_S / 3600)


def a_store(folder: Path) -> Path:
    store = folder / "store"
    store.mkdir()
    return store


def started(workers: ExitStack, api: ApiProcess, folder: Path, store: Path) -> WorkerProcess:
    worker = WorkerProcess(api, folder, store=store)
    workers.callback(worker.close)
    return worker


def wait_for_new_steps(api: ApiProcess, pilot: PilotState) -> None:
    """Waits until a running run is well past what it had reached, so that a kill loses steps."""
    before = {run.id: run.step for run in api.runs(pilot.id)}
    wait_until(
        lambda: any(
            run.status == "running" and run.step > before[run.id] + NEW_STEPS
            for run in api.runs(pilot.id)
        ),
        what="a run under way",
    )


def note_acknowledged(
    api: ApiProcess, pilot: PilotState, acknowledged: dict[str, set[tuple[int, int]]]
) -> None:
    for run in api.runs(pilot.id):
        for superseded in (False, True):
            series = whole_series(api, run.id, "train", superseded=superseded)
            points = zip(series.attempts, series.steps, strict=True)
            acknowledged.setdefault(run.id, set()).update(points)


def outcome(
    api: ApiProcess, pilot: PilotState, store: Path, acknowledged: dict[str, set[tuple[int, int]]]
) -> Outcome:
    listed = decode(tuple[RunRecord, ...], api.get(f"/api/pilots/{pilot.id}/records"))
    records = {(str(r.run.schedule), r.run.seed): r for r in listed}
    superseded = {r.run_id: whole_series(api, r.run_id, "train", superseded=True) for r in listed}
    return Outcome(
        review=decode(Review, api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot.id))),
        records=records,
        series={
            key: {
                group: whole_series(api, record.run_id, group) for group in ("train", "evaluation")
            }
            for key, record in records.items()
        },
        store=store,
        acknowledged=acknowledged,
        superseded={
            run_id: set(zip(found.attempts, found.steps, strict=True))
            for run_id, found in superseded.items()
        },
    )


def whole_series(api: ApiProcess, run_id: str, group: str, *, superseded: bool = False) -> Series:
    """Every point of a group of series, page by page."""
    steps: list[int] = []
    attempts: list[int] = []
    columns: dict[str, list[Any]] = {}
    while True:
        after = steps[-1] if steps else -1
        query = {"group": group, "after_step": after, "points": 1000, "superseded": superseded}
        page = decode(Series, api.get(f"/api/runs/{run_id}/series", **query))
        if not page.steps:
            break
        steps += page.steps
        attempts += page.attempts
        for name, values in page.columns.items():
            columns.setdefault(name, []).extend(values)
    return Series(
        group=group,  # type: ignore[arg-type]
        steps=tuple(steps),
        columns={name: tuple(values) for name, values in columns.items()},
        attempts=tuple(attempts),
        total_points=len(steps),
    )


def last_tensors(left: Outcome, record: RunRecord, steps: int) -> dict[str, torch.Tensor]:
    """Weights, momentum and generators at the end of a run."""
    (path,) = left.store.glob(f"{record.run_id}/a*/step-{steps}/{TENSORS}")
    return load_file(path)
