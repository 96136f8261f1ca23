"""The review: measured runs and assumptions in, verdict, numbers and curves out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.chart import Chart
from planner.devices.communication import ComposedCommunication
from planner.devices.throughput import ThroughputFit, fit_throughput, saturation_batch_size
from planner.economics.assumptions import Assumptions, Production
from planner.economics.business_case import BusinessCase, training_facts_today
from planner.economics.energy import EnergyUse
from planner.economics.investment import TrainingComparison
from planner.economics.rates import RateCard
from planner.money import Money
from planner.pilots.imported import Imported
from planner.pilots.target import Quality, Target
from planner.projections.batch_trade_off import BatchTradeOff
from planner.projections.device_speed import TypedPoint
from planner.reviews.arm import Arm
from planner.reviews.comparison import compare
from planner.reviews.convergence import clock_of, convergence_charts
from planner.reviews.hardware_case import HardwareCase, hardware_cases
from planner.reviews.judged import (
    Judged,
    case_of,
    device_h,
    evidence_of,
    judge,
    today_of,
    with_evaluations,
)
from planner.reviews.measured import measure
from planner.reviews.metered import pilot_energy, training_energy
from planner.reviews.next_step import NextStep, next_step
from planner.reviews.noise_scenario import NoiseScenario, noise_scenarios
from planner.reviews.origins import provenances
from planner.reviews.pace import Pace, Unavailable
from planner.reviews.probed import extrapolated
from planner.reviews.provenance import Background, Provenance
from planner.reviews.race import Race
from planner.reviews.review_charts import payback_chart, sweep_chart, time_against_cost_chart
from planner.reviews.review_input import ReviewInput
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.survival_chart import survival_chart
from planner.reviews.sweep import RateRanking, rate_rankings
from planner.reviews.to_target import speed_points, trade_off_of, training_stages
from planner.reviews.tornado_chart import tornado_chart
from planner.reviews.verdict import VerdictFacts, choose, decide
from planner.reviews.wall_clock import RunClock, run_clocks
from planner.schedules.schedule import work_parity

FORMAT_VERSION = 2
"""Version of the review's own format, as in ``review.json``; docs/review.md says when it rises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The whole story of a pilot as facts; wording turns keys into sentences.

    Attributes:
        format_version: Of this structure.
        pilot: Its name.
        workload: Name of the workload.
        target: Metric value that ends the race.
        quality: Metric that a candidate must not worsen; None if the pilot names none.
        measured_on: Device, dtype and versions behind every measured number.
        fit: Overhead and throughput of that device.
        saturation_batch_size: Smallest batch with 95 % of its best throughput.
        largest_probed_batch_size: Beyond it step times are extrapolated.
        extrapolated: Schedules with a batch outside what was probed, on the device of the runs or
            on the hardware that is priced.
        price: Rate card that the review's money is computed with.
        device_count: Devices of the training that is priced.
        production: The training that the pilot stands for; None: the pilot is the training.
        assumptions: What the money rests on that nobody measured.
        pilot_device_h: Device-hours of all runs so far.
        pilot_cost: The same at the rate of the device that the pilot ran on.
        pilot_rate_per_device_h: That rate; zero means that nobody has entered one.
        today: One training under today's schedule; None where it cannot be stated.
        unavailable: Message key that says why times on the hardware cannot be stated.
        schedules: In the pilot's order.
        races: Every training run, judged.
        verdict: On the best candidate.
        next_step: About the same candidate: more seeds, an assumption to settle, or a decision.
        rankings: Which schedule was fastest at which learning rate; empty without a sweep.
        charts: Without a word of prose.
        provenances: Where every number of every schedule comes from.
        batch_trade_off: Steps against samples over its constant batch sizes, or why it says none.
        run_clocks: What runs of their own took by the clock on the wall, beside composed time; a
            repeated pilot gives other ones, and nothing else in a review depends on them.
        speed_points: Two step times of the hardware where only its half-saturation batch is
            known, for a projection; empty otherwise.
        hardware_cases: The verdict's candidate on every other hardware that was asked about.
        noise_scenarios: Priced candidates where production's batch is a larger share of its noise
            scale; empty without a transfer or a reading. The clock has a say in when meters are
            read, so a repeated pilot gives other ones; nothing else in a review depends on them.
        pilot_energy: Electricity and carbon of all the pilot's runs so far; None where they are
            not known.
        imported: Where the runs come from; None where they were measured by Paybatch.
        communication: Whether composed times hold what several devices of the pilot say to each
            other; None where one device trains every stage.
    """

    format_version: int
    pilot: str
    workload: str
    target: Target
    quality: Quality | None
    measured_on: str
    fit: ThroughputFit
    saturation_batch_size: int
    largest_probed_batch_size: int
    extrapolated: tuple[str, ...]
    price: RateCard
    device_count: int
    production: Production | None
    assumptions: Assumptions
    pilot_device_h: float
    pilot_cost: Money
    pilot_rate_per_device_h: Money
    today: TrainingComparison | None
    unavailable: Unavailable | None
    schedules: tuple[ScheduleReview, ...]
    races: tuple[Race, ...]
    verdict: VerdictFacts
    next_step: NextStep
    rankings: tuple[RateRanking, ...]
    charts: tuple[Chart, ...]
    provenances: tuple[Provenance, ...]
    batch_trade_off: BatchTradeOff
    run_clocks: tuple[RunClock, ...] = ()
    hardware_cases: tuple[HardwareCase, ...] = ()
    speed_points: tuple[TypedPoint, ...] = ()
    pilot_energy: EnergyUse | None = None
    noise_scenarios: tuple[NoiseScenario, ...] = ()
    imported: Imported | None = None
    communication: ComposedCommunication | None = None


def make_review(given: ReviewInput) -> Review:
    """The review; the same input gives the same numbers to the last digit."""
    return review_of(given, judge(given))


def review_of(given: ReviewInput, judged: Judged) -> Review:
    """The review of an input that is judged already."""
    today = today_of(judged)
    reviewed = tuple(_review_arm(arm, judged, today) for arm in judged.arms)
    verdict = _verdict(judged, reviewed)
    return Review(
        format_version=FORMAT_VERSION,
        pilot=given.pilot.name,
        workload=given.pilot.workload,
        target=given.pilot.target,
        quality=given.pilot.quality,
        imported=given.imported,
        measured_on=given.measured_on,
        communication=given.communication,
        fit=fit_throughput(given.throughput),
        saturation_batch_size=saturation_batch_size(given.throughput),
        largest_probed_batch_size=given.throughput.points[-1].batch_size,
        extrapolated=extrapolated(judged),
        price=given.hardware.rate_card,
        device_count=given.device_count,
        production=judged.production or given.production,
        assumptions=given.assumptions,
        pilot_device_h=device_h(judged.races),
        pilot_cost=judged.pilot_cost,
        pilot_rate_per_device_h=judged.pilot_rate,
        pilot_energy=pilot_energy(judged),
        today=today,
        unavailable=None if isinstance(judged.paces, Pace) else judged.paces,
        schedules=reviewed,
        races=judged.races,
        verdict=verdict,
        next_step=next_step(judged, reviewed, verdict),
        rankings=rate_rankings(judged.ended, budget_s=judged.budget_s),
        charts=_charts(judged, reviewed, today),
        provenances=provenances(reviewed, _background(judged, today)),
        speed_points=speed_points(judged),
        noise_scenarios=noise_scenarios(judged, reviewed, today),
        hardware_cases=hardware_cases(_arm_of(verdict.schedule, judged), judged),
        batch_trade_off=trade_off_of(
            judged, [found.schedule for found in reviewed if found.rate_at_edge]
        ),
        run_clocks=run_clocks(
            given.records,
            given.pilot,
            judged.laid_out,
            evaluation_s=given.throughput.evaluation_s,
        ),
    )


def _review_arm(arm: Arm, judged: Judged, today: TrainingComparison | None) -> ScheduleReview:
    given = judged.given
    own = [race for race in judged.races if race.schedule == arm.schedule]
    case = None
    comparison = None
    training = None
    if today and arm.role == "baseline":
        training = with_evaluations(training_facts_today(today), arm, judged)
    if arm.role == "candidate":
        comparison = compare(arm, judged.baseline, given.pilot)
        case = case_of(arm, judged, today)
        training = case.training if case else None
    table = judged.laid_out[arm.schedule].table
    executed = replace(table, learning_rate=arm.rate_multiplier * table.learning_rate)
    return ScheduleReview(
        schedule=arm.schedule,
        role=arm.role,
        rate_multiplier=arm.rate_multiplier,
        rate_at_edge=_at_edge(arm, given),
        seeds_from=arm.purpose,
        complete=arm.complete,
        work=work_parity(executed, form=given.pilot.momentum_form),
        measured=measure(arm, budget_s=judged.budget_s),
        comparison=comparison,
        pilot_device_h=device_h(own),
        pilot_cost=judged.pilot_rate * device_h(own),
        training=training,
        stages_to_target=training_stages(arm, judged),
        case=case,
        energy=training_energy(arm, judged, device_h=training.device_h) if training else None,
        verdict=(
            decide(evidence_of(arm, judged, comparison, case)) if comparison is not None else None
        ),
        charts=_own_charts(case),
    )


def _own_charts(case: BusinessCase | None) -> tuple[Chart, ...]:
    tornado = tornado_chart(case) if case else None
    return (tornado,) if tornado else ()


def _verdict(judged: Judged, reviewed: Sequence[ScheduleReview]) -> VerdictFacts:
    """The verdict on the best candidate; those that were not confirmed do not stand for it."""
    by_name = {found.schedule: found for found in reviewed}
    candidates = judged.candidates
    confirmed = [arm for arm in candidates if arm.purpose == "confirmation"]
    evidence = []
    for arm in confirmed or candidates:
        comparison = by_name[arm.schedule].comparison
        if comparison is not None:
            evidence.append(evidence_of(arm, judged, comparison, by_name[arm.schedule].case))
    best = choose(evidence)
    verdict = by_name[best.schedule].verdict if best else None
    if verdict is None:
        raise AssertionError("a pilot has at least one candidate")
    return verdict


def _arm_of(schedule: str, judged: Judged) -> Arm:
    return next(arm for arm in judged.arms if arm.schedule == schedule)


def _at_edge(arm: Arm, given: ReviewInput) -> bool:
    tried = given.pilot.rate_multipliers
    selected = given.selection is not None and len(tried) > 1
    return selected and arm.rate_multiplier in (min(tried), max(tried))


def _background(judged: Judged, today: TrainingComparison | None) -> Background:
    given = judged.given
    return Background(
        target=given.pilot.target,
        quality=given.pilot.quality,
        price=given.hardware.rate_card,
        today=today,
        production=judged.production or given.production,
        assumptions=given.assumptions,
        pilot_device_h=device_h(judged.races),
        pilot_rate_per_device_h=judged.pilot_rate,
        imported=given.imported is not None,
    )


def _charts(
    judged: Judged, reviewed: Sequence[ScheduleReview], today: TrainingComparison | None
) -> tuple[Chart, ...]:
    given = judged.given
    charts = (
        payback_chart(reviewed),
        time_against_cost_chart(reviewed, today, given.assumptions),
        *convergence_charts(judged, reviewed),
        sweep_chart(given.pilot, judged.ended, budget_s=judged.budget_s),
        survival_chart(judged.arms, budget_s=judged.budget_s, clock=clock_of(given.imported)),
    )
    return tuple(chart for chart in charts if chart is not None)
