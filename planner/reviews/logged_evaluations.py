"""How many evaluations logged rows are of."""

from collections.abc import Sequence

from planner.measurements.measurement import Measurement
from planner.pilots.pilot import Pilot

TRAINED_METRIC = "train_loss"
"""What every step of a training says of itself."""


def logged_evaluations(measurements: Sequence[Measurement], pilot: Pilot) -> int:
    """Evaluations that some logged rows are of: those of the metric that they say most often.

    One evaluation may have logged its metrics a step apart, a row each. The training loss costs no
    evaluation where another metric is evaluated: training knows it anyway.
    """
    metrics = {pilot.target.metric} | ({pilot.quality.metric} if pilot.quality else set())
    evaluated = metrics - {TRAINED_METRIC} or metrics
    said = (sum(metric in one.metrics for one in measurements) for metric in evaluated)
    return max(said)
