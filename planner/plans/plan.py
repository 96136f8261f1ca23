"""A pilot before it is started: what it would cost and take, and what it must show to pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.devices.batch_plan import micro_batch_plan
from planner.devices.composed_time import elapsed_s
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.economics.break_even import break_even_time_ratio
from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.investment import TrainingComparison, investment
from planner.economics.rates import HardwareProfile
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.caps import UNLIMITED, CapTerms
from planner.pilots.course import devices_of_steps
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.plans.cap_forecast import cap_forecast
from planner.plans.pilot_time import longest_run_s, pilot_device_h, pilot_time_s, run_counts
from planner.plans.plan_facts import CurveUse, PlanFacts, SchedulePlan
from planner.plans.plan_warnings import pilot_warnings
from planner.plans.preview import preview
from planner.plans.queue_forecast import Serving, sharing
from planner.plans.run_time import RunTime, run_time
from planner.plans.schedule_warnings import schedule_warnings
from planner.plans.takers import Takers, wanted_devices
from planner.refusal import require
from planner.reviews.pace import in_reporting_currency, pilot_training, production_training
from planner.reviews.unavailable import Unavailable, unavailable_on
from planner.schedules.batch_size import batch_segments
from planner.schedules.schedule import (
    MOST_STEPS,
    Schedule,
    StepTable,
    plan_steps,
    stages,
    work_parity,
)
from planner.schedules.theory import theory_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """Everything that the facts of a plan are a function of.

    Attributes:
        pilot: As planned; its workload is known and its schedules can be run.
        workload: Sizes of the data.
        throughput: Curve of the device that would run it; None if it was never measured.
        curve: Where that curve is kept, and whether it is used again; None without one.
        needs_probe: Whether the pilot will measure its own curve first.
        hardware: Hardware that the review will be computed for.
        pilot_rate_per_device_h: Price of the device that would run it; None if nobody stated one.
        serving: Workers that train the workload, each from when it is free.
        now: The time of day.
        cap_terms: Its caps, and what they are counted at.
        month: Caps of the installation, with what is expected of them without this pilot.
        scaling: Steps on several devices like that of ``throughput``; None where nobody timed any.
    """

    pilot: Pilot
    workload: Workload
    throughput: ThroughputCurve | None
    curve: CurveUse | None
    needs_probe: bool
    hardware: HardwareProfile
    pilot_rate_per_device_h: Money | None
    serving: tuple[Serving, ...]
    now: datetime
    cap_terms: CapTerms = UNLIMITED
    month: tuple[CapUse, ...] = ()
    scaling: ScalingCurve | None = None


def plan_facts(given: PlanInput) -> PlanFacts:
    """What can be said before the first run; the same input gives the same facts."""
    pilot = given.pilot
    tables = _tables(given)
    times = None if given.throughput is None else _times(given, tables, given.throughput)
    workers = sharing(given.serving)
    takers = Takers(serving=given.serving, wanted=wanted_devices(pilot, tables.items()))
    device_h = None if times is None else pilot_device_h(pilot, times, workers=workers)
    today = _today(given, tables)
    known = today if isinstance(today, TrainingComparison) else None
    pilot_cost = _pilot_cost(given, device_h)
    caps = cap_forecast(
        given.cap_terms,
        pilot.assumptions.exchange_rates,
        longest_run_s=None if times is None else longest_run_s(pilot, times, workers=workers),
        device_h=device_h,
        month=given.month,
    )
    shown_on = given.hardware.throughput or given.throughput
    sunk = pilot_cost or Money(amount=0.0, currency=pilot.assumptions.currency)
    return PlanFacts(
        run_counts=run_counts(pilot, needs_probe=given.needs_probe),
        schedules=tuple(
            _schedule_plan(schedule, given, tables, times, shown_on) for schedule in pilot.schedules
        ),
        device=None if given.throughput is None else given.throughput.device,
        preview_device=None if shown_on is None else shown_on.device,
        hardware_measured=given.hardware.throughput is not None,
        curve=given.curve,
        workers=takers.number,
        pilot_time_s=None if times is None else pilot_time_s(pilot, times, serving=takers.idle),
        pilot_device_h=device_h,
        pilot_cost=pilot_cost,
        finish_at=_finish_at(given, times),
        unavailable=None if isinstance(today, TrainingComparison) else today,
        break_even_time_ratio=(
            break_even_time_ratio(known, pilot_device_cost=sunk, assumptions=pilot.assumptions)
            if known
            else None
        ),
        investment=(
            investment(known, pilot_device_cost=sunk, assumptions=pilot.assumptions)
            if known
            else None
        ),
        warnings=pilot_warnings(
            pilot,
            workload=given.workload,
            hardware=given.hardware,
            takers=takers,
            caps=caps,
        ),
        caps=caps,
    )


def _tables(given: PlanInput) -> dict[str, StepTable]:
    """Steps of every schedule; all of them together may be as many as one run may have."""
    samples, epochs = given.workload.training_samples, given.pilot.budget.epochs
    form = given.pilot.momentum_form
    steps = sum(
        int(
            batch_segments(
                one.batch_size, training_samples=samples, epochs=one.epochs or epochs
            ).steps.sum()
        )
        for one in given.pilot.schedules
    )
    require(steps <= MOST_STEPS, "schedules", "too_many_steps_to_plan", most=MOST_STEPS)
    return {
        schedule.name: plan_steps(schedule, training_samples=samples, epochs=epochs, form=form)
        for schedule in given.pilot.schedules
    }


def _times(
    given: PlanInput, tables: Mapping[str, StepTable], curve: ThroughputCurve
) -> dict[str, RunTime]:
    """Composed time of one run of every schedule on the devices of its stages."""
    every, plan = given.pilot.evaluation.every, micro_batch_plan(given.throughput or curve)
    return {
        name: run_time(
            table,
            every=every,
            curve=curve,
            plan=plan,
            devices=devices_of_steps(given.pilot, name, table),
            scaling=given.scaling,
        )
        for name, table in tables.items()
    }


def _schedule_plan(
    schedule: Schedule,
    given: PlanInput,
    tables: Mapping[str, StepTable],
    times: Mapping[str, RunTime] | None,
    shown_on: ThroughputCurve | None,
) -> SchedulePlan:
    table, form = tables[schedule.name], given.pilot.momentum_form
    spent_s = None
    if shown_on is not None:
        spent_s = elapsed_s(table, shown_on, micro_batch_plan(given.throughput or shown_on))
    return SchedulePlan(
        schedule=schedule.name,
        role=schedule.role,
        work=work_parity(table, form=form),
        stages=stages(table),
        capped_at_data=table.capped_at_data,
        run_time_s=None if times is None else times[schedule.name].total_s,
        theory=theory_facts(schedule, table, form=form),
        preview=preview(table, form=form, spent_s=spent_s),
        warnings=schedule_warnings(given.pilot, tables, schedule.name, given.throughput),
    )


def _today(given: PlanInput, tables: Mapping[str, StepTable]) -> TrainingComparison | Unavailable:
    """Today's training; without a production block it is the baseline's whole planned run.

    The review counts a training to its target only, which nobody knows before the runs.
    """
    pilot, production, hardware = given.pilot, given.pilot.production, given.hardware
    price = in_reporting_currency(hardware.rate_card.rent_per_gpu_hour, pilot.assumptions)
    if production is not None:
        return production_training(production, hardware.rate_card, price, pilot.assumptions)
    unavailable = unavailable_on(
        pilot,
        hardware.throughput,
        hardware.device_count,
        scaling=given.scaling,
        stages={name: len(stages(table)) for name, table in tables.items()},
    )
    if unavailable is not None or hardware.throughput is None:
        return unavailable or "throughput_unknown"
    baseline_s = _times(given, tables, hardware.throughput)[pilot.baseline.name].total_s
    hours_h = baseline_s / SECONDS_PER_HOUR
    card, count = hardware.rate_card, hardware.device_count
    return pilot_training(hours_h, card, price, pilot.assumptions, count)


def _pilot_cost(given: PlanInput, device_h: float | None) -> Money | None:
    """In the review's currency."""
    rate = given.pilot_rate_per_device_h
    if rate is None or device_h is None:
        return None
    return in_reporting_currency(rate, given.pilot.assumptions) * device_h


def _finish_at(given: PlanInput, times: Mapping[str, RunTime] | None) -> datetime | None:
    """After what is queued before it; None where no worker takes it, or some part of it."""
    if times is None:
        return None
    seconds = pilot_time_s(given.pilot, times, serving=given.serving)
    return None if seconds is None else given.now + timedelta(seconds=seconds)
