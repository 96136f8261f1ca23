"""A pilot whose truth is simple: batches that divide the data, losses that halve every epoch.

One epoch is 1,078 samples: 49 steps at batch 22, 7 steps at batch 154, none of them partial. The
device takes ``t(b) = 1 ms + b / 100,000 s``: 1.22 ms a step at 22, 2.54 ms at 154.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from planner.devices.batch_plan import MicroBatchPlan, micro_batch_plan
from planner.devices.throughput import ThroughputCurve
from planner.economics.rates import HardwareProfile, RateCard
from planner.measurements.measurement import Measurement, RunRecord
from planner.money import Money
from planner.pilots.course import Course, courses
from planner.pilots.pilot import Pilot
from planner.pilots.run import Attempt, Purpose, Run, RunStatus
from planner.pilots.workload import BUILT_IN
from planner.reviews.race import Race, judge_races
from planner.reviews.review_input import ReviewInput
from planner.reviews.selection import Selection, selection_without_sweep
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.schedule import plan_steps
from tests.support.installation import a_pilot, schedule_data
from tests.support.planted_worker import planted_curve

WORKLOAD = BUILT_IN["digits-mlp"]
SAMPLES = 1078
STEPS_AT_22 = 49
STEPS_AT_154 = 7
T_22 = 1e-3 + 22 / 1e5
T_154 = 1e-3 + 154 / 1e5
EPOCHS = 20
TARGET = 0.5
SEEDS = (11, 12, 13, 14, 15)
EVALUATION_S = 0.01

CURVE: ThroughputCurve = planted_curve()
PLAN: MicroBatchPlan = micro_batch_plan(CURVE)

TODAY = schedule_data("today", role="baseline", batch_size={"initial": 22})
LARGE = schedule_data("large", batch_size={"initial": 154})
GROWING = schedule_data(
    "growing", batch_size={"initial": 22, "growth": 7, "every_epochs": 4, "maximum": 154}
)

Metrics = Callable[[float], Mapping[str, float]]
"""Metrics by epochs done."""


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def halving(at_epoch: float | None, *, accuracy: float = 0.95) -> Metrics:
    """Losses that halve every epoch and cross the target at ``at_epoch`` sharp; None never do."""

    def metrics(epoch: float) -> Mapping[str, float]:
        loss = 2 * TARGET if at_epoch is None else TARGET * 2 ** (at_epoch - epoch)
        return {
            "train_loss": loss,
            "validation_loss": loss,
            "validation_accuracy": accuracy,
            "full_gradient_norm": loss,
        }

    return metrics


def known_pilot(**changes: object) -> Pilot:
    """Today's batch of 22 against 154 from the start, five seeds, nothing to select."""
    fields: dict[str, object] = {
        "target": {"metric": "validation_loss", "value": TARGET, "direction": "below"},
        "quality": {"metric": "validation_accuracy", "tolerance": 0.01},
        "budget": {"epochs": EPOCHS},
        "seeds": {"confirmation": list(SEEDS)},
        "schedules": [TODAY, LARGE],
        "looks": 1,
    }
    return a_pilot(**(fields | changes))


def a_record(
    pilot: Pilot,
    schedule: str,
    metrics: Metrics,
    *,
    seed: int = SEEDS[0],
    rate_multiplier: float = 1.0,
    purpose: Purpose = "confirmation",
    status: RunStatus = "succeeded",
    epochs_done: float = EPOCHS,
) -> RunRecord:
    """A run in one attempt that was evaluated as the pilot says, up to ``epochs_done``."""
    found = next(planned for planned in pilot.schedules if planned.name == schedule)
    table = plan_steps(found, training_samples=SAMPLES, epochs=pilot.budget.epochs)
    seen = [*table.samples.tolist(), SAMPLES * pilot.budget.epochs]
    measurements = tuple(
        Measurement(step=step, metrics=dict(metrics(seen[step] / SAMPLES)))
        for step in evaluation_steps(pilot.evaluation.every, table).tolist()
        if seen[step] <= epochs_done * SAMPLES
    )
    attempt = Attempt(
        number=1,
        from_step=0,
        to_step=measurements[-1].step if measurements else 0,
        evaluations=len(measurements),
    )
    return RunRecord(
        run_id=f"{schedule} {rate_multiplier:g} {seed} {purpose}",
        run=Run(schedule=schedule, rate_multiplier=rate_multiplier, seed=seed, purpose=purpose),
        status=status,
        attempts=(attempt,),
        measurements=measurements,
        final_metrics={},
    )


def records_of(
    pilot: Pilot,
    schedule: str,
    at_epochs: Sequence[float | None],
    *,
    accuracy: Sequence[float] | float = 0.95,
    rate_multiplier: float = 1.0,
    purpose: Purpose = "confirmation",
) -> tuple[RunRecord, ...]:
    """One whole run a seed of the purpose, reaching the target after so many epochs."""
    seeds = pilot.seeds.confirmation if purpose == "confirmation" else pilot.seeds.selection
    accuracies = [accuracy] * len(seeds) if isinstance(accuracy, float) else accuracy
    return tuple(
        a_record(
            pilot,
            schedule,
            halving(at_epoch, accuracy=final),
            seed=seed,
            rate_multiplier=rate_multiplier,
            purpose=purpose,
        )
        for seed, at_epoch, final in zip(seeds, at_epochs, accuracies, strict=True)
    )


def courses_of(pilot: Pilot) -> dict[str, Course]:
    return courses(pilot, WORKLOAD, CURVE, PLAN)


def races_of(pilot: Pilot, *records: RunRecord) -> tuple[Race, ...]:
    return judge_races(records, pilot, courses_of(pilot), evaluation_s=EVALUATION_S)


def this_computer(
    price_per_h: float = 0.0, *, curve: ThroughputCurve | None = CURVE, device_count: int = 1
) -> HardwareProfile:
    """The device of the pilot, at a price in US dollars."""
    card = RateCard(
        id="this-computer",
        device="this-computer",
        vendor="",
        kind="this_computer",
        rent_per_gpu_hour=usd(price_per_h),
        as_of="2026-11-24",
    )
    return HardwareProfile(rate_card=card, device_count=device_count, throughput=curve)


def review_input(
    pilot: Pilot, records: Sequence[RunRecord], *, price_per_h: float = 3600.0, **changes: object
) -> ReviewInput:
    """A review on the device of the pilot; its production is the pilot's, its money by default."""
    selection: Selection | None = None if pilot.needs_selection else selection_without_sweep(pilot)
    given = ReviewInput(
        pilot=pilot,
        workload=WORKLOAD,
        records=tuple(records),
        selection=selection,
        throughput=CURVE,
        micro_batch_plan=PLAN,
        hardware=this_computer(price_per_h),
        pilot_rate=this_computer().rate_card,
        production=pilot.production,
        assumptions=pilot.assumptions,
    )
    return dataclasses.replace(given, **changes)  # type: ignore[arg-type]
