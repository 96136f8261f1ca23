"""Warnings before a divergence: seen while the run is still in the healthy range.

A warning says that something violates the decrease locally. It neither stops a run nor sends it
back: that is for the detector alone (`planner.measurements.stability`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planner.measurements.stability import WARM_UP_STEPS
from planner.pilots.meters import UNSTABLE_RATIO
from planner.schedules.schedule import Stage

WarningSign = Literal["loss_average", "curvature"]
"""With a tone a message key below ``early_warning.``."""

WarningTone = Literal["caution", "bad"]

NEAR_RATIO: dict[WarningSign, float] = {"loss_average": 0.5, "curvature": 0.9}
"""How near to its limit, which is 1, each sign warns. The curvature's is from 340 runs, in which
what went well read 0.1 to 0.3; half the way to the detector's limit is ours."""

WATCH_COLUMNS = ("average", "best", "limit")
"""Columns of the ``watch`` series: the running average of the batch loss, the lowest one so far,
and the highest that the detector lets pass."""

Column = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """One sign that a run may leave the healthy range.

    Attributes:
        sign: What was read.
        step: Steps done at the newest reading.
        since_step: Steps done at the first of the readings in a row that warn.
        limit_ratio: The newest reading; 1 is the limit. Of the loss average, its way up from the
            best one over the way to the detector's limit; of the curvature, R for the stage that
            begins at this step.
        stage: Of the curvature, the stage that begins there, from 1; None of the loss average.
        tone: ``bad`` beyond what the sign lets pass, else ``caution``.
    """

    sign: WarningSign
    step: int
    since_step: int
    limit_ratio: float
    stage: int | None
    tone: WarningTone


def loss_warning(
    steps: Sequence[int], *, averages: Column, bests: Column, limits: Column
) -> EarlyWarning | None:
    """Whether the newest loss average is near the detector's limit.

    Args:
        steps: Steps done at each look at the average, rising.
        averages: Of the batch loss.
        bests: Lowest average up to there.
        limits: Above it the run has diverged.
    """
    near: list[tuple[int, float]] = []
    for step, average, best, limit in zip(steps, averages, bests, limits, strict=True):
        ratio = _limit_ratio(average, best, limit)
        if ratio is None or step <= WARM_UP_STEPS or ratio < NEAR_RATIO["loss_average"]:
            near = []
        else:
            near.append((step, ratio))
    if not near:
        return None
    step, ratio = near[-1]
    return EarlyWarning(
        sign="loss_average",
        step=step,
        since_step=near[0][0],
        limit_ratio=ratio,
        stage=None,
        tone="bad" if ratio > 1 else "caution",
    )


def curvature_warning(
    steps: Sequence[int], ratios: Column, *, stages: Sequence[Stage]
) -> EarlyWarning | None:
    """Whether the present stage began near the largest rate that the curvature bears.

    None, too, where nothing was read at its start: what a later reading says is about steps that
    are already made.

    Args:
        steps: Steps done at each reading, rising.
        ratios: R for the step that follows each reading.
        stages: That the run executes.
    """
    begun = [place for place, stage in enumerate(stages) if steps and stage.first_step <= steps[-1]]
    if not begun:
        return None
    place = begun[-1]
    start = stages[place].first_step
    ratio = next((ratio for step, ratio in zip(steps, ratios, strict=True) if step == start), None)
    if ratio is None or ratio <= NEAR_RATIO["curvature"]:
        return None
    return EarlyWarning(
        sign="curvature",
        step=start,
        since_step=start,
        limit_ratio=ratio,
        stage=place + 1,
        tone="bad" if ratio > UNSTABLE_RATIO else "caution",
    )


def _limit_ratio(average: float | None, best: float | None, limit: float | None) -> float | None:
    """How much of the way from the best average to the limit is gone; None where one is missing."""
    if average is None or best is None or limit is None:
        return None
    return (average - best) / (limit - best) if limit > best else None
