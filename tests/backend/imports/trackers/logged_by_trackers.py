"""One training as real trackers log it; run by the Python of `.venv-trackers`, outside our own.

    python logged_by_trackers.py mlflow_files|mlflow_database|tensorboard|wandb FOLDER

Prints what was logged as JSON, so that the test compares with the very numbers.
"""

import json
import math
import os
import sys
from pathlib import Path

STEPS = list(range(0, 60, 3))
CONFIG = {"learning_rate": 0.1, "batch_size": 32, "momentum": 0.9, "seed": 11}


def loss(step: int) -> float:
    return math.nan if step == 57 else 1 / (step + 1) + 1e-3 * math.sin(step)


def rate(step: int) -> float:
    return 0.1 * (1 + math.cos(math.pi * step / 60)) / 2


LOGGED = {"loss": [loss(step) for step in STEPS], "lr": [rate(step) for step in STEPS]}


def by_mlflow(uri: str) -> None:
    import mlflow

    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("cifar")
    with mlflow.start_run(run_name="growing batch 11"):
        mlflow.log_params(CONFIG)
        mlflow.set_tag("schedule", "growing batch")
        for step in STEPS:
            mlflow.log_metrics({"loss": loss(step), "lr": rate(step)}, step=step)


def by_tensorboard(folder: Path) -> None:
    """Both encodings: a plain scalar as the oldest writers, a tensor as TensorFlow 2's."""
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.scalar.summary import scalar_pb
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(folder / "growing batch 11"))
    for place, step in enumerate(STEPS):
        plain = Summary(value=[Summary.Value(tag="loss", simple_value=loss(step))])
        at = 1_790_000_000 + 2.5 * place
        writer.add_event(Event(wall_time=at, step=step, summary=plain))
        writer.add_event(Event(wall_time=at, step=step, summary=scalar_pb("lr", rate(step))))
    writer.close()


def by_wandb(folder: Path) -> None:
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=str(folder))
    import wandb

    run = wandb.init(project="cifar", name="growing batch 11", group="growing batch", config=CONFIG)
    for step in STEPS:
        run.log({"loss": loss(step), "lr": rate(step)}, step=step)
    run.finish()


def main(kind: str, folder: Path) -> None:
    if kind == "mlflow_files":
        os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
        by_mlflow((folder / "mlruns").as_uri())
    elif kind == "mlflow_database":
        by_mlflow(f"sqlite:///{folder / 'mlflow.db'}")
    elif kind == "tensorboard":
        by_tensorboard(folder)
    else:
        by_wandb(folder)
    sys.stdout.write(json.dumps({"steps": STEPS, **LOGGED}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
