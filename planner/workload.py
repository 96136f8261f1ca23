"""What is known of a workload without opening its data: enough to plan with."""

from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least, check_name
from planner.refusal import require

Direction = Literal["below", "above"]

TARGET_METRICS: dict[str, Direction] = {
    "train_loss": "below",
    "validation_loss": "below",
    "validation_accuracy": "above",
    "full_gradient_norm": "below",
}
"""Metrics that are evaluated during a run, with the direction in which each improves."""

TEST_METRICS = ("test_loss", "test_accuracy")
"""Metrics reported once at the end; they can never be a target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Model, data, loss and metrics under one name.

    Attributes:
        name: As used in pilot files.
        training_samples: Samples in one epoch.
        validation_samples: Samples behind every validation metric.
        test_samples: Samples behind the final test metrics.
        classes: Number of classes; ln(classes) is the loss of a model that guesses.
        metrics: Metrics that it evaluates during a run.
        source: Where the data come from and under which licence.
        data_set: Name for ``paybatch data fetch``; empty where the data come with the installation.
    """

    name: str
    training_samples: int
    validation_samples: int
    test_samples: int
    classes: int
    metrics: tuple[str, ...] = tuple(TARGET_METRICS)
    source: str = ""
    data_set: str = ""

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        for field in ("training_samples", "validation_samples", "test_samples"):
            check_at_least(getattr(self, field), 1, field)
        check_at_least(self.classes, 2, "classes")
        check_at_least(len(self.metrics), 1, "metrics")
        for metric in self.metrics:
            require(metric in TARGET_METRICS, "metrics", "metric_unknown", metric=metric)


BUILT_IN: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        Workload(
            name="digits-mlp",
            training_samples=1078,
            validation_samples=359,
            test_samples=360,
            classes=10,
            source="scikit-learn digits (UCI optical recognition of handwritten digits), CC BY 4.0",
        ),
    )
}
"""The workloads every installation can plan with, by name."""
