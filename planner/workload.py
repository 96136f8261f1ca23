"""What is known of a workload without opening its data: enough to plan with."""

import math
import re
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from planner.bounds import check_at_least, check_at_most, check_name, check_unique
from planner.refusal import require

Direction = Literal["below", "above"]

TARGET_METRICS: dict[str, Direction] = {
    "train_loss": "below",
    "validation_loss": "below",
    "validation_accuracy": "above",
    "full_gradient_norm": "below",
}
"""Metrics that are evaluated during a run, with the direction in which each improves."""

MOST_METRICS = 50
MOST_SAMPLES = 2**40
LONGEST_TEXT = 500

_OWN_METRIC = re.compile(r"validation_[A-Za-z0-9_]{1,60}")
"""A metric of a workload's own, measured on its validation split."""

_STATED_OF_RUNS = attrgetter(
    "training_samples",
    "validation_samples",
    "test_samples",
    "classes",
    "metrics",
    "directions",
)
"""What runs of one pilot must have in common."""

TEST_METRICS = ("test_loss", "test_accuracy")
"""Metrics reported once at the end; they can never be a target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Model, data, loss and metrics under one name.

    Attributes:
        name: As used in pilot files.
        version: Of the plug-in that brings it; empty for a built-in one.
        training_samples: Samples in one epoch.
        validation_samples: Samples behind every validation metric.
        test_samples: Samples behind the final test metrics.
        classes: Number of classes; None where its labels are no classes.
        guessing_loss: Mean loss of a model that guesses; None: ln(classes), where it has any.
        metrics: Metrics that it evaluates during a run.
        directions: Side on which each metric of its own improves; the known ones have one.
        source: Where the data come from and under which licence.
        data_set: Name for ``paybatch data fetch``; empty where the data come with the installation.
    """

    name: str
    version: str = ""
    training_samples: int
    validation_samples: int
    test_samples: int
    classes: int | None = None
    guessing_loss: float | None = None
    metrics: tuple[str, ...] = tuple(TARGET_METRICS)
    directions: dict[str, Direction] = field(default_factory=dict)
    source: str = ""
    data_set: str = ""

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        for size in ("training_samples", "validation_samples", "test_samples"):
            check_at_least(getattr(self, size), 1, size)
            check_at_most(getattr(self, size), MOST_SAMPLES, size)
        if self.classes is not None:
            check_at_least(self.classes, 2, "classes")
        if self.guessing_loss is not None:
            require(math.isfinite(self.guessing_loss), "guessing_loss", "not_finite")
        for text in ("version", "source", "data_set"):
            short = len(getattr(self, text)) <= LONGEST_TEXT
            require(short, text, "too_long", most=LONGEST_TEXT)
        self._check_metrics()

    @property
    def loss_of_guessing(self) -> float | None:
        """Mean loss of a model that guesses; None where nothing is known of it."""
        if self.guessing_loss is not None or self.classes is None:
            return self.guessing_loss
        return math.log(self.classes)

    def improves(self, metric: str) -> Direction | None:
        """Side on which a metric improves; None for one that it does not evaluate."""
        if metric not in self.metrics:
            return None
        return TARGET_METRICS.get(metric) or self.directions[metric]

    def serves_as(self, other: "Workload") -> bool:
        """Whether a pilot of ``other`` may go on with this: as many samples, the same metrics."""
        return _STATED_OF_RUNS(self) == _STATED_OF_RUNS(other)

    def _check_metrics(self) -> None:
        check_at_least(len(self.metrics), 1, "metrics")
        check_at_most(len(self.metrics), MOST_METRICS, "metrics")
        check_unique(self.metrics, "metrics[{}]", "metric_repeated")
        for place, metric in enumerate(self.metrics):
            known = metric in TARGET_METRICS or _OWN_METRIC.fullmatch(metric) is not None
            require(known, f"metrics[{place}]", "metric_unknown", metric=metric)
            stated = metric in TARGET_METRICS or metric in self.directions
            require(stated, "directions", "direction_missing", metric=metric)
        for metric, direction in self.directions.items():
            require(metric in self.metrics, "directions", "metric_unknown", metric=metric)
            expected = TARGET_METRICS.get(metric, direction)
            same = direction == expected
            require(same, "directions", "wrong_direction", metric=metric, expected=expected)


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
