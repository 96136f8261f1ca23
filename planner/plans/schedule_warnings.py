"""What is allowed in a schedule and probably not meant: each warning at the field it is about."""

from collections.abc import Iterator, Mapping

import numpy as np

from planner.devices.throughput import ThroughputCurve, saturation_batch_size, step_time_s
from planner.pilots.pilot import Pilot
from planner.plans.plan_facts import PlanWarning
from planner.schedules.batch_size import parse_thresholds
from planner.schedules.momentum import MomentumForm, effective_rate
from planner.schedules.momentum_form import effective_factor
from planner.schedules.schedule import Schedule, StepTable, Work, work_parity

UNEQUAL_FACTOR = 2.0
"""Steps, samples or summed effective rates further apart are not the same amount of training."""

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
    schedule, table, form = pilot.schedules[place], tables[name], pilot.momentum_form
    field = f"schedules[{place}]"
    todays = None if name == pilot.baseline.name else tables[pilot.baseline.name]
    found = [*_of_batches(table, curve, todays, f"{field}.batch_size")]
    found += _of_stages(schedule, table, field)
    found += _of_form(schedule, form, f"{field}.learning_rate")
    found += _of_rates(schedule, table, form, f"{field}.learning_rate")
    if name != pilot.baseline.name:
        baseline = work_parity(tables[pilot.baseline.name], form=form)
        found += _of_effort(work_parity(table, form=form), baseline, pilot.baseline.name, field)
    found += _of_likeness(pilot, tables, place, field)
    return tuple(found)


def _of_batches(
    table: StepTable, curve: ThroughputCurve | None, todays: StepTable | None, field: str
) -> Iterator[PlanWarning]:
    """What a batch does to the device; a candidate that begins at today's is not blamed for it."""
    if table.capped_at_data:
        yield _warning(field, "batch_above_data", training_samples=table.training_samples)
    if curve is None:
        return
    first, largest = int(table.batch_size[0]), int(table.batch_size.max())
    saturation = saturation_batch_size(curve)
    is_todays = todays is not None and first == int(todays.batch_size[0])
    if first < saturation and not is_todays:
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


def _of_stages(schedule: Schedule, table: StepTable, field: str) -> Iterator[PlanWarning]:
    """Stages and steps down that begin when the run has ended."""
    ends = {"ep": table.epochs, "ba": table.steps, "sp": table.epochs * table.training_samples}
    thresholds = schedule.batch_size.thresholds
    starts = () if thresholds is None else parse_thresholds(thresholds)
    late = sum(one.position.amount >= ends[one.position.unit] for one in starts)
    if late:
        yield _warning(f"{field}.batch_size", "stages_never_reached", stages=late)
    warm_up = schedule.learning_rate.warm_up
    begun = 0 if warm_up is None else warm_up.epochs
    milestones = schedule.learning_rate.milestones_epochs
    late = sum(begun + milestone >= table.epochs for milestone in milestones)
    if late:
        yield _warning(f"{field}.learning_rate", "milestones_never_reached", milestones=late)


def _of_form(schedule: Schedule, form: MomentumForm, field: str) -> Iterator[PlanWarning]:
    """Equal numbers of two forms are different effective rates."""
    factor = effective_factor(schedule, form=form)
    if factor != 1:
        yield _warning(field, "momentum_form_mixed", factor=factor)


def _of_rates(
    schedule: Schedule, table: StepTable, form: MomentumForm, field: str
) -> Iterator[PlanWarning]:
    """A rate may grow with the root of the batch from the end of its warm-up on, not faster."""
    warm_up = schedule.learning_rate.warm_up
    settled = table.epoch >= (0 if warm_up is None else warm_up.epochs)
    if not settled.any():
        return
    effective = effective_rate(form, rate=table.learning_rate, beta=table.momentum)
    rates, batches = effective[settled], table.batch_size[settled]
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


def _of_effort(own: Work, theirs: Work, baseline: str, field: str) -> Iterator[PlanWarning]:
    """Far more steps, or samples or rates that are far apart; fewer steps are what is hoped for."""
    steps = own.steps / theirs.steps
    samples = own.samples / theirs.samples
    rate = own.summed_effective_rate / theirs.summed_effective_rate
    apart = any(not 1 / UNEQUAL_FACTOR <= one <= UNEQUAL_FACTOR for one in (samples, rate))
    if apart or steps > UNEQUAL_FACTOR:
        yield _warning(
            field,
            "unequal_work",
            baseline=baseline,
            steps_factor=steps,
            samples_factor=samples,
            rate_factor=rate,
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
