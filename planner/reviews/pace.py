"""The pace of a race on the hardware that the review is computed for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.composed_time import elapsed_s
from planner.devices.fabric import Interconnect
from planner.devices.throughput import ThroughputCurve, fit_throughput
from planner.economics.assumptions import Assumptions, Production
from planner.economics.cost import SECONDS_PER_HOUR
from planner.economics.device_price import on_terms
from planner.economics.investment import TrainingComparison
from planner.economics.rates import HardwareProfile, RateCard
from planner.money import Money, exchange
from planner.pilots.course import Course
from planner.pilots.pilot import Pilot
from planner.projections.transfer import (
    NoiseShare,
    StageSamples,
    baseline_batch_size,
    production_equivalent_s,
    stages_to_target,
)
from planner.refusal import Refusal
from planner.reviews.evaluated import evaluated_s, seconds_a_success
from planner.reviews.race import Race, at_crossing, value_at
from planner.reviews.unavailable import Unavailable as Unavailable
from planner.reviews.unavailable import unavailable_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds of each race on the review's hardware, by run id.

    With a production block they are transferred, and only their ratios mean something; without
    one the pilot itself is the training, and they are its seconds on that hardware.

    Attributes:
        spent_s: Up to the crossing, or to the end of the planned run where there was none;
            evaluations are no part of the race.
        evaluated_s: Seconds of the evaluations up to there; zeros with a production block, whose
            overhead has them.
        budget_s: Longest planned run of any schedule: one horizon for all of them.
        elapsed_s: The same clock for any schedule and number of steps done.
    """

    spent_s: Mapping[str, float]
    evaluated_s: Mapping[str, float]
    budget_s: float
    elapsed_s: Callable[[str, float], float]

    def held_s(self, race: Race) -> float:
        """Seconds for which the race's training has the hardware, evaluations included."""
        return self.spent_s[race.run_id] + self.evaluated_s[race.run_id]


def pace(
    races: Iterable[Race],
    *,
    pilot: Pilot,
    laid_out: Mapping[str, Course],
    plan: MicroBatchPlan,
    throughput: ThroughputCurve | None,
    device_count: int,
    production: Production | None,
    interconnect: Interconnect | None = None,
    noise_share: NoiseShare | None = None,
) -> Pace | Unavailable:
    """The pace of every race, or why there is none; never a number from another device.

    Args:
        races: To be timed.
        pilot: Names the baseline.
        laid_out: Course of every schedule.
        plan: How every batch is executed.
        throughput: Curve of the hardware; None if it was never measured.
        device_count: Devices that train together.
        production: The training that the pilot stands for; None: the pilot is the training.
        interconnect: Between the production's devices.
        noise_share: Where production's batch is another share of its noise scale; None: the same.
    """
    if production is not None:
        return _transferred(
            races, pilot, laid_out, throughput, production, interconnect, noise_share
        )
    scaling = laid_out[pilot.baseline.name].scaling
    stages = {name: len(course.stages) for name, course in laid_out.items()}
    unavailable = unavailable_on(pilot, throughput, device_count, scaling=scaling, stages=stages)
    if unavailable is not None or throughput is None:
        return unavailable or "throughput_unknown"
    return _on_curve(races, laid_out, throughput, plan, pilot.evaluation.every)


def measured_pace(
    races: Iterable[Race], laid_out: Mapping[str, Course], curve: ThroughputCurve, *, every: str
) -> Pace:
    """The pace of every race on the devices that it was run on, however many each stage has.

    Args:
        races: To be timed.
        laid_out: Course of every schedule.
        curve: Of the device that the races were measured on.
        every: Distance between two evaluations.
    """
    elapsed = {name: course.elapsed_s for name, course in laid_out.items()}
    return _composed(races, laid_out, elapsed, every=every, evaluation_s=curve.evaluation_s)


def training_today(
    baseline: Iterable[Race],
    reached: int,
    paces: Pace,
    *,
    hardware: HardwareProfile,
    production: Production | None,
    assumptions: Assumptions,
    device_count: int = 1,
) -> TrainingComparison:
    """Today's training as the money model needs it.

    Without a production block it is the baseline of the pilot: its mean time with its evaluations,
    and where some runs never reached the target, that of all of them for each one that did.
    """
    price = in_reporting_currency(hardware.rate_card.rent_per_gpu_hour, assumptions)
    if production is not None:
        return production_training(production, hardware.rate_card, price, assumptions)
    races = list(baseline)
    held = {race.run_id: paces.held_s(race) for race in races}
    hours_h = seconds_a_success(races, held, reached=reached) / SECONDS_PER_HOUR
    return pilot_training(hours_h, hardware.rate_card, price, assumptions, device_count)


