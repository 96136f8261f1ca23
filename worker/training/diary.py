"""What an attempt reports, as lines for people who read its log."""

from collections.abc import Iterator
from itertools import pairwise

from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.series import SeriesChunk
from planner.exchange.work import AttemptStart, ClaimedRun, Finish
from planner.pilots.divergence import Rollback, RolledBack
from worker.spool import Report, Stopped

METRICS_EVERY_S = 2.0
"""Shortest time between two lines with metrics; the last ones are always told."""


class Diary:
    """Tells where an attempt begins, its stages, its metrics now and then, and how it ends.

    Args:
        run: Whose attempt it is; a bundle's attempts share one log.
        device: As torch names it.
    """

    def __init__(self, run: ClaimedRun, *, device: str) -> None:
        self._run = run
        self._device = device
        self._batch_size: float | None = None
        self._metrics = ""
        self._told_at = -METRICS_EVERY_S

    def lines(self, report: Report, *, now: float) -> Iterator[str]:
        """Lines about one report, each beginning with whose it is; ``now`` is in seconds."""
        for line in self._lines(report, now):
            yield f"{self._name}: {line}"

    @property
    def _name(self) -> str:
        run = self._run
        if run.schedule is None:
            return f"probe of {run.workload}"
        return f"{run.schedule.name}, rate x {run.rate_multiplier:g}, seed {run.seed}"

    def _lines(self, report: Report, now: float) -> Iterator[str]:
        match report:
            case AttemptStart(from_step=step):
                how = "begins" if step == 0 else f"goes on after step {step}"
                yield f"attempt {self._run.attempt} {how} on {self._device}"
            case SeriesChunk(group="train"):
                yield from self._stages(report)
            case SeriesChunk(group="evaluation"):
                yield from self._evaluated(report, now)
            case ThroughputCurve() | ScalingCurve():
                yield from _measured(report)
            case RolledBack():
                yield from self._tell_metrics()
                yield _went_back(report.rollback)
            case Finish():
                yield from self._tell_metrics()
                yield _ended(report)
            case Stopped(step=step):
                yield from self._tell_metrics()
                yield f"stopped after step {step}, as asked"

    def _stages(self, chunk: SeriesChunk) -> Iterator[str]:
        """A line for each step whose batch size is not that of the one before."""
        sizes = chunk.columns["batch_size"]
        if {self._batch_size}.issuperset(sizes):
            return
        rates = chunk.columns["learning_rate"]
        losses = chunk.columns["batch_loss"]
        changes = enumerate(pairwise((self._batch_size, *sizes)))
        for place in [place for place, (before, after) in changes if before != after]:
            yield (
                f"step {chunk.steps[place]}: batch size {_short(sizes[place])}, "
                f"learning rate {_short(rates[place])}, batch loss {_short(losses[place])}"
            )
        self._batch_size = sizes[-1]

    def _evaluated(self, chunk: SeriesChunk, now: float) -> Iterator[str]:
        """The last metrics, at once or when there is time again."""
        self._metrics = _last_metrics(chunk)
        if now >= self._told_at + METRICS_EVERY_S:
            yield from self._tell_metrics()
            self._told_at = now

    def _tell_metrics(self) -> Iterator[str]:
        if self._metrics:
            yield self._metrics
            self._metrics = ""


def _last_metrics(chunk: SeriesChunk) -> str:
    values = ", ".join(f"{name} {_short(column[-1])}" for name, column in chunk.columns.items())
    return f"step {chunk.steps[-1]}: {values}"


def _measured(curve: ThroughputCurve | ScalingCurve) -> Iterator[str]:
    if isinstance(curve, ScalingCurve):
        yield from _scaled(curve)
        return
    for point in curve.points:
        speed = point.batch_size / point.step_time_s
        yield (
            f"batch size {point.batch_size}: {point.step_time_s * 1000:.4g} ms a step, "
            f"{speed:.4g} samples/s, spread {point.spread_fraction:.1%}, {point.steps} steps"
        )
    if curve.memory_limited:
        yield "memory ended the curve there"


def _scaled(scaling: ScalingCurve) -> Iterator[str]:
    for point in scaling.points:
        yield (
            f"{point.device_count} devices, batch size {point.batch_size}: "
            f"{point.step_time_s * 1000:.4g} ms a step, {point.communication_fraction:.1%} of it "
            f"communication, spread {point.spread_fraction:.1%}, {point.steps} steps"
        )


def _went_back(rollback: Rollback) -> str:
    how = (
        f"at {rollback.rate_factor:g} of the rate"
        if rollback.follows is None
        else f"with the schedule {rollback.follows}"
    )
    return (
        f"diverged after step {rollback.at_step}, goes back to step {rollback.to_step} and on {how}"
    )


def _ended(finish: Finish) -> str:
    reason = f", {finish.reason}" if finish.reason else ""
    metrics = "".join(f", {name} {_short(value)}" for name, value in finish.final_metrics.items())
    return f"{finish.outcome} after step {finish.step}{reason}{metrics}"


def _short(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.5g}"
