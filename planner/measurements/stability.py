"""Divergence of a run, seen on the running average of its batch loss."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.refusal import require

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
        guessing_loss: Mean loss of a model that guesses, such as ln(classes). Where nobody knows
            it, the loss of the untrained model, which is the run's first, takes its place.
        steps: Losses seen.
        average: Exponential moving average of them, started at the first.
        best: Lowest average; None before the first loss.
        diverged_at: Steps done when the average left the healthy range; None while it is in.
    """

    guessing_loss: float | None
    steps: int = 0
    average: float = 0.0
    best: float | None = None
    diverged_at: int | None = None

    def __post_init__(self) -> None:
        if self.guessing_loss is not None:
            require(math.isfinite(self.guessing_loss), "guessing_loss", "not_finite")

    @property
    def limit(self) -> float | None:
        """Average above which the run has diverged; None before the first loss."""
        return None if self.best is None else highest_healthy(self.best, self.guessing_loss)

    def after(self, losses: Iterable[float]) -> "LossWatch":
        """The watch after more losses; those that follow a divergence are not looked at."""
        if self.diverged_at is not None:
            return self
        losses = list(losses)
        guessing = self._guessing(losses)
        steps, average = self.steps, self.average
        best = math.inf if self.best is None else self.best
        limit = highest_healthy(best, guessing)
        diverged = False
        for loss in losses:
            steps += 1
            if not math.isfinite(loss):
                diverged = True
                break
            average = loss if steps == 1 else AVERAGE_KEPT * average + (1 - AVERAGE_KEPT) * loss
            if average < best:
                best, limit = average, highest_healthy(average, guessing)
            elif average > limit and steps > WARM_UP_STEPS:
                diverged = True
                break
        return replace(
            self,
            guessing_loss=guessing,
            steps=steps,
            average=average,
            best=best if best < math.inf else None,
            diverged_at=steps if diverged else None,
        )

    def _guessing(self, losses: Sequence[float]) -> float | None:
        if self.guessing_loss is None and losses and math.isfinite(losses[0]):
            return losses[0]
        return self.guessing_loss


def highest_healthy(best: float, guessing: float | None) -> float:
    """Highest average that is not a divergence; without a way back to guessing, the margin.

    Args:
        best: Lowest average so far.
        guessing: Mean loss of a model that guesses; None where nobody knows it.
    """
    way_back = 0.0 if guessing is None else max(guessing - best, 0.0)
    return best + GUESSING_SHARE * way_back + MARGIN
