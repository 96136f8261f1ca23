"""What every rank does while a worker's scaling is measured: the same steps at the same time."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from planner.devices.throughput import Precision
from worker.data.places import DataPlaces
from worker.probing.probed_ranks import ProbedRanks
from worker.probing.stopwatch import CpuStopwatch, CudaStopwatch, Stopwatch
from worker.probing.tried_step import BETA, RATE, SMALLEST_BATCH
from worker.training.arithmetic import Arithmetic, as_trainers_compute
from worker.training.learner import Learner
from worker.training.memory import is_out_of_memory
from worker.training.ranked_learner import RankedLearner
from worker.training.ranks import Ranks
from worker.training.trainer import splits_on
from worker.workloads.contract import TrainingWorkload

GROWTH = 4
"""Factor from one batch to the next: between them a fit is taken."""

ROUNDS = 10
"""Times that everything is gone through in turns, so that a slow spell of the host hits all."""

FEWEST_ROUNDS = 3
LONGEST_S = 60.0
"""After which slow steps get no further round; they vary little."""

WARM_UP_STEPS = 5
SETTLING_STEPS = 1
TIMED_STEPS = 2
"""Of each kind, in every round."""

_WEIGHTS_SEED = 0

Place = tuple[int, int]
"""Number of devices, and samples of a step over all of them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankTimes:
    """What one rank timed.

    Attributes:
        payload_bytes: Size of the gradient.
        steps_s: Seconds of every whole step.
        silent_s: Seconds of every step in which nothing was exchanged.
        exchanges_s: Seconds of every bare all-reduce of the gradient, by number of devices.
    """

    payload_bytes: int
    steps_s: dict[Place, list[float]] = field(default_factory=dict)
    silent_s: dict[Place, list[float]] = field(default_factory=dict)
    exchanges_s: dict[int, list[float]] = field(default_factory=dict)


def device_counts(most: int) -> tuple[int, ...]:
    """1, 2, 4 ... and all."""
    doubled = [1 << power for power in range(most.bit_length())]
    return tuple(dict.fromkeys([count for count in doubled if count < most] + [most]))


def global_batch_sizes(samples: int) -> tuple[int, ...]:
    """8, 32, 128 ... and the whole training set."""
    sizes, size = [], SMALLEST_BATCH
    while size < samples:
        sizes.append(size)
        size *= GROWTH
    return (*sizes, samples)


def time_rank(
    ranks: Ranks,
    workload: TrainingWorkload,
    places: DataPlaces,
    torch_device: str,
    precision: Precision,
    asked_to_leave: Callable[[], bool],
) -> RankTimes:
    """One rank's whole part; every one of the ranks calls it at the same time.

    Raises:
        RankLost: Another rank is gone.
    """
    with as_trainers_compute():
        return ScalingBench(
            ranks, workload, places=places, torch_device=torch_device, precision=precision
        ).times(asked_to_leave)


class ScalingBench:
    """A learner that only exists to be timed, on as many ranks as its turn asks for."""

    def __init__(
        self,
        ranks: Ranks,
        workload: TrainingWorkload,
        *,
        places: DataPlaces,
        torch_device: str,
        precision: Precision,
    ) -> None:
        splits = splits_on(torch_device, workload, places)
        samples = len(splits["training"][1])
        counts = device_counts(ranks.count)
        self._ranks = ProbedRanks(ranks, counts, torch_device=torch_device)
        self._places = [
            (count, size)
            for count in counts
            for size in global_batch_sizes(samples)
            if size >= count
        ]
        self._counts = counts
        self._learner = Learner(
            workload,
            splits["training"],
            weights_seed=_WEIGHTS_SEED,
            augmentation_seed=_WEIGHTS_SEED,
            momentum_form="heavy_ball",
            arithmetic=Arithmetic(precision=precision),
        )
        self._ranked = RankedLearner(self._learner, self._ranks, plan=None)
        self._order = torch.randperm(
            samples, generator=torch.Generator().manual_seed(_WEIGHTS_SEED)
        ).to(torch_device)
        self._message = torch.zeros_like(self._learner.gradients)
        # Wall time on a CPU, too: a rank that waits for others does nothing.
        self._stopwatch: Stopwatch = (
            CpuStopwatch(time.perf_counter) if torch_device == "cpu" else CudaStopwatch()
        )

    def times(self, asked_to_leave: Callable[[], bool]) -> RankTimes:
        """Rounds over all device counts and batches, until there are enough of them.

        Args:
            asked_to_leave: Looked at between two places; True ends the measurement.
        """
        message = self._message
        found = RankTimes(payload_bytes=message.numel() * message.element_size())
        until = time.monotonic() + LONGEST_S
        for turn in range(ROUNDS):
            late = turn >= FEWEST_ROUNDS and time.monotonic() > until
            if self._ranks.any_of_all(late and not self._ranks.follows):
                break
            for place in tuple(self._places):
                if self._ranks.any_of_all(asked_to_leave()):
                    return found
                self._go(place, found, untimed=SETTLING_STEPS if turn else WARM_UP_STEPS)
            for count in self._counts[1:]:
                self._exchange(count, found)
        return found

    def _go(self, place: Place, found: RankTimes, *, untimed: int) -> None:
        """Steps without exchange, then whole ones; a place that memory cannot hold is given up."""
        count, _ = place
        takes_part = self._ranks.use(count, silent=True)
        silent_s = self._timed_or_none_s(place, untimed) if takes_part else []
        if self._ranks.any_of_all(silent_s is None):
            log.info("memory ends the scaling on %d devices below %d samples", *place)
            self._places = [one for one in self._places if one[0] != count or one[1] < place[1]]
            for times in (found.steps_s, found.silent_s):
                times.pop(place, None)
            return
        if not takes_part:
            return
        found.silent_s.setdefault(place, []).extend(silent_s or [])
        self._ranks.use(count, silent=False)
        found.steps_s.setdefault(place, []).extend(self._timed_s(place, SETTLING_STEPS))

    def _timed_or_none_s(self, place: Place, untimed: int) -> list[float] | None:
        """Seconds of each timed step; None where memory is not enough."""
        try:
            return self._timed_s(place, untimed)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return None

    def _timed_s(self, place: Place, untimed: int) -> list[float]:
        for _ in range(untimed):
            self._step(place)
        self._stopwatch.start()
        for _ in range(TIMED_STEPS):
            self._step(place)
            self._stopwatch.lap()
        return self._stopwatch.laps_s()

    def _step(self, place: Place) -> None:
        """As one device, or as one of several, would take it in training."""
        count, size = place
        if count == 1:
            self._learner.step(
                self._order[:size], micro_batches=(size,), rate=RATE, beta=BETA, kept=BETA
            )
            return
        self._ranked.step(
            self._order[:size],
            micro_batches=(self._ranks.share(size),),
            rate=RATE,
            beta=BETA,
            kept=BETA,
            wish=False,
        )

    def _exchange(self, count: int, found: RankTimes) -> None:
        """Bare all-reduces of the gradient by the first ``count`` ranks."""
        self._ranks.any_of_all(False)
        if not self._ranks.use(count, silent=False):
            return
        self._ranks.sum_up(self._message)
        self._stopwatch.start()
        for _ in range(TIMED_STEPS):
            self._ranks.sum_up(self._message)
            self._stopwatch.lap()
        found.exchanges_s.setdefault(count, []).extend(self._stopwatch.laps_s())
