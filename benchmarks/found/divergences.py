"""Finding 8: what the detector sees of runs that were made to diverge, and of healthy ones.

All of them train to their planned end, or to the first loss that is not finite; the detector
looks at their batch losses afterwards, as it would have on the way.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch import Generator, Tensor

from benchmarks.found.settings import GROWING_RATE, Setting
from benchmarks.found.training import Laboratory, Trained
from planner.measurements.stability import WARM_UP_STEPS, LossWatch
from planner.pilots.divergence import Divergence
from planner.pilots.workload import Workload
from planner.schedules.schedule import Schedule, plan_steps
from worker.workloads.contract import Augmentation, TrainingWorkload

Kind = Literal["rate x2.83 a stage", "NaN in the data", "loss x 1e6", "healthy"]

RATE: Kind = "rate x2.83 a stage"
NAN: Kind = "NaN in the data"
LOSS: Kind = "loss x 1e6"
HEALTHY: Kind = "healthy"

COUNTS: dict[Kind, int] = {RATE: 34, NAN: 33, LOSS: 33, HEALTHY: 100}
FIRST_SEED: dict[Kind, int] = {RATE: 201, NAN: 241, LOSS: 281, HEALTHY: 401}

COLLAPSED_FRACTION = 0.9
"""Of the loss of guessing: a median of recent batch losses above it is a collapse."""

RECENT_STEPS = 20
FACTOR = 1e6
NEVER = 1e30
"""A guessing loss that lets no finite average count as a divergence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One run and what the detector said of it.

    Attributes:
        kind: What was done to it.
        seed: Its seed.
        schedule: Its schedule.
        planned_steps: Steps of the whole run.
        injected_at: Steps done when it was spoilt; None where nothing happened at one moment.
        alarm_at: Steps done when the detector fired; None if it never did.
        collapsed_at: Steps done when the run was lost; None if it never was.
        finite: Whether every loss was finite.
        recovered: Whether the last batch losses are those of a model that learnt.
        validation_accuracy: At the planned end; None where the run did not get there.
    """

    kind: Kind
    seed: int
    schedule: str
    planned_steps: int
    injected_at: int | None
    alarm_at: int | None
    collapsed_at: int | None
    finite: bool
    recovered: bool
    validation_accuracy: float | None

    @property
    def early_steps(self) -> int | None:
        """Steps between alarm and collapse; negative where the alarm came later."""
        if self.alarm_at is None or self.collapsed_at is None:
            return None
        return self.collapsed_at - self.alarm_at


class Sabotaged:
    """A workload that spoils one training step, and whose trainer knows no loss of guessing."""

    def __init__(
        self, workload: TrainingWorkload, *, step: int | None = None, kind: Kind = HEALTHY
    ) -> None:
        self._workload = workload
        self._step = step
        self._kind = kind
        self._steps = 0
        self._spoilt = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the workload has
        return getattr(self._workload, name)

    @property
    def facts(self) -> Workload:
        return replace(self._workload.facts, guessing_loss=NEVER)

    @property
    def augmentation(self) -> Augmentation | None:
        return None if self._step is None else self._spoil

    def loss_sum(self, outputs: Tensor, labels: Tensor) -> Tensor:
        loss = self._workload.loss_sum(outputs, labels)
        if self._spoilt and self._kind == LOSS:
            self._spoilt = False
            return loss * FACTOR
        return loss

    def _spoil(self, inputs: Tensor, _: Generator) -> Tensor:
        """Called for every training batch, and for nothing else."""
        self._steps += 1
        self._spoilt = self._steps == self._step
        if self._spoilt and self._kind == NAN:
            inputs = inputs.clone()
            inputs[0] = math.nan
        return inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack:
    """One run that was made to diverge and could go back, at most twice.

    Attributes:
        seed: Its seed.
        rollbacks: Times that it went back.
        outcome: How it ended.
        validation_accuracy: At the planned end; None where it did not get there.
    """

    seed: int
    rollbacks: int
    outcome: str
    validation_accuracy: float | None


def send_back(
    setting: Setting, laboratory: Laboratory, multipliers: dict[str, float], share: float
) -> list[SentBack]:
    """The runs whose rate grows too fast once more, with the policy that sends them back."""
    schedule = setting.diverging()
    count = max(1, round(share * COUNTS[RATE]))
    sent = []
    for seed in range(FIRST_SEED[RATE], FIRST_SEED[RATE] + count):
        (trained,) = laboratory.train(
            schedule,
            [(multipliers[GROWING_RATE], seed)],
            epochs=setting.epochs,
            purpose="confirmation",
            divergence=Divergence(policy="roll_back"),
        )
        ended = trained.record.status == "succeeded"
        last = trained.record.measurements[-1].metrics
        sent.append(
            SentBack(
                seed=seed,
                rollbacks=trained.rollbacks,
                outcome=trained.record.status,
                validation_accuracy=last.get("validation_accuracy") if ended else None,
            )
        )
    return sent


def watch_runs(
    setting: Setting, laboratory: Laboratory, multipliers: dict[str, float], share: float
) -> list[Watched]:
    """Trains spoilt and healthy runs and lets the detector look at each.

    Args:
        setting: Workload, schedules and rates.
        laboratory: Where they are trained.
        multipliers: Every schedule's own best.
        share: Of the counts above; at least one of a kind for every schedule.
    """
    fewest = len(setting.schedules())
    counts = {kind: max(fewest, round(share * count)) for kind, count in COUNTS.items()}
    watched = list(_rates(setting, laboratory, multipliers, counts[RATE]))
    for kind in (NAN, LOSS):
        watched += _spoilt(setting, laboratory, multipliers, kind, counts[kind])
    return watched + list(_healthy(setting, laboratory, multipliers, counts[HEALTHY]))


def _rates(
    setting: Setting, laboratory: Laboratory, multipliers: dict[str, float], count: int
) -> Iterator[Watched]:
    """From the rate at which growth by sqrt 2 a stage does best."""
    seeds = range(FIRST_SEED[RATE], FIRST_SEED[RATE] + count)
    schedule = setting.diverging()
    runs = [(multipliers[GROWING_RATE], seed) for seed in seeds]
    for trained in _train(setting, laboratory, schedule, runs):
        yield _watched(setting, laboratory, trained, schedule, RATE)


def _healthy(
    setting: Setting, laboratory: Laboratory, multipliers: dict[str, float], count: int
) -> Iterator[Watched]:
    schedules = setting.schedules()
    for place, schedule in enumerate(schedules):
        seeds = range(FIRST_SEED[HEALTHY] + place, FIRST_SEED[HEALTHY] + count, len(schedules))
        runs = [(multipliers[schedule.name], seed) for seed in seeds]
        for trained in _train(setting, laboratory, schedule, runs):
            yield _watched(setting, laboratory, trained, schedule, HEALTHY)


def _spoilt(
    setting: Setting,
    laboratory: Laboratory,
    multipliers: dict[str, float],
    kind: Kind,
    count: int,
) -> Iterator[Watched]:
    """Each at a random step, schedules in turn."""
    chance = np.random.default_rng(FIRST_SEED[kind])
    for place in range(count):
        schedule = setting.schedules()[place % len(setting.schedules())]
        step = int(chance.integers(2, _steps(setting, laboratory, schedule)))
        sabotaged = Sabotaged(laboratory.workload, step=step, kind=kind)
        (trained,) = laboratory.train(
            schedule,
            [(multipliers[schedule.name], FIRST_SEED[kind] + place)],
            epochs=setting.epochs,
            purpose="confirmation",
            workload=sabotaged,
        )
        yield _watched(setting, laboratory, trained, schedule, kind, injected_at=step)


def _train(
    setting: Setting, laboratory: Laboratory, schedule: Schedule, runs: list[tuple[float, int]]
) -> list[Trained]:
    return laboratory.train(
        schedule,
        runs,
        epochs=setting.epochs,
        purpose="confirmation",
        workload=Sabotaged(laboratory.workload),
    )


def _watched(
    setting: Setting,
    laboratory: Laboratory,
    trained: Trained,
    schedule: Schedule,
    kind: Kind,
    injected_at: int | None = None,
) -> Watched:
    guessing = laboratory.workload.facts.loss_of_guessing
    assert guessing is not None
    losses = trained.losses
    finite = bool(np.isfinite(losses).all())
    steps = _steps(setting, laboratory, schedule)
    at_end = trained.record.measurements[-1]
    whole = at_end.step == steps
    return Watched(
        kind=kind,
        seed=trained.record.run.seed,
        schedule=schedule.name,
        planned_steps=steps,
        injected_at=injected_at,
        alarm_at=LossWatch(guessing_loss=guessing).after(losses.tolist()).diverged_at,
        collapsed_at=collapse(losses, guessing, since=injected_at or 0),
        finite=finite,
        recovered=finite and float(np.median(losses[-RECENT_STEPS:])) < guessing / 2,
        validation_accuracy=at_end.metrics.get("validation_accuracy") if whole else None,
    )


def collapse(losses: NDArray[np.float64], guessing_loss: float, *, since: int = 0) -> int | None:
    """Steps done when a run was lost for good; None if it never was.

    Lost: a loss is not finite, or the median of the last 20 is that of guessing and stays so to
    the end. The first steps, in which every run still guesses, are not looked at.

    Args:
        losses: Of every step.
        guessing_loss: Of a model that guesses.
        since: Steps done before anything was done to the run: nothing is lost before.
    """
    broken = np.flatnonzero(~np.isfinite(losses))
    if len(broken):
        return int(broken[0]) + 1
    if len(losses) < RECENT_STEPS:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(losses, RECENT_STEPS)
    low = np.flatnonzero(np.median(windows, axis=1) <= COLLAPSED_FRACTION * guessing_loss)
    first_window = int(low[-1]) + 1 if len(low) else 0
    if first_window == len(windows):
        return None
    return max(first_window + RECENT_STEPS, WARM_UP_STEPS + RECENT_STEPS, since)


def _steps(setting: Setting, laboratory: Laboratory, schedule: Schedule) -> int:
    samples = laboratory.workload.facts.training_samples
    return plan_steps(schedule, training_samples=samples, epochs=setting.epochs).steps
