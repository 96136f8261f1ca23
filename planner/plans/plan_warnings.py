"""What is allowed in a plan and probably not meant: each warning at the field it is about."""

from collections.abc import Iterator, Mapping

import numpy as np

from planner.devices.throughput import ThroughputCurve, saturation_batch_size, step_time_s
from planner.economics.rates import HardwareProfile
from planner.economics.speed_up import FEWEST_PAIRS
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.plans.plan_facts import PlanWarning
from planner.schedules.momentum import MomentumForm
from planner.schedules.schedule import StepTable, work_parity

UNEQUAL_FACTOR = 2.0
"""Summed effective rates further apart than this are not the same amount of training."""

IDENTICAL_FRACTION = 0.25
"""Share of the samples over which two schedules may be the same without a word."""

ROUNDING_FACTOR = 1.01
"""Growth of the rate over that of the root of the batch that is put down to rounding."""


def schedule_warnings(
    pilot: Pilot, tables: Mapping[str, StepTable], name: str, curve: ThroughputCurve | None
) -> tuple[PlanWarning, ...]:
    """Everything to be said of one schedule of a pilot.

    Args:
        pilot: Names the baseline and the order of the schedules.
        tables: Steps of every schedule.
        name: Of the schedule.
        curve: Of the device that would run it; None if it was never measured.
    """
    place = [schedule.name for schedule in pilot.schedules].index(name)
    field = f"schedules[{place}]"
    table = tables[name]
    found = [*_of_batches(table, curve, f"{field}.batch_size")]
    found += _of_rates(pilot, place, table, f"{field}.learning_rate")
    if name != pilot.baseline.name:
        baseline = tables[pilot.baseline.name]
        found += _of_effort(table, baseline, pilot.baseline.name, pilot.momentum_form, field)
    found += _of_likeness(pilot, tables, place, field)
    return tuple(found)


def pilot_warnings(
    pilot: Pilot,
    *,
    workload: Workload,
    hardware: HardwareProfile,
    workers: int,
    pilot_device_h: float | None,
) -> tuple[PlanWarning, ...]:
    """Everything to be said of the pilot as a whole.

    Args:
        pilot: As planned.
        workload: That it trains.
        hardware: Of the review.
        workers: Workers that can train it now.
        pilot_device_h: Device-hours that it needs; None where they are unknown.
    """
    found = [*_of_hardware(pilot, hardware)]
    if workers == 0:
        found.append(_unserved(workload))
    if len(pilot.rate_multipliers) == 1:
        found.append(_warning("rate_multipliers", "only_one_rate"))
    seeds = len(pilot.seeds.confirmation)
    if seeds < FEWEST_PAIRS:
        found.append(
            _warning("seeds.confirmation", "too_few_seeds", seeds=seeds, fewest=FEWEST_PAIRS)
        )
    cap_device_h = pilot.caps.pilot_device_h
    if cap_device_h is not None and pilot_device_h is not None and pilot_device_h > cap_device_h:
        found.append(
            _warning(
                "caps.pilot_device_h",
                "cap_below_need",
                cap_device_h=cap_device_h,
                needed_device_h=pilot_device_h,
            )
        )
    return tuple(found)


def _unserved(workload: Workload) -> PlanWarning:
    """No worker trains it: for want of its data, where those have to be fetched."""
    if not workload.data_set:
        return _warning("workload", "workload_served_by_no_worker", workload=workload.name)
    return _warning(
        "workload",
        "workload_without_its_data",
        workload=workload.name,
        data_set=workload.data_set,
    )


def _of_hardware(pilot: Pilot, hardware: HardwareProfile) -> Iterator[PlanWarning]:
    card, production = hardware.rate_card, pilot.production
    if card.rent_per_gpu_hour.amount == 0:
        yield _warning("hardware.rent_per_gpu_hour", "price_zero", device=card.device)
    elif card.as_of is None:
        yield _warning("hardware.rent_per_gpu_hour", "price_undated", device=card.device)
    half = None if production is None else production.half_saturation_batch_size_per_device
    if hardware.throughput is None and half is None:
        yield _warning("hardware.profile", "hardware_unmeasured", device=card.device)


