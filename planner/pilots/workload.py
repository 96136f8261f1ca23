"""What is known of a workload without opening its data: enough to plan with."""

import math
import re
from dataclasses import dataclass, field
from operator import attrgetter

from planner.bounds import check_at_least, check_at_most, check_name, check_unique
from planner.inference.quality import Direction
from planner.refusal import require

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


def _built_in(
    name: str, samples: tuple[int, int, int], *, classes: int = 10, source: str, data_set: str = ""
) -> Workload:
    """Samples of training, validation and test, in this order."""
    training, validation, test = samples
    return Workload(
        name=name,
        training_samples=training,
        validation_samples=validation,
        test_samples=test,
        classes=classes,
        source=source,
        data_set=data_set,
    )


def _fashion(name: str, *, training: int, validation: int) -> Workload:
    return _built_in(
        name,
        (training, validation, 10_000),
        source="Fashion-MNIST (Zalando Research), MIT",
        data_set="fashion-mnist",
    )


def _cifar(name: str, *, classes: int) -> Workload:
    """The paper trains on all 50,000; a fixed tenth of them is kept for validation here."""
    return _built_in(
        name,
        (45_000, 5_000, 10_000),
        classes=classes,
        source=f"CIFAR-{classes} (A. Krizhevsky), published for research",
        data_set=f"cifar-{classes}",
    )


BUILT_IN: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        _built_in(
            "digits-mlp",
            (1078, 359, 360),
            source="scikit-learn digits (UCI optical recognition of handwritten digits), CC BY 4.0",
        ),
        _built_in(
            "mnist1d-mlp",
            (3000, 1000, 1000),
            source="MNIST-1D (Greydanus and Kobak), generated from its published seed, Apache-2.0",
        ),
        _built_in(
            "pydoc-charlm",
            (4400, 600, 600),
            classes=97,
            source="Python's reference text (pydoc_data) in sequences of 64 characters, PSF-2.0",
        ),
        _fashion("fmnist10k-mlp", training=10_000, validation=2000),
        _fashion("fmnist6k-cnn", training=6000, validation=2000),
        _fashion("fashion-mnist-mlp", training=55_000, validation=5000),
        _cifar("cifar10-resnet18", classes=10),
        _cifar("cifar10-resnet18-groupnorm", classes=10),
        _cifar("cifar100-resnet18", classes=100),
        _cifar("cifar100-resnet18-groupnorm", classes=100),
    )
}
"""The workloads every installation can plan with, by name."""
