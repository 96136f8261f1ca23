"""The metric that ends the race, and the one that must not suffer for it."""

import math
from dataclasses import dataclass

from planner.bounds import check_at_least, check_name, check_not_negative
from planner.inference.quality import Direction
from planner.pilots.workload import TARGET_METRICS, TEST_METRICS
from planner.refusal import require


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The metric value that ends the race.

    Attributes:
        metric: Evaluated during every run; never a test metric.
        value: To be reached.
        direction: Side of ``value`` on which the metric must be.
        sustained_evaluations: Evaluations in a row that must hold; the first one counts.
    """

    metric: str
    value: float
    direction: Direction
    sustained_evaluations: int = 2

    def __post_init__(self) -> None:
        _check_metric(self.metric, on_test_data="target_on_test_data")
        require(math.isfinite(self.value), "value", "not_finite")
        if self.metric in TARGET_METRICS:
            require(self.value > 0, "value", "not_positive")
        if self.metric == "validation_accuracy":
            require(self.value <= 1, "value", "accuracy_above_one")
        _check_direction(self.metric, self.direction)
        check_at_least(self.sustained_evaluations, 1, "sustained_evaluations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The metric that a candidate must not worsen by more than ``tolerance`` at the end.

    Attributes:
        metric: Evaluated during every run. A low gradient norm is not quality: refused.
        tolerance: Largest acceptable worsening, in the metric's own unit.
        direction: Side on which the metric improves; None where the metric's own is known.
    """

    metric: str
    tolerance: float
    direction: Direction | None = None

    def __post_init__(self) -> None:
        _check_metric(self.metric, on_test_data="quality_on_test_data")
        require(self.metric != "full_gradient_norm", "metric", "gradient_norm_is_not_quality")
        check_not_negative(self.tolerance, "tolerance")
        if self.direction is None:
            known = self.metric in TARGET_METRICS
            require(known, "direction", "direction_missing", metric=self.metric)
        else:
            _check_direction(self.metric, self.direction)

    @property
    def improves(self) -> Direction:
        """Side on which the metric improves, whether stated or known."""
        return self.direction or TARGET_METRICS[self.metric]


def _check_metric(metric: str, *, on_test_data: str) -> None:
    check_name(metric, "metric")
    require(metric not in TEST_METRICS, "metric", on_test_data, metric=metric)


def _check_direction(metric: str, direction: Direction) -> None:
    """A metric of a plug-in may improve either way; the known ones have one direction."""
    expected = TARGET_METRICS.get(metric, direction)
    require(direction == expected, "direction", "wrong_direction", metric=metric, expected=expected)