def _of_batches(
    table: StepTable, curve: ThroughputCurve | None, field: str
) -> Iterator[PlanWarning]:
    if table.capped_at_data:
        yield _warning(field, "batch_above_data", training_samples=table.training_samples)
    if curve is None:
        return
    first, largest = int(table.batch_size[0]), int(table.batch_size.max())
    saturation = saturation_batch_size(curve)
    if first < saturation:
        a_sample_s = step_time_s(curve, float(first)) / first
        factor = a_sample_s / (step_time_s(curve, float(saturation)) / saturation)
        yield _warning(
            field,
            "first_batch_below_saturation",
            batch_size=first,
            saturation_batch_size=saturation,
            factor=factor,
        )
    probed = curve.points[-1].batch_size
    if largest > probed:
        yield _warning(field, "batch_beyond_probe", batch_size=largest, largest=probed)


def _of_rates(pilot: Pilot, place: int, table: StepTable, field: str) -> Iterator[PlanWarning]:
    """A rate may grow with the root of the batch from the end of its warm-up on, not faster."""
    warm_up = pilot.schedules[place].learning_rate.warm_up
    settled = table.epoch >= (0 if warm_up is None else warm_up.epochs)
    if not settled.any():
        return
    rates, batches = table.learning_rate[settled], table.batch_size[settled]
    if not rates[0] > 0:
        return
    rate_factors, batch_factors = rates / rates[0], batches / batches[0]
    over = rate_factors / np.sqrt(batch_factors)
    worst = int(np.argmax(over))
    if over[worst] > ROUNDING_FACTOR and rate_factors[worst] > ROUNDING_FACTOR:
        yield _warning(
            field,
            "rate_grows_faster_than_sqrt_batch",
            rate_factor=float(rate_factors[worst]),
            batch_factor=float(batch_factors[worst]),
        )


def _of_effort(
    table: StepTable, baseline: StepTable, baseline_name: str, form: MomentumForm, field: str
) -> Iterator[PlanWarning]:
    own, theirs = work_parity(table, form=form), work_parity(baseline, form=form)
    factor = own.summed_effective_rate / theirs.summed_effective_rate
    if not 1 / UNEQUAL_FACTOR <= factor <= UNEQUAL_FACTOR:
        yield _warning(
            field,
            "unequal_work",
            baseline=baseline_name,
            steps_factor=own.steps / theirs.steps,
            rate_factor=factor,
        )


def _of_likeness(
    pilot: Pilot, tables: Mapping[str, StepTable], place: int, field: str
) -> Iterator[PlanWarning]:
    """The schedule before it that it stays like for longest, where that is long."""
    table = tables[pilot.schedules[place].name]
    before = [schedule.name for schedule in pilot.schedules[:place]]
    if not before:
        return
    steps, other = max((_same_steps(table, tables[name]), name) for name in before)
    if steps == table.steps == tables[other].steps:
        yield _warning(field, "schedules_identical", other=other)
        return
    parts_at = min(steps, table.steps - 1)
    if table.samples[parts_at] >= IDENTICAL_FRACTION * table.items.sum():
        epoch = int(table.epoch[parts_at])
        yield _warning(field, "stages_identical_until", other=other, epoch=epoch)


def _same_steps(one: StepTable, other: StepTable) -> int:
    """Steps from the start at which two schedules do the same."""
    both = min(one.steps, other.steps)
    same = one.batch_size[:both] == other.batch_size[:both]
    same &= one.learning_rate[:both] == other.learning_rate[:both]
    same &= one.momentum[:both] == other.momentum[:both]
    return both if same.all() else int(np.argmin(same))


def _warning(field: str, code: str, **params: str | int | float) -> PlanWarning:
    return PlanWarning(field=field, code=code, params=params)
