"""Divergence of a run, seen on the running average of its batch loss."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from planner.bounds import check_at_least

WARM_UP_STEPS = 60
"""Steps before the average is judged: the first losses say nothing."""

AVERAGE_KEPT = 0.98
"""Share of the average that one more loss leaves."""

GUESSING_SHARE = 0.3
MARGIN = 0.05
"""A run has diverged when its average rises above the best one by this share of the way back to
guessing, and this margin. Set on 340 runs, in which NaN never showed: 0 of 10 collapses had one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LossWatch:
    """What is known of a run's batch losses, and whether the run has diverged.

    Attributes:
        classes: Number of classes; ln(classes) is the loss of a model that guesses.
        steps: Losses seen.
        average: Exponential moving average of them, started at the first.
        best: Lowest average; None before the first loss.
        diverged_at: Steps done when the average left the healthy range; None while it is in.
    """

    classes: int
    steps: int = 0
    average: float = 0.0
    best: float | None = None
    diverged_at: int | None = None

    def __post_init__(self) -> None:
        check_at_least(self.classes, 2, "classes")

    def after(self, losses: Iterable[float]) -> "LossWatch":
        """The watch after more losses; those that follow a divergence are not looked at."""
        if self.diverged_at is not None:
            return self
        steps, average = self.steps, self.average
        best = math.inf if self.best is None else self.best
        limit = self._limit(best)
        diverged = False
        for loss in losses:
            steps += 1
            if not math.isfinite(loss):
                diverged = True
                break
            average = loss if steps == 1 else AVERAGE_KEPT * average + (1 - AVERAGE_KEPT) * loss
            if average < best:
                best, limit = average, self._limit(average)
            elif average > limit and steps > WARM_UP_STEPS:
                diverged = True
                break
        return replace(
            self,
            steps=steps,
            average=average,
            best=best if best < math.inf else None,
            diverged_at=steps if diverged else None,
        )

    def _limit(self, best: float) -> float:
        """Highest healthy average; a run that never did better than guessing has the margin."""
        way_back = max(math.log(self.classes) - best, 0.0)
        return best + GUESSING_SHARE * way_back + MARGIN
