"""What money costs in CPU: the propagation of a plan, a review of 47 runs, plans of devices.

CPU milliseconds of the process after a warm-up, median of the repeats, beside a plain loop over
the same 16,384 draws that works out every draw's monthly flows, worth and payback one by one.
Plans of devices stand beside a loop over all of them. Aims: propagation at most 10 ms, review at
most 50 ms, device plans at most 100 ms.
"""

import dataclasses
import time
from collections.abc import Callable, Mapping
from statistics import median

from backend.cli.files import read
from backend.services.reviews import review_of
from benchmarks import economics_device_plans as device_plans
from benchmarks.bench_review import EXAMPLE, a_record
from benchmarks.turns import load
from planner.devices.batch_plan import micro_batch_plan
from planner.economics.assumptions import Assumptions, Range
from planner.economics.cashflow import npv, payback
from planner.economics.correlations import Correlations
from planner.economics.distributions import DRAWS, pert_draws
from planner.economics.investment import (
    TrainingComparison,
    investment,
    monthly_flows,
    training_value,
)
from planner.economics.speed_up import PairedSpeedUp
from planner.economics.uncertainty import propagate
from planner.money import Money
from planner.pilots.pilot import Pilot, runs_of_confirmation, runs_of_selection
from planner.projections.what_if import what_if
from planner.reviews.review_input import PilotEvidence, ReviewRequest
from planner.reviews.selection import Selection
from tests.support.planted_worker import planted_curve

REPEATS = 40
WARM_UP = 3
SPEED_UP = PairedSpeedUp(mean_log=-0.3, sd_log=0.05, pairs=10)
RANGES = {
    "trainings_per_month": Range(low=10, high=30),
    "engineer_rate_per_h": Range(low=60, high=130),
    "adoption_engineer_h": Range(low=20, high=90),
    "realisation_fraction": Range(low=0.1, high=0.6),
    "retuning_trainings": Range(low=1, high=4),
    "validation_trainings": Range(low=0, high=3),
    "discount_rate_per_year": Range(low=0.04, high=0.12),
}
TOGETHER = Correlations(
    names=("engineer_rate_per_h", "adoption_engineer_h"), matrix=((1.0, 0.5), (0.5, 1.0))
)


def cpu_ms(work: Callable[[], object], *, repeats: int = REPEATS) -> float:
    """Median CPU time of a piece of work that its caches know already."""
    for _ in range(min(WARM_UP, repeats)):
        work()
    spent = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1e3)
    return median(spent)


def the_evidence() -> PilotEvidence:
    """The example pilot at its end: 32 runs of the sweep and 15 of the confirmation."""
    pilot = read(Pilot, EXAMPLE)
    selected = {schedule.name: 1.0 for schedule in pilot.schedules}
    finalists = tuple(candidate.name for candidate in pilot.candidates[:2])
    runs = (*runs_of_selection(pilot), *runs_of_confirmation(pilot, selected, finalists))
    curve = planted_curve()
    return PilotEvidence(
        pilot=pilot,
        records=tuple(
            dataclasses.replace(a_record(pilot, run), run_id=f"run-{place}")
            for place, run in enumerate(runs)
        ),
        throughput=curve,
        micro_batch_plan=micro_batch_plan(curve),
        selection=Selection(selected=selected, finalists=finalists, at_edge=()),
    )


def propagated(today: TrainingComparison, assumptions: Assumptions) -> Callable[[], object]:
    """What is timed: draws to bands, odds, tornado and scenarios."""
    pilot_cost = Money(amount=1.0, currency=assumptions.currency)
    return lambda: propagate(
        today,
        speed_up=SPEED_UP,
        pilot_device_cost=pilot_cost,
        assumptions=assumptions,
        transferred=True,
    )


def draw_by_draw(today: TrainingComparison, assumptions: Assumptions) -> Callable[[], object]:
    """The same draws in a plain loop: flows, worth and payback of each, and nothing else."""
    pilot_cost = Money(amount=1.0, currency=assumptions.currency)
    ratios = SPEED_UP.draws()
    columns: Mapping[str, list[float]] = {
        name: pert_draws(name, mode=getattr(assumptions, name), ends=ends).tolist()
        for name, ends in assumptions.ranges.items()
    }
    certain = dataclasses.replace(assumptions, ranges={}, correlations=None)

    def loop() -> list[tuple[float, float | None]]:
        found = []
        for draw in range(DRAWS):
            assumed = dataclasses.replace(
                certain, **{name: column[draw] for name, column in columns.items()}
            )
            flows = monthly_flows(
                investment(today, pilot_device_cost=pilot_cost, assumptions=assumed),
                training_value(today, time_ratio=float(ratios[draw]), assumptions=assumed),
                assumed,
            )
            worth = npv(flows, assumed.discount_rate_per_year).amount
            found.append((worth, payback(flows).months))
        return found

    return loop


def told(what: str, spent_ms: float, plain_ms: float, *, aim_ms: float) -> None:
    """One line: the figure, its aim, and how much less than the plain loop."""
    print(
        f"{what}: {spent_ms:.1f} ms CPU (aim <= {aim_ms:g}), "
        f"1/{plain_ms / spent_ms:.0f} of the plain loop's {plain_ms:.0f} ms"
    )


def main() -> None:
    """Prints every figure, on one line each."""
    evidence = the_evidence()
    request = ReviewRequest(evidence=evidence)
    review = review_of(evidence, request, look=1)
    today = review.today
    if today is None:
        raise AssertionError("the example states a production training")
    plain = dataclasses.replace(evidence.pilot.assumptions, ranges={})
    ranged = dataclasses.replace(plain, ranges=RANGES)
    taxed = dataclasses.replace(
        ranged, correlations=TOGETHER, tax_fraction=0.3, hardware_outlay=10_000
    )
    print(load())
    plain_ms = cpu_ms(draw_by_draw(today, ranged), repeats=1)
    for what, assumptions in (
        ("propagation, only the speed-up uncertain", plain),
        ("propagation, seven ranges besides", ranged),
        ("propagation, two of them correlated, tax and depreciation", taxed),
    ):
        told(what, cpu_ms(propagated(today, assumptions)), plain_ms, aim_ms=10)
    candidates = sum(found.case is not None for found in review.schedules)
    told(
        f"review of {len(evidence.records)} runs, {candidates} candidates priced",
        cpu_ms(lambda: review_of(evidence, request, look=1)),
        plain_ms * candidates,
        aim_ms=50,
    )
    pareto()


def pareto() -> None:
    """The front of 5 stages x 11 device counts, and the whole what-if around it."""
    stages = device_plans.stages()
    for use in ("reserved", "elastic"):
        brute = device_plans.one_by_one(stages, use)
        plain_ms = cpu_ms(brute, repeats=1)
        front = device_plans.exact(stages, use)
        what = f"{len(front())} best of 161,051 device plans, {use}"
        told(what, cpu_ms(front), plain_ms, aim_ms=100)
    told(
        "what-if of one hardware, elastic, with charts and worth",
        cpu_ms(lambda: what_if(device_plans.TRAINING)),
        plain_ms,
        aim_ms=100,
    )


if __name__ == "__main__":
    main()
