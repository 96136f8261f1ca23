"""What the meters of a run say so far: the newest readings, its stages, and what reading cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from planner.measurements.gradient_noise import NoiseReading, NoiseScale, noise_scale
from planner.pilots.meters import COST_COLUMNS, MeterName
from planner.schedules.schedule import Stage

Decrease = Literal["consistent", "violated"]
"""Whether the mechanical energy fell between the last two readings, jumps of the rate apart."""

Column = Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNoise:
    """The noise of one stage.

    Attributes:
        stage: Counts from 1.
        batch_size: Samples per step.
        noise: None where it was not measured.
    """

    stage: int
    batch_size: int
    noise: NoiseScale | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterShare:
    """What reading one meter took.

    Attributes:
        meter: Which.
        spent_s: Seconds of the attempt's wall clock.
        attempt_fraction: Of the attempt's wall clock; None before it has one.
    """

    meter: MeterName
    spent_s: float
    attempt_fraction: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSummary:
    """The newest value of every meter; None where it was not measured.

    Attributes:
        curvature_ratio: Rate over the largest that the curvature bears.
        decrease: Of the mechanical energy.
        kinetic_fraction: Share of the mechanical energy that moves.
        energy_j: Of the device in this attempt.
        power_w: Of the device.
        throttled_fraction: Of the looks at the device.
        device_memory_bytes: Highest so far.
        process_memory_bytes: Highest so far.
        stages: All that began.
        shares: Of the meters that were read.
    """

    curvature_ratio: float | None
    decrease: Decrease | None
    kinetic_fraction: float | None
    energy_j: float | None
    power_w: float | None
    throttled_fraction: float | None
    device_memory_bytes: float | None
    process_memory_bytes: float | None
    stages: tuple[StageNoise, ...]
    shares: tuple[MeterShare, ...]


def meter_summary(
    steps: Sequence[int],
    columns: Mapping[str, Column],
    *,
    stages: Sequence[Stage],
    wall_clock_s: float | None,
) -> MeterSummary | None:
    """The summary of a run's live readings; None without any.

    Args:
        steps: Steps done at each reading, rising.
        columns: As `planner.pilots.meters.COLUMNS` names them; one that is absent was not measured.
        stages: Of the run's schedule.
        wall_clock_s: Of the attempt that read last.
    """
    if not steps:
        return None
    nothing: Column = (None,) * len(steps)

    def column(name: str) -> Column:
        return columns.get(name, nothing)

    def newest(name: str) -> float | None:
        return next((value for value in reversed(column(name)) if value is not None), None)

    return MeterSummary(
        curvature_ratio=newest("curvature_ratio"),
        decrease=decrease(column("mechanical_energy"), column("energy_jump")),
        kinetic_fraction=newest("kinetic_fraction"),
        energy_j=newest("energy_j"),
        power_w=newest("power_w"),
        throttled_fraction=newest("throttled_fraction"),
        device_memory_bytes=newest("device_memory_bytes"),
        process_memory_bytes=newest("process_memory_bytes"),
        stages=_stage_noises(
            steps, column("gradient_noise"), column("gradient_square"), stages=stages
        ),
        shares=_shares({name: newest(cost) for name, cost in COST_COLUMNS.items()}, wall_clock_s),
    )


def decrease(energies: Column, jumps: Column) -> Decrease | None:
    """Whether the last two energies are consistent with a fall; None without two.

    The earlier one counts with its jump: what a new rate adds is not a rise of the motion.
    """
    known = [
        (energy, jump)
        for energy, jump in zip(energies, jumps, strict=True)
        if energy is not None and jump is not None
    ]
    if len(known) < 2:
        return None
    (before, jump), (after, _) = known[-2:]
    return "consistent" if after <= before + jump else "violated"


def _stage_noises(
    steps: Sequence[int], noise: Column, square: Column, *, stages: Sequence[Stage]
) -> tuple[StageNoise, ...]:
    """Readings where a stage starts belong to it: they are what its batches will meet."""
    starts = [*(stage.first_step for stage in stages), None]
    found = []
    for place, (start, end) in enumerate(pairwise(starts)):
        if start is None or start > steps[-1]:
            break
        readings = [
            NoiseReading(noise=s, gradient_square=g)
            for step, s, g in zip(steps, noise, square, strict=True)
            if step >= start and (end is None or step < end) and s is not None and g is not None
        ]
        found.append(
            StageNoise(
                stage=place + 1,
                batch_size=stages[place].batch_size,
                noise=noise_scale(readings) if readings else None,
            )
        )
    return tuple(found)


def _shares(
    spent_s: Mapping[MeterName, float | None], wall_clock_s: float | None
) -> tuple[MeterShare, ...]:
    return tuple(
        MeterShare(
            meter=meter,
            spent_s=seconds,
            attempt_fraction=seconds / wall_clock_s if wall_clock_s else None,
        )
        for meter, seconds in spent_s.items()
        if seconds is not None
    )
