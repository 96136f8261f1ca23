"""What a run recorded: one Measurement per evaluation."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from planner.bounds import check_at_least, check_name, check_not_negative
from planner.measurements.gradient_noise import NoiseReading
from planner.pilots.run import Attempt, Run, RunStatus
from planner.refusal import require


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One evaluation inside a run.

    Attributes:
        step: Steps done before it.
        metrics: Values by metric name; a value that was not finite is absent.
        elapsed_s: Seconds of training up to it, as they were logged elsewhere; None where the
            time of a run is composed from its steps.
    """

    step: int
    metrics: dict[str, float]
    elapsed_s: float | None = None

    def __post_init__(self) -> None:
        check_at_least(self.step, 0, "step")
        check_metrics(self.metrics, "metrics")
        if self.elapsed_s is not None:
            check_not_negative(self.elapsed_s, "elapsed_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run with everything the review needs of it.

    Attributes:
        run_id: Identifier in the database or the file it came from.
        run: What was run.
        status: Where its life cycle stands.
        attempts: Every execution, in order; work repeated by a later one stays on the bill.
        measurements: Live evaluations, by rising step; superseded ones are left out.
        final_metrics: Test metrics, reported once at the end.
        noise: Mean of its live readings of the gradient's noise; None where none was made.
    """

    run_id: str
    run: Run
    status: RunStatus
    attempts: tuple[Attempt, ...]
    measurements: tuple[Measurement, ...]
    final_metrics: dict[str, float]
    noise: NoiseReading | None = None

    @property
    def is_logged(self) -> bool:
        """Whether every evaluation carries the seconds that were logged elsewhere."""
        return all(one.elapsed_s is not None for one in self.measurements)

    def __post_init__(self) -> None:
        check_name(self.run_id, "run_id")
        for place, (before, after) in enumerate(pairwise(self.measurements), start=1):
            require(after.step > before.step, f"measurements[{place}].step", "not_rising")
        timed = [
            (place, one.elapsed_s)
            for place, one in enumerate(self.measurements)
            if one.elapsed_s is not None
        ]
        for (_, before_s), (place, after_s) in pairwise(timed):
            require(after_s >= before_s, f"measurements[{place}].elapsed_s", "not_rising")
        for place, (earlier, later) in enumerate(pairwise(self.attempts), start=1):
            require(later.number > earlier.number, f"attempts[{place}].number", "not_rising")
        check_metrics(self.final_metrics, "final_metrics")


_check_known_name = lru_cache(maxsize=1024)(check_name)
"""A run says the same few names again and again; one that is refused is not kept."""


def check_metrics(metrics: Mapping[str, float], field: str) -> None:
    """Refuses a metric without name, and a value that is not finite: it is left out instead."""
    for name, value in metrics.items():
        _check_known_name(name, field)
        require(math.isfinite(value), f"{field}.{name}", "not_finite")
