"""Published cases, worked out, that anyone can open."""

import csv
from functools import cache
from importlib.resources import files

from planner.projections.worked_case import PublishedTraining, WorkedCase, worked_case

IMAGENET_SAMPLES = 1_281_167
"""Training images of ILSVRC 2012, one epoch of MLPerf's ResNet-50."""

MINUTES_PER_HOUR = 60


@cache
def worked_cases() -> tuple[WorkedCase, ...]:
    """Every case."""
    return (_mlperf(),)


def _mlperf() -> WorkedCase:
    """ResNet-50 on H100: the same quality on 8 to 3,584 devices."""
    text = files("backend").joinpath("data/mlperf_h100_resnet50.csv").read_text(encoding="utf-8")
    return worked_case(
        "mlperf",
        [_training(row) for row in csv.DictReader(text.splitlines())],
        workload="ResNet-50",
        device="H100 SXM",
        training_samples=IMAGENET_SAMPLES,
        fitted_device_counts=(8, 64),
    )


def _training(row: dict[str, str]) -> PublishedTraining:
    return PublishedTraining(
        device_count=int(row["gpus"]),
        batch_size=int(row["global_batch"]),
        epochs=int(row["epochs"]),
        training_h=float(row["minutes_to_target"]) / MINUTES_PER_HOUR,
        source=row["source"],
    )
