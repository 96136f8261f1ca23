"""A pilot in MLflow: one run for the pilot, one nested below it for every run that has ended."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from paybatch.client import Paybatch
from paybatch.trackers.missing import TrackerMissing
from paybatch.trackers.told import ToldPilot, ToldRun, points_of, told

EXPERIMENT = "paybatch"
EXPORTED = "paybatch.exported"
"""Tag that is set last: what of, as a hash. A run without it was interrupted and is made again."""

MOST_METRICS = 1000
"""Metrics that MLflow takes at once."""

ENDINGS = {"succeeded": "FINISHED", "failed": "FAILED", "diverged": "FAILED"}
"""MLflow's word for how a run ended; everything else was stopped."""

Item = TypeVar("Item")


def to_mlflow(
    source: Paybatch, pilot_id: str, tracking_uri: str, *, experiment: str = EXPERIMENT
) -> int:
    """Writes a pilot into MLflow; what is there already, and has not changed, stays as it is.

    Args:
        source: The installation.
        pilot_id: Which pilot.
        tracking_uri: Of MLflow, such as ``sqlite:///mlflow.db`` or ``http://127.0.0.1:5000``.
        experiment: Its experiment, made where there is none.

    Returns:
        Runs that were written, the pilot's own left out.

    Raises:
        TrackerMissing: MLflow is not installed here.
    """
    store = _Store(_mlflow(), tracking_uri, experiment)
    pilot = told(source, pilot_id)
    parent_id = store.parent(pilot)
    written = [run for run in pilot.runs if store.write(source, run, parent_id)]
    return len(written)


def _mlflow() -> Any:  # noqa: ANN401  # the module, which nobody here knows the types of
    try:
        import mlflow  # optional
    except ImportError as error:
        raise TrackerMissing("mlflow", "mlflow>=3.5") from error
    return mlflow


class _Store:
    """One experiment of one MLflow."""

    def __init__(self, mlflow: Any, tracking_uri: str, experiment: str) -> None:  # noqa: ANN401
        self._entities = mlflow.entities
        self._client = mlflow.MlflowClient(tracking_uri=tracking_uri)
        found = self._client.get_experiment_by_name(experiment)
        self._experiment_id = (
            self._client.create_experiment(experiment) if found is None else found.experiment_id
        )

    def parent(self, pilot: ToldPilot) -> str:
        """Identifier of the pilot's run, its verdict as it stands now."""
        now = _hash([pilot.tags, pilot.numbers])
        kept = self._found(f"tags.`paybatch.pilot` = '{pilot.pilot_id}'")
        if kept is None:
            tags = {"paybatch.pilot": pilot.pilot_id}
            kept = self._made(pilot.name, pilot.created_s, tags)
        if kept.data.tags.get(EXPORTED) != now:
            run_id = kept.info.run_id
            look = len(self._client.get_metric_history(run_id, "verdict/pilot_device_h"))
            at_ms = int(pilot.created_s * 1000)
            self._client.set_terminated(run_id, "FINISHED")
            self._log(
                run_id,
                [self._metric(name, value, at_ms, look) for name, value in pilot.numbers.items()],
                tags={**pilot.tags, EXPORTED: now},
            )
        return str(kept.info.run_id)

    def write(self, source: Paybatch, run: ToldRun, parent_id: str) -> bool:
        """Whether a run had to be written: it was not there, or not all of it, or has changed."""
        now = _hash([run.params, run.tags, run.numbers])
        kept = self._found(f"tags.`paybatch.run_id` = '{run.run_id}'")
        if kept is not None:
            if kept.data.tags.get(EXPORTED) == now:
                return False
            self._client.delete_run(kept.info.run_id)
        tags = {**run.tags, "mlflow.parentRunId": parent_id}
        run_id = self._made(run.name, run.began_s, tags).info.run_id
        params = [self._entities.Param(name, value) for name, value in run.params.items()]
        self._client.log_batch(run_id, params=params)
        for metrics in _portions(self._metrics(source, run), MOST_METRICS):
            self._log(run_id, metrics)
        ended_ms = int(run.ended_s * 1000)
        self._client.set_terminated(run_id, ENDINGS.get(run.status, "KILLED"), ended_ms)
        self._log(run_id, [], tags={EXPORTED: now})
        return True

    def _metrics(self, source: Paybatch, run: ToldRun) -> Iterator[Any]:
        for points in points_of(source, run):
            for step, value, at_s in zip(points.steps, points.values, points.at_s, strict=True):
                yield self._metric(points.name, float(value), int(at_s * 1000), int(step))
        for name, value in run.numbers.items():
            yield self._metric(name, value, int(run.ended_s * 1000), 0)

    def _metric(self, name: str, value: float, at_ms: int, step: int) -> Any:  # noqa: ANN401
        return self._entities.Metric(name, value, at_ms, step)

    def _found(self, query: str) -> Any:  # noqa: ANN401  # MLflow's own run, or None
        runs = self._client.search_runs([self._experiment_id], query, max_results=1)
        return runs[0] if runs else None

    def _made(self, name: str, began_s: float, tags: dict[str, str]) -> Any:  # noqa: ANN401
        began_ms = int(began_s * 1000)
        return self._client.create_run(self._experiment_id, began_ms, tags, name)

    def _log(
        self, run_id: str, metrics: Sequence[Any], *, tags: dict[str, str] | None = None
    ) -> None:
        listed = [self._entities.RunTag(name, value) for name, value in (tags or {}).items()]
        self._client.log_batch(run_id, metrics=metrics, tags=listed, synchronous=True)


def _hash(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _portions(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while portion := list(islice(items, size)):
        yield portion