def production_training(
    production: Production, card: RateCard, price: Money, assumptions: Assumptions
) -> TrainingComparison:
    """The production training today, on the terms of its devices.

    Args:
        production: Its hours are those of the devices of ``card``.
        card: What one device costs.
        price: Of one device-hour, in the reporting currency.
        assumptions: What was not measured.
    """
    return on_terms(
        TrainingComparison(
            training_h=production.training_h,
            device_count=production.device_count,
            candidate_device_count=production.device_count,
            overhead_fraction=production.overhead_fraction,
            price_per_device_h=price,
        ),
        spot=card.spot,
        ownership=card.ownership,
        assumptions=assumptions,
    )


def pilot_training(
    training_h: float,
    card: RateCard,
    price: Money,
    assumptions: Assumptions,
    device_count: int = 1,
) -> TrainingComparison:
    """A pilot that is itself the training: nothing of it is outside the schedule."""
    alone = Production(training_h=training_h, device_count=device_count, batch_size=device_count)
    return production_training(alone, card, price, assumptions)


def in_reporting_currency(price: Money, assumptions: Assumptions) -> Money:
    """A price in the currency of the review; nothing is nothing in every currency.

    Raises:
        Refusal: At ``assumptions.exchange_rates``, where the rate is missing.
    """
    if not price.amount:
        return Money(amount=0.0, currency=assumptions.currency)
    try:
        return exchange(price, assumptions.currency, assumptions.exchange_rates)
    except Refusal as refusal:
        raise Refusal(f"assumptions.{refusal.field}", refusal.code, **refusal.params) from refusal


def _transferred(
    races: Iterable[Race],
    pilot: Pilot,
    laid_out: Mapping[str, Course],
    throughput: ThroughputCurve | None,
    production: Production,
    interconnect: Interconnect | None,
    noise_share: NoiseShare | None,
) -> Pace | Unavailable:
    """Every race carried to production; b0 is the baseline's batch over its whole planned run.

    The whole plan, not the part up to the target, so that b0 is fixed before the first run.
    """
    fit = None
    if production.half_saturation_batch_size_per_device is None or interconnect is not None:
        if throughput is None:
            return "throughput_unknown"
        fit = fit_throughput(throughput)
    planned = [
        StageSamples(batch_size=stage.batch_size, samples=stage.samples)
        for stage in laid_out[pilot.baseline.name].stages
    ]
    b0 = baseline_batch_size(planned)

    def seconds_to(schedule: str, step: float) -> float:
        return production_equivalent_s(
            stages_to_target(laid_out[schedule].stages, step),
            baseline_batch=b0,
            production=production,
            fit=fit,
            noise_share=noise_share,
            interconnect=interconnect,
        )

    listed = list(races)
    return Pace(
        spent_s={
            race.run_id: seconds_to(
                race.schedule, race.crossing.step if race.crossing else race.steps
            )
            for race in listed
        },
        evaluated_s={race.run_id: 0.0 for race in listed},
        budget_s=max(seconds_to(name, course.table.steps) for name, course in laid_out.items()),
        elapsed_s=seconds_to,
    )


def _on_curve(
    races: Iterable[Race],
    laid_out: Mapping[str, Course],
    curve: ThroughputCurve,
    plan: MicroBatchPlan,
    every: str,
) -> Pace:
    """Every race composed with the hardware's own curve.

    On the curve that the races were measured with, these are the seconds that were measured.
    """
    elapsed = {
        name: elapsed_s(course.table, curve, plan, devices=course.devices, scaling=course.scaling)
        for name, course in laid_out.items()
    }
    return _composed(races, laid_out, elapsed, every=every, evaluation_s=curve.evaluation_s)


def _composed(
    races: Iterable[Race],
    laid_out: Mapping[str, Course],
    elapsed: Mapping[str, NDArray[np.float64]],
    *,
    every: str,
    evaluation_s: float,
) -> Pace:
    """The pace of races whose schedules take ``elapsed`` seconds at their step boundaries."""
    listed = list(races)
    return Pace(
        spent_s={
            race.run_id: (
                at_crossing(elapsed[race.schedule], race.crossing)
                if race.crossing
                else float(elapsed[race.schedule][-1])
            )
            for race in listed
        },
        evaluated_s=evaluated_s(listed, laid_out, every=every, evaluation_s=evaluation_s),
        budget_s=max(float(seconds[-1]) for seconds in elapsed.values()),
        elapsed_s=lambda name, step: value_at(elapsed[name], step),
    )
