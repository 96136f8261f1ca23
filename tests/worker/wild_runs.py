"""Real trainings that leave the healthy range, and what they reported.

Two epochs of 68 steps at batch 16, then four of 34 at 32: 272 steps, stages at 0 and 136. The rate
grows at steps 136 and 204 to far too large a value, so that runs leave the healthy range.
"""

from collections.abc import Sequence

import torch

from planner.exchange.work import AttemptStart, ClaimedRun, Finish
from planner.pilots.divergence import Divergence, DivergencePolicy, FallBack, Rollback, RolledBack
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateGrowth
from planner.schedules.schedule import Schedule
from tests.worker.builders import (
    a_claimed_run,
    points,
)
from worker.job import LocalCheckpoint
from worker.spool import Report
from worker.training import checkpoint

STAGE, STEPS, EPOCHS = 136, 272, 6
CLEARLY_TOO_LARGE, HOPELESS = 1.2, 3.0

TODAY = Schedule(
    name="today",
    role="baseline",
    learning_rate=LearningRate(initial=0.05),
    batch_size=BatchSize(initial=24),
)
STEPS_FALLEN = STAGE + 4 * 45  # 1,078 / 24 = 44.9


def a_wild_run(
    policy: DivergencePolicy, *, largest: float = CLEARLY_TOO_LARGE, fall_back: Schedule = TODAY
) -> ClaimedRun:
    schedule = Schedule(
        name="wild",
        learning_rate=LearningRate(
            initial=0.05, growth=RateGrowth(maximum=largest, every_epochs=2)
        ),
        batch_size=BatchSize(initial=16, growth=2, every_epochs=2, maximum=32),
    )
    return a_claimed_run(
        schedule=schedule,
        epochs=EPOCHS,
        divergence=Divergence(policy=policy),
        fall_back=FallBack(schedule=fall_back, rate_multiplier=1.0),
    )


def by_attempt(reports: Sequence[Report]) -> list[list[Report]]:
    """What was said of each attempt; the rollback is the last word of one."""
    parts: list[list[Report]] = [[]]
    for report in reports:
        parts[-1].append(report)
        if isinstance(report, RolledBack):
            parts.append([])
    return parts


def rollbacks_in(reports: Sequence[Report]) -> list[Rollback]:
    return [report.rollback for report in reports if isinstance(report, RolledBack)]


def finish_of(reports: Sequence[Report]) -> Finish:
    (finish,) = [report for report in reports if isinstance(report, Finish)]
    return finish


def tensors_of(saved: LocalCheckpoint) -> dict[str, torch.Tensor]:
    tensors, _ = checkpoint.load(saved.folder, sha256=saved.sha256, size_bytes=saved.size_bytes)
    return tensors


def live_points(parts: Sequence[list[Report]], group: str) -> dict[int, dict[str, float | None]]:
    """What counts of several attempts: each supersedes what follows the step it starts from."""
    live: dict[int, dict[str, float | None]] = {}
    from_step = 0
    for part in parts:
        if isinstance(part[0], AttemptStart):
            from_step = part[0].from_step
        live = {step: point for step, point in live.items() if step <= from_step}
        live |= points(part, group)
        if isinstance(part[-1], RolledBack):
            from_step = part[-1].rollback.to_step
    return live
