"""Throughput probe: how long a step takes at each batch size on this device."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median

import numpy as np
import torch

from planner.devices.batch_plan import MicroBatchPlan, micro_batch_plan
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import BundleSpeed, Precision, ThroughputCurve, ThroughputPoint
from planner.exchange.work import AttemptStart, Device, Finish
from worker.data.places import DataPlaces
from worker.probing.bundle_probe import bundle_speeds
from worker.probing.stopwatch import laps_within, stopwatch_for
from worker.probing.tried_step import BETA, RATE, SMALLEST_BATCH
from worker.spool import Stopped
from worker.training.arithmetic import Arithmetic
from worker.training.evaluation import Evaluator
from worker.training.learner import Learner
from worker.training.memory import is_out_of_memory
from worker.training.run_context import RunContext
from worker.training.series import LossBuffer
from worker.training.trainer import splits_on
from worker.workloads.contract import TrainingWorkload

WARM_UP_STEPS = 5
ROUNDS = 20
"""Times that all batch sizes are gone through, so that a slow spell of the host hits all alike."""

SETTLING_STEPS = 2
"""Untimed steps after every change of the batch size."""

SECONDS_PER_ROUND = 0.01
"""A round times one step at each batch size, and more as long as this is not over."""

EVALUATIONS = 5

_WEIGHTS_SEED = 0

StepTimes = dict[int, list[float]]

log = logging.getLogger(__name__)


def probe(
    context: RunContext,
    workload: TrainingWorkload,
    *,
    places: DataPlaces,
    device: Device,
    versions: str,
    scaling: Callable[[], ScalingCurve | None] | None = None,
) -> None:
    """Measures the workload's throughput curve and reports it; such a run has no steps.

    Args:
        context: Of the probe.
        workload: That is timed.
        places: Where its data are.
        device: One of the worker's devices.
        versions: As the worker registered them.
        scaling: Measures on several devices, where the worker has them; it counts as the rest
            does. It comes first, for it forks processes that touch their devices, and none may be
            touched before that.
    """
    context.report(AttemptStart(from_step=0))
    several = None
    if scaling is not None:
        context.clock.count(1.0)
        several = scaling()
    bench = Bench(
        workload,
        places=places,
        torch_device=context.device,
        precision=context.run.precision,
        compiles=context.compiles,
    )
    context.clock.count(1.0)
    times_s, memory_limited = bench.step_times_s(context.asked_to_leave)
    if context.asked_to_leave():
        _stop(context)
        return
    curve = ThroughputCurve(
        workload=workload.name,
        device=device.name,
        dtype=context.run.precision,
        versions=versions,
        points=tuple(_point(batch_size, times) for batch_size, times in times_s.items()),
        evaluation_s=0.0,
        memory_limited=memory_limited,
    )
    evaluation_s = bench.evaluation_s(micro_batch_plan(curve))
    bundles = bench.bundle_speeds(context.asked_to_leave)
    if context.asked_to_leave():
        _stop(context)
        return
    context.report(replace(curve, evaluation_s=evaluation_s, bundles=bundles))
    if several is not None:
        context.report(several)
    context.report(
        Finish(outcome="succeeded", step=0, wall_clock_s=context.wall_clock_s, final_metrics={})
    )


def _stop(context: RunContext) -> None:
    context.report(Stopped(step=0, wall_clock_s=context.wall_clock_s))


def batch_sizes(samples: int) -> list[int]:
    """8, 16, ... and the whole training set."""
    doubled = [SMALLEST_BATCH << power for power in range(samples.bit_length())]
    return [size for size in doubled if size < samples] + [samples]


class Bench:
    """A learner that only exists to be timed, taking the very steps that the trainer takes."""

    def __init__(
        self,
        workload: TrainingWorkload,
        *,
        places: DataPlaces,
        torch_device: str,
        precision: Precision = "float32",
        compiles: bool = False,
    ) -> None:
        splits = splits_on(torch_device, workload, places)
        self._samples = len(splits["training"][1])
        self._new_learner = partial(
            Learner,
            workload,
            splits["training"],
            augmentation_seed=_WEIGHTS_SEED,
            momentum_form="heavy_ball",
            arithmetic=Arithmetic(
                precision=precision,
                compiled_sizes=frozenset(batch_sizes(self._samples)) if compiles else frozenset(),
            ),
        )
        self._learner = self._new_learner(weights_seed=_WEIGHTS_SEED)
        self._order = torch.randperm(self._samples, device=torch_device)
        self._losses = LossBuffer(torch_device)
        self._workload, self._splits = workload, splits
        self._stopwatch = stopwatch_for(torch_device)

    def step_times_s(self, asked_to_leave: Callable[[], bool]) -> tuple[StepTimes, bool]:
        """Seconds of every timed step by batch size, and whether memory ended the curve.

        Args:
            asked_to_leave: Looked at between two batch sizes; True ends the measurement.
        """
        times: StepTimes = {size: [] for size in batch_sizes(self._samples)}
        memory_limited = False
        for turn in range(ROUNDS):
            for size in tuple(times):
                if asked_to_leave():
                    return times, memory_limited
                measured = self._round(size, SETTLING_STEPS if turn else WARM_UP_STEPS)
                if not measured:
                    times = {smaller: all_ for smaller, all_ in times.items() if smaller < size}
                    memory_limited = True
                    break
                times[size] += measured
        if not times:
            raise MemoryError(f"not even {SMALLEST_BATCH} samples fit into memory")
        return times, memory_limited

    def evaluation_s(self, plan: MicroBatchPlan) -> float:
        """Median seconds of one evaluation of all metrics, as runs of this plan make it."""
        evaluator = Evaluator(self._workload, self._splits, self._learner, plan=plan)
        evaluator.metrics()
        self._stopwatch.start()
        for _ in range(EVALUATIONS):
            evaluator.metrics()
            self._stopwatch.lap()
        return median(self._stopwatch.laps_s())

    def bundle_speeds(self, asked_to_leave: Callable[[], bool]) -> tuple[BundleSpeed, ...]:
        """What bundles gain; last, because the learner is trained by it."""
        return bundle_speeds(
            self._learner,
            lambda seed: self._new_learner(weights_seed=seed),
            asked_to_leave=asked_to_leave,
        )

    def _round(self, batch_size: int, untimed_steps: int) -> list[float]:
        """Seconds of each timed step; empty when memory is not enough."""
        try:
            for _ in range(untimed_steps):
                self._step(batch_size)
            return laps_within(SECONDS_PER_ROUND, self._stopwatch, lambda: self._step(batch_size))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            log.info("memory ends the curve below %d samples", batch_size)
            return []

    def _step(self, batch_size: int) -> None:
        loss = self._learner.step(
            self._order[:batch_size],
            micro_batches=(batch_size,),
            rate=RATE,
            beta=BETA,
            kept=BETA,
        )
        if self._losses.full:
            self._losses.drain()
        self._losses.append(loss)


def _point(batch_size: int, times_s: list[float]) -> ThroughputPoint:
    lower, middle, upper = np.quantile(times_s, (0.25, 0.5, 0.75))
    return ThroughputPoint(
        batch_size=batch_size,
        step_time_s=float(middle),
        spread_fraction=float((upper - lower) / middle),
        steps=len(times_s),
    )
