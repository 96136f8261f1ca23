"""Trackers that write the same numbers a step as the worker does, all on this computer's disk."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Log = Callable[[dict[str, float], int], None]
"""(values by name, step)"""

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "WANDB_ERROR_REPORTING": "false",
}
"""Environment under which none of them talks to anybody."""


@contextmanager
def trackio_log(folder: Path) -> Iterator[Log]:
    """Trackio: a queue and a thread that writes SQLite."""
    os.environ["TRACKIO_DIR"] = str(folder)
    import trackio

    trackio.init(project="bench", name="run", embed=False, auto_log_gpu=False)
    yield lambda values, step: trackio.log(values, step=step)
    trackio.finish()


@contextmanager
def mlflow_log(folder: Path) -> Iterator[Log]:
    """MLflow: into SQLite, by its own thread (``synchronous=False``)."""
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.set_experiment("bench")
    with mlflow.start_run():
        yield lambda values, step: mlflow.log_metrics(values, step=step, synchronous=False) and None
        mlflow.flush_async_logging()


@contextmanager
def wandb_log(folder: Path) -> Iterator[Log]:
    """Weights & Biases, offline: into a file, by its own process."""
    import wandb

    settings = wandb.Settings(console="off", x_disable_stats=True, x_disable_meta=True)
    with wandb.init(mode="offline", dir=str(folder), project="bench", settings=settings) as run:
        yield lambda values, step: run.log(values, step=step)


TRACKERS = {"trackio": trackio_log, "mlflow": mlflow_log, "wandb": wandb_log}
"""By the name of the package."""
