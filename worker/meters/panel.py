"""All meters of one run: which are read when, what they say, and what that takes."""

import logging
import math
import time
from collections.abc import Callable, Sequence

import torch

from planner.measurements.mechanics import heavy_ball
from planner.pilots.meters import (
    COLUMNS,
    COST_COLUMNS,
    MOST_FRACTION,
    MOST_FRACTION_AT_STAGE,
    MeterName,
)
from worker.meters import memory
from worker.meters.curvature import CurvatureMeter
from worker.meters.device import DeviceMeter
from worker.meters.meter import Meter, Moment, Readings
from worker.meters.motion import MotionMeter
from worker.meters.noise import NoiseMeter
from worker.meters.nvml import gpu_counters
from worker.meters.probe_loss import ProbeLoss
from worker.training.evaluation import probe_set
from worker.training.learner import Learner
from worker.training.memory import is_out_of_memory
from worker.training.run_context import RunContext
from worker.training.run_plan import RunPlan
from worker.training.seeds import stream_seed
from worker.workloads.contract import Splits, TrainingWorkload

SHORT_S = 0.05
"""A reading up to here need not have been earned before; the next one waits for it."""

log = logging.getLogger(__name__)


class Panel:
    """Reads meters between steps.

    A costly meter waits while it has taken more than its share of the attempt: how often it is
    read depends on time, what is trained does not. What is read before the attempt's first step is
    not on its clock, and the first reading of a process takes many times as long as later ones.
    """

    def __init__(
        self,
        device_meter: DeviceMeter,
        costly: Sequence[Meter],
        device: str,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._device_meter = device_meter
        self._meters: tuple[Meter, ...] = (device_meter, *costly)
        self._device = device
        self._now = now
        self._spent_s: dict[MeterName, float] = {meter.name: 0.0 for meter in self._meters}
        self._last_s: dict[MeterName, float] = {}
        self._pass_s = 0.0

    def look(self) -> None:
        """Between any two steps: asks what has to be asked often."""
        self._device_meter.look()

    def restart(self) -> None:
        """Counts time and energy anew, for the next attempt."""
        self._spent_s = dict.fromkeys(self._spent_s, 0.0)
        self._device_meter.restart()

    def read(self, moment: Moment) -> dict[str, float | None]:
        """Every column of the series: None where a meter is off, waits or cannot tell."""
        if self._device != "cpu":
            torch.cuda.synchronize(self._device)
        readings: dict[str, float | None] = dict.fromkeys(COLUMNS)
        for meter in self._meters:
            if self._affordable(meter, moment):
                began = self._now()
                for name, value in self._readings(meter, moment).items():
                    readings[name] = None if value is None or not math.isfinite(value) else value
                self._take_in_time(meter, self._now() - began, moment)
        for name, seconds in self._spent_s.items():
            readings[COST_COLUMNS[name]] = seconds
        memory.forget_peak(self._device)
        return readings

    def _readings(self, meter: Meter, moment: Moment) -> Readings:
        """A meter for which memory is not enough is off from then on, and the run goes on."""
        try:
            return meter.read(moment)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            log.warning("the meter %s is off: memory is not enough for it", meter.name)
            self._meters = tuple(other for other in self._meters if other is not meter)
            return {}

    def _take_in_time(self, meter: Meter, seconds: float, moment: Moment) -> None:
        if meter.passes == 1:
            self._pass_s = seconds
        if moment.elapsed_s > 0:
            self._last_s[meter.name] = seconds
            self._spent_s[meter.name] += seconds

    def _affordable(self, meter: Meter, moment: Moment) -> bool:
        """Whether it may be read now; one that takes long waits until it has earned its time."""
        if meter.passes == 0:
            return True
        most = MOST_FRACTION_AT_STAGE if moment.at_stage else MOST_FRACTION
        left_s = most * moment.elapsed_s - self._spent_s[meter.name]
        expected_s = self._last_s.get(meter.name, meter.passes * self._pass_s)
        return left_s >= (0.0 if expected_s <= SHORT_S else expected_s)


def panel_of(
    context: RunContext, workload: TrainingWorkload, splits: Splits, learner: Learner
) -> Panel:
    """The meters that a run's pilot wants."""
    run = context.run
    loss = ProbeLoss(workload, learner.model)
    probe = probe_set(*splits["training"])
    costly: list[Meter] = [MotionMeter(loss, probe, learner, form=run.momentum_form)]
    if run.meters.noise_scale:
        costly.append(NoiseMeter(loss, splits["training"], seed=run.seed))
    if run.meters.curvature:
        seed = stream_seed(run.seed, "meters")
        costly.append(CurvatureMeter(loss, probe, form=run.momentum_form, seed=seed))
    device_meter = DeviceMeter(
        context.device, gpu_counters(context.device), share=lambda: context.clock.share
    )
    return Panel(device_meter, costly, context.device)


def moment_of(context: RunContext, plan: RunPlan, step: int) -> Moment:
    """Where a run stands after ``step`` steps."""
    form, last = context.run.momentum_form, plan.table.steps - 1
    before, after = max(step - 1, 0), min(step, last)
    return Moment(
        step=step,
        before=heavy_ball(form, rate=plan.rate[before], beta=plan.beta[before]),
        after=heavy_ball(form, rate=plan.rate[after], beta=plan.beta[after]),
        buffer_factor=float(plan.table.buffer_factor[after]) if after > before else 1.0,
        at_stage=plan.stage_due(step),
        elapsed_s=context.wall_clock_s,
    )
