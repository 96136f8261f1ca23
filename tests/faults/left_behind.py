"""What a pilot leaves behind, in forms by which two of them can be compared."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from backend.wire.codec import decode
from planner.exchange.states import RunState, Series
from planner.measurements.measurement import RunRecord
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.contract.programs import ApiProcess, wait_until
from worker.training.checkpoint import TENSORS

GROUPS = ("train", "evaluation")
"""Series that are the same however often a run is interrupted: meters say how long it took."""

RunKey = tuple[str, int]
"""Schedule and seed."""


@dataclass(frozen=True)
class LeftBehind:
    """A pilot's end.

    Attributes:
        weights: Hash of weights, momentum and generators after the last step.
        series: Hash of the live values of a group, by run and group.
        watch: What the watch over the loss said, by step; which steps it spoke at, time decides.
        superseded: Points of training that a later attempt made again: (attempt, step).
        missing: Steps of runs that no live point stands for.
        doubled: Steps that two live points stand for, or that a later attempt made before an
            earlier one.
    """

    review: Review
    records: dict[RunKey, RunRecord]
    weights: dict[RunKey, str]
    series: dict[tuple[RunKey, str], str]
    watch: dict[RunKey, dict[int, tuple[float | None, ...]]]
    superseded: dict[RunKey, set[tuple[int, int]]]
    missing: int
    doubled: int


def left_behind(api: ApiProcess, pilot_id: str, store: Path) -> LeftBehind:
    """Reads everything that a pilot left in the API and in its workers' store."""
    listed = decode(tuple[RunRecord, ...], api.get(f"/api/pilots/{pilot_id}/records"))
    records = {(str(record.run.schedule), record.run.seed): record for record in listed}
    live = {
        (key, group): whole_series(api, record.run_id, group)
        for key, record in records.items()
        for group in GROUPS
    }
    steps = {key: record.measurements[-1].step for key, record in records.items()}
    return LeftBehind(
        review=decode(Review, api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot_id))),
        records=records,
        weights={
            key: hash_of_weights(store, record.run_id, steps[key])
            for key, record in records.items()
        },
        series={place: hash_of_series(found) for place, found in live.items()},
        watch={
            key: by_step(whole_series(api, record.run_id, "watch"))
            for key, record in records.items()
        },
        superseded={
            key: points_of(whole_series(api, record.run_id, "train", superseded=True))
            for key, record in records.items()
        },
        missing=sum(missing_steps(live[key, "train"], steps[key]) for key in records),
        doubled=sum(doubled_steps(live[key, "train"]) for key in records),
    )


def stopped(api: ApiProcess, run_id: str) -> RunState:
    """Pauses a run where it is, so that all it made is handed over."""
    api.order(run_id, "pause")
    wait_until(lambda: api.run(run_id).status == "paused", what="the pause")
    return api.run(run_id)


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


def points_of(series: Series) -> set[tuple[int, int]]:
    """(attempt, step) of every point."""
    return set(zip(series.attempts, series.steps, strict=True))


def by_step(series: Series) -> dict[int, tuple[float | None, ...]]:
    """Values in the order of their names, by step."""
    columns = [values for _, values in sorted(series.columns.items())]
    return dict(zip(series.steps, zip(*columns, strict=True), strict=True))


def missing_steps(series: Series, steps: int) -> int:
    """Steps up to ``steps`` that have no point."""
    return len(set(range(1, steps + 1)) - set(series.steps))


def doubled_steps(series: Series) -> int:
    """Points too many: of a step that has one, or of an attempt whose turn was over."""
    again = len(series.steps) - len(set(series.steps))
    turns = zip(series.attempts, series.attempts[1:], strict=False)
    return again + sum(later < earlier for earlier, later in turns)


def hash_of_series(series: Series) -> str:
    """The same for the same values of the same steps, whoever made them."""
    written = json.dumps([series.steps, sorted(series.columns.items())])
    return hashlib.sha256(written.encode()).hexdigest()


def hash_of_weights(store: Path, run_id: str, step: int) -> str:
    """Of the one checkpoint that a run has of its last step."""
    (path,) = store.glob(f"{run_id}/a*/step-{step}/{TENSORS}")
    digest = hashlib.sha256()
    for name, tensor in sorted(load_file(path).items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.contiguous().flatten().numpy().tobytes())
    return digest.hexdigest()
