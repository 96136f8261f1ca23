"""What training several members together gains on this device, timed beside one member alone."""

import logging
import time
from collections.abc import Callable
from statistics import median

import torch

from planner.devices.bundle import LEAST_GAIN
from planner.devices.throughput import BundleSpeed, Execution
from worker.probing.stopwatch import laps_within, stopwatch_for
from worker.probing.tried_step import BETA, RATE, SMALLEST_BATCH
from worker.training.bundled_learner import BundledBatch, BundledLearner, possible_executions
from worker.training.learner import Learner
from worker.training.memory import is_out_of_memory

MEMBERS = 10
"""Two seeds at each of four rate multipliers are 8 runs; a confirmation has 5 or more."""

GROWTH = 4
"""Factor from one batch to the next: between them the gain is interpolated."""

ROUNDS = 5
FEWEST_ROUNDS = 2
SECONDS_PER_ROUND = 0.012
"""Two thirds for the members together, one third for the one alone; at least a step of each."""

LONGEST_S = 2.0
"""At one batch size; slow steps vary little, and get fewer rounds."""

log = logging.getLogger(__name__)


def bundle_speeds(
    alone: Learner, new_learner: Callable[[int], Learner], *, asked_to_leave: Callable[[], bool]
) -> tuple[BundleSpeed, ...]:
    """Times every execution that the model allows, at rising batches until it pays no more.

    Args:
        alone: The learner that one member has.
        new_learner: Makes another, from the seed of its weights.
        asked_to_leave: Looked at between two batch sizes; True ends the measurement.
    """
    speeds: list[BundleSpeed] = []
    for execution in possible_executions(alone):
        try:
            members = [new_learner(seed) for seed in range(MEMBERS)]
            contest = _Contest(alone, BundledLearner(members, execution), execution)
            while not (asked_to_leave() or contest.over):
                speeds.append(contest.next_speed())
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            log.info("memory ends what is %s", execution)
    return tuple(speeds)


class _Contest:
    """Members together against one alone, in turns.

    Attributes:
        over: Whether a larger batch would not pay, or not be one.
    """

    def __init__(self, alone: Learner, together: BundledLearner, execution: Execution) -> None:
        samples, device = len(alone.training[1]), alone.parameters.device
        self.over = False
        self._alone, self._together, self._execution = alone, together, execution
        self._batch_size = min(SMALLEST_BATCH, samples)
        self._samples = samples
        self._orders = torch.stack([torch.randperm(samples) for _ in range(MEMBERS)]).to(device)
        self._ahead: list[BundledBatch] = []
        self._rates = torch.full((MEMBERS, 1), RATE, device=device)
        self._stopwatch = stopwatch_for(device.type)

    def next_speed(self) -> BundleSpeed:
        """What was gained at the next batch size."""
        together_s: list[float] = []
        alone_s: list[float] = []
        began = time.monotonic()
        for done in range(ROUNDS):
            if done >= FEWEST_ROUNDS and time.monotonic() > began + LONGEST_S:
                break
            together_s += self._timed(self._step_together, SECONDS_PER_ROUND * 2 / 3)
            alone_s += self._timed(self._step_alone, SECONDS_PER_ROUND / 3)
        speed = BundleSpeed(
            execution=self._execution,
            members=MEMBERS,
            batch_size=self._batch_size,
            step_time_s=median(together_s),
            single_step_time_s=median(alone_s),
        )
        self._batch_size *= GROWTH
        self._ahead = []
        self.over = speed.speed_up < LEAST_GAIN or self._batch_size > self._samples
        return speed

    def _timed(self, step: Callable[[], object], seconds: float) -> list[float]:
        """Seconds of each step; one more before them settles the caches."""
        step()
        return laps_within(seconds, self._stopwatch, step)

    def _step_together(self) -> None:
        size = self._batch_size
        if not self._ahead:
            steps = min(self._together.steps_at_once(size), self._samples // size)
            self._ahead = self._together.batches(self._orders[:, : steps * size], steps=steps)
        self._together.step(
            self._ahead.pop(),
            micro_batches=(size,),
            rates=self._rates,
            beta=BETA,
            kept=BETA,
        )

    def _step_alone(self) -> None:
        self._alone.step(
            self._orders[0, : self._batch_size],
            micro_batches=(self._batch_size,),
            rate=RATE,
            beta=BETA,
            kept=BETA,
        )
