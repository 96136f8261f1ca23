"""Run in the environment of the trackers: exports a pilot, or reads an export with its own reader.

It prints JSON; nothing of the backend is imported here.
"""

import json
import sys
from pathlib import Path
from typing import Any

from paybatch import Paybatch
from paybatch.trackers import to_mlflow, to_tensorboard


def mlflow_runs(tracking_uri: str) -> list[dict[str, Any]]:
    """Every run of the experiment, with the whole history of its metrics."""
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=tracking_uri)
    experiment = client.get_experiment_by_name("paybatch")
    return [
        {
            "id": run.info.run_id,
            "name": run.info.run_name,
            "status": run.info.status,
            "began_ms": run.info.start_time,
            "ended_ms": run.info.end_time,
            "tags": run.data.tags,
            "params": run.data.params,
            "metrics": {
                name: [
                    (point.step, point.value, point.timestamp)
                    for point in client.get_metric_history(run.info.run_id, name)
                ]
                for name in run.data.metrics
            },
        }
        for run in client.search_runs([experiment.experiment_id])
    ]


def tensorboard_runs(folder: str) -> dict[str, dict[str, Any]]:
    """Every folder's scalars, as TensorBoard's own reader has them."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = {}
    for path in sorted(Path(folder).rglob("events.*")):
        events = EventAccumulator(str(path), size_guidance={"scalars": 0, "tensors": 0}).Reload()
        found[path.parent.name] = {
            name: [(one.step, one.value, one.wall_time) for one in events.Scalars(name)]
            for name in events.Tags()["scalars"]
        } | {"texts": list(events.Tags()["tensors"])}
    return found


def main() -> None:
    what, target, *source = sys.argv[1:]
    if what == "read-mlflow":
        answer: object = mlflow_runs(target)
    elif what == "read-tensorboard":
        answer = tensorboard_runs(target)
    else:
        url, token, pilot_id = source
        with Paybatch(url, token=token) as client:
            write = to_mlflow if what == "mlflow" else to_tensorboard
            answer = write(client, pilot_id, target)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
