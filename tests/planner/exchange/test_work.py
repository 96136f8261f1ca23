from dataclasses import replace

import pytest

from planner.exchange.work import (
    CheckpointRecord,
    Claim,
    ClaimRequest,
    Device,
    Finish,
    SeriesChunk,
    WorkerRegistration,
    WorkerWelcome,
)
from planner.refusal import Refusal

CHUNK = SeriesChunk(
    seq=0, group="train", steps=(1, 2), columns={"batch_loss": (0.5, None)}, wall_clock_s=0.1
)
FINISH = Finish(outcome="succeeded", step=10, wall_clock_s=1.0, final_metrics={"test_loss": 0.4})


def refused(field: str, code: str, refusal: pytest.ExceptionInfo[Refusal]) -> bool:
    return (refusal.value.field, refusal.value.code) == (field, code)


def test_a_chunk_says_none_where_a_loss_was_not_finite():
    assert CHUNK.columns["batch_loss"][1] is None
    with pytest.raises(Refusal) as refusal:
        replace(CHUNK, columns={"batch_loss": (0.5, float("nan"))})
    assert refused("columns.batch_loss", "not_finite", refusal)


def test_a_column_has_one_value_a_point():
    with pytest.raises(Refusal) as refusal:
        replace(CHUNK, columns={"batch_loss": (0.5,)})
    assert refused("columns.batch_loss", "lengths_differ", refusal)


@pytest.mark.parametrize("steps", [(2, 2), (2, 1)])
def test_the_steps_of_a_chunk_rise(steps: tuple[int, ...]):
    with pytest.raises(Refusal) as refusal:
        replace(CHUNK, steps=steps)
    assert refused("steps", "not_rising", refusal)


def test_a_chunk_without_points_is_refused():
    with pytest.raises(Refusal) as refusal:
        replace(CHUNK, steps=(), columns={"batch_loss": ()})
    assert refused("steps", "points_out_of_range", refusal)


def test_a_final_metric_that_is_not_finite_is_refused():
    with pytest.raises(Refusal) as refusal:
        replace(FINISH, final_metrics={"test_loss": float("inf")})
    assert refused("final_metrics.test_loss", "not_finite", refusal)


@pytest.mark.parametrize("path", ["../a1/step-3", "/r/a1/step-3", "r/a1/step-3/x", "r/a1/step-"])
def test_a_checkpoint_lies_below_its_runs_folder(path: str):
    with pytest.raises(Refusal) as refusal:
        CheckpointRecord(step=3, path=path, sha256="0" * 64, size_bytes=1)
    assert refused("path", "checkpoint_path_wrong", refusal)


def test_a_worker_says_what_it_can_train_and_on_what():
    cpu = Device(kind="cpu", name="Xeon", memory_bytes=2**30)
    with pytest.raises(Refusal) as refusal:
        WorkerRegistration(name="w", device=cpu, workloads=(), store_url="file:///s", versions="")
    assert refused("workloads", "workloads_missing", refusal)
    with pytest.raises(Refusal) as refusal:
        Device(kind="cpu", name=" ", memory_bytes=1)
    assert refused("name", "empty", refusal)


def test_a_lease_outlasts_a_beat():
    with pytest.raises(Refusal) as refusal:
        WorkerWelcome(worker_id="w", worker_token="t", name="n", lease_s=2.0, beat_s=2.0)
    assert refused("beat_s", "beat_not_within_lease", refusal)


def test_a_claim_holds_at_least_one_run():
    with pytest.raises(Refusal) as refusal:
        Claim(token=1, runs=())
    assert refused("runs", "runs_missing", refusal)
    with pytest.raises(Refusal) as refusal:
        ClaimRequest(maximum_runs=0)
    assert refusal.value.field == "maximum_runs"
