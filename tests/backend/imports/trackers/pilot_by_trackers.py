"""A pilot of two schedules on two seeds as real trackers log it; run by `.venv-trackers`' Python.

    python pilot_by_trackers.py mlflow_files|mlflow_database|tensorboard|wandb FOLDER

Prints every run as it was logged: name, schedule, seed, steps, losses and seconds of training.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

RATE = 0.1
STARTED_MS = 1_500_000_000_000
"""When every run began, in milliseconds since 1970: years before any test of it."""

BATCH_SIZES = {"today": 100, "growing": 200}
SECONDS_A_STEP = {"today": 1.25, "growing": 0.875}
STEPS = [0, 10, 20, 30, 40, 50]
LOSSES = [2.0, 1.3, 0.9, 0.62, 0.41, 0.33]


@dataclass(frozen=True)
class Told:
    """One run as its tracker is told of it."""

    name: str
    schedule: str
    seed: int
    steps: list[int]
    losses: list[float]
    elapsed_s: list[float]

    def rows(self) -> Iterator[tuple[int, float, float]]:
        return zip(self.steps, self.losses, self.elapsed_s, strict=True)

    @property
    def config(self) -> dict[str, float]:
        """What is told once; the rate is the first one, and is logged step by step beside it."""
        return {
            "learning_rate": RATE,
            "batch_size": BATCH_SIZES[self.schedule],
            "seed": self.seed,
        }


PILOT = [
    Told(
        name=f"{schedule} {seed}",
        schedule=schedule,
        seed=seed,
        steps=STEPS,
        losses=[loss * (1 + 0.03 * seed) for loss in LOSSES],
        elapsed_s=[0.25 * seed + step * per_step for step in STEPS],
    )
    for schedule, per_step in SECONDS_A_STEP.items()
    for seed in (1, 2)
]


def by_mlflow(uri: str) -> None:
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param

    client = MlflowClient(tracking_uri=uri)
    experiment = client.create_experiment("pilot")
    for told in PILOT:
        run_id = client.create_run(
            experiment,
            start_time=STARTED_MS,
            tags={"schedule": told.schedule},
            run_name=told.name,
        ).info.run_id
        client.log_batch(
            run_id, params=[Param(name, str(value)) for name, value in told.config.items()]
        )
        for step, loss, seconds in told.rows():
            at_ms = STARTED_MS + round(1000 * seconds)
            logged = {"val/loss": loss, "lr": RATE}
            client.log_batch(
                run_id, metrics=[Metric(name, value, at_ms, step) for name, value in logged.items()]
            )
        client.set_terminated(run_id)


def by_tensorboard(folder: Path) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    for told in PILOT:
        writer = EventFileWriter(str(folder / told.name))
        for step, loss, seconds in told.rows():
            logged = {"val/loss": loss, "lr": RATE, "batch_size": BATCH_SIZES[told.schedule]}
            for tag, value in logged.items():
                scalar = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
                at = STARTED_MS / 1000 + seconds
                writer.add_event(Event(wall_time=at, step=step, summary=scalar))
        writer.close()


def by_wandb(folder: Path) -> None:
    """With the training's own clock as a metric: its tracker's is that of this test."""
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", WANDB_DIR=str(folder))
    import wandb

    for told in PILOT:
        run = wandb.init(project="pilot", name=told.name, group=told.schedule, config=told.config)
        for step, loss, seconds in told.rows():
            run.log({"val/loss": loss, "lr": RATE, "trained_s": seconds}, step=step)
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
    sys.stdout.write(json.dumps([asdict(told) for told in PILOT]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
