"""Pilots with planted measurements as the input of a review, without any program running."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from backend.cli.files import read
from planner.devices.batch_plan import micro_batch_plan
from planner.economics.rates import HardwareProfile, RateCard
from planner.measurements.measurement import Measurement, RunRecord
from planner.money import Money
from planner.pilots.pilot import Pilot
from planner.pilots.run import Attempt, Run
from planner.pilots.seeds import Seeds
from planner.pilots.workload import BUILT_IN
from planner.reviews.review_input import ReviewInput
from planner.reviews.selection import Selection
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.schedule import Schedule, plan_steps
from tests.support.planted_worker import falling_loss, planted_curve

EXAMPLE = Path(__file__).parents[2] / "backend" / "data" / "example_pilot.yaml"

H100 = RateCard(
    id="h100-test",
    device="H100 SXM",
    vendor="A vendor",
    kind="on_demand",
    rent_per_gpu_hour=Money(amount=4.0, currency="USD"),
    as_of="2026-11-01",
    source="a test",
)


def a_pilot(**changes: object) -> Pilot:
    """The example with today's schedule and one candidate, on five confirmation seeds."""
    example = read(Pilot, EXAMPLE)
    own = replace(
        example,
        schedules=example.schedules[:2],
        rate_multipliers=(1.0,),
        seeds=Seeds(confirmation=(11, 12, 13, 14, 15)),
    )
    return replace(own, **changes)  # type: ignore[arg-type]


def a_review_input(
    half_lives: Mapping[str, float], *, pilot: Pilot | None = None, spread: float = 0.01
) -> ReviewInput:
    """Every confirmation run of a pilot, its loss halving every so many of its samples.

    Args:
        half_lives: Share of the samples in which the loss halves, by schedule.
        pilot: The example by default.
        spread: Share by which neighbouring seeds differ.
    """
    planned = pilot or a_pilot()
    curve = planted_curve()
    records = tuple(
        a_record(planned, schedule, seed, half_lives[schedule.name] * (1 + spread * place))
        for schedule in planned.schedules
        for place, seed in enumerate(planned.seeds.confirmation)
    )
    return ReviewInput(
        pilot=planned,
        workload=BUILT_IN[planned.workload],
        records=records,
        selection=Selection(
            selected={schedule.name: 1.0 for schedule in planned.schedules},
            finalists=tuple(schedule.name for schedule in planned.candidates),
            at_edge=(),
        ),
        throughput=curve,
        micro_batch_plan=micro_batch_plan(curve),
        hardware=HardwareProfile(rate_card=H100, device_count=8),
        pilot_rate=H100,
        production=planned.production,
        assumptions=planned.assumptions,
    )


def a_record(
    pilot: Pilot,
    schedule: Schedule,
    seed: int,
    half_life: float,
    *,
    purpose: str = "confirmation",
    rate_multiplier: float = 1.0,
) -> RunRecord:
    """One run to the end of its planned epochs."""
    table = plan_steps(
        schedule,
        training_samples=BUILT_IN[pilot.workload].training_samples,
        epochs=pilot.budget.epochs,
    )
    course = falling_loss(half_life)
    steps = evaluation_steps(pilot.evaluation.every, table).tolist()
    return RunRecord(
        run_id=f"{schedule.name}-{purpose}-{rate_multiplier}-{seed}",
        run=Run(
            schedule=schedule.name,
            rate_multiplier=rate_multiplier,
            seed=seed,
            purpose=purpose,  # type: ignore[arg-type]
        ),
        status="succeeded",
        attempts=(Attempt(number=1, from_step=0, to_step=table.steps, evaluations=len(steps)),),
        measurements=tuple(
            Measurement(step=step, metrics=dict(course(step / table.steps))) for step in steps
        ),
        final_metrics={},
    )
