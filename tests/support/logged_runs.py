"""Runs as another program would have logged them, and what is said of them."""

import numpy as np

from planner.economics.assumptions import Assumptions
from planner.imports.imported_pilot import ImportedPilot, imported_pilot
from planner.imports.logged_run import LoggedEnd, LoggedRun
from planner.imports.terms import ImportTerms
from planner.measurements.measurement import Measurement, RunRecord
from planner.money import Money
from planner.pilots.pilot import HardwareChoice
from planner.pilots.run import Attempt
from planner.pilots.target import Quality, Target
from planner.reviews.review_input import PilotEvidence
from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate
from planner.schedules.schedule import Schedule

TRAINING_SAMPLES = 1000
SHA256 = "ab" * 32
TARGET = Target(metric="validation_loss", value=0.5, direction="below", sustained_evaluations=1)


def a_logged_run(
    schedule: str,
    seed: int | None,
    *,
    losses: list[float],
    every_s: float,
    every_steps: int = 10,
    batch_size: float = 100,
    ended: LoggedEnd = "finished",
    first_s: float = 0.0,
) -> LoggedRun:
    """Evaluated before training and every few steps, each as many seconds after the one before."""
    rows = len(losses)
    values = np.array(losses)
    bad = np.flatnonzero(~np.isfinite(values))
    return LoggedRun(
        name=f"{schedule} {seed}",
        schedule=schedule,
        seed=seed,
        source="csv",
        steps=np.arange(rows) * every_steps,
        elapsed_s=first_s + np.arange(rows) * every_s,
        learning_rate=np.full(rows, 0.1),
        batch_size=np.full(rows, batch_size),
        momentum=np.full(rows, 0.9),
        metrics={"validation_loss": values, "validation_accuracy": 1 - values / 4},
        diverged_at=int(bad[0]) * every_steps if len(bad) else None,
        ended=ended,
    )


def constant(name: str, batch_size: int) -> Schedule:
    """A schedule of one rate and one batch."""
    return Schedule(
        name=name,
        learning_rate=LearningRate(initial=0.1),
        batch_size=BatchSize(initial=batch_size),
    )


def terms_of_import(**changes: object) -> ImportTerms:
    """Two schedules on four own devices at 2 USD an hour each."""
    given: dict[str, object] = {
        "name": "Brought along",
        "workload": "our model",
        "training_samples": TRAINING_SAMPLES,
        "target": TARGET,
        "quality": Quality(metric="validation_accuracy", tolerance=0.05),
        "baseline": "today",
        "candidates": ("growing",),
        "hardware": HardwareChoice(
            device_count=4, rent_per_gpu_hour=Money(amount=2.0, currency="USD")
        ),
        "device": "Cluster A",
        "evaluations_included": True,
        "assumptions": Assumptions(trainings_per_month=1000, adoption_engineer_h=0),
    }
    return ImportTerms(**(given | changes))  # type: ignore[arg-type]  # checked by the type itself


def evidence_of(found: ImportedPilot) -> PilotEvidence:
    """The same as it comes out of the database."""
    assert found.throughput is not None
    return PilotEvidence(
        pilot=found.pilot,
        workload=found.workload,
        records=tuple(
            RunRecord(
                run_id=run.name,
                run=run.run,
                status=run.status,
                attempts=(Attempt(number=1, from_step=0, to_step=run.last_step, evaluations=0),),
                measurements=tuple(
                    Measurement(
                        step=int(step),
                        elapsed_s=float(run.elapsed_s[place]),
                        metrics={
                            name: float(values[place])
                            for name, values in run.metrics.items()
                            if np.isfinite(values[place])
                        },
                    )
                    for place, step in enumerate(run.steps)
                ),
                final_metrics={},
            )
            for run in found.runs
        ),
        throughput=found.throughput,
        micro_batch_plan=found.micro_batch_plan,
        imported=found.imported,
    )


def known_runs() -> list[LoggedRun]:
    """Three seeds of each; today needs 30 steps for 0.5, the candidate as many in half the time."""
    runs = []
    for seed in (1, 2, 3):
        losses = [2.0, 1.0, 0.75, 0.5, 0.4]
        runs.append(a_logged_run("today", seed, losses=losses, every_s=100.0 + seed))
        runs.append(
            a_logged_run("growing", seed, losses=losses, every_s=50.0 + seed, batch_size=200)
        )
    return runs


def known_pilot(
    runs: list[LoggedRun] | None = None,
    *,
    inferred: dict[str, Schedule] | None = None,
    **changes: object,
) -> ImportedPilot:
    """The pilot that they become."""
    alike = {"today": constant("today", 100), "growing": constant("growing", 200)}
    return imported_pilot(
        runs or known_runs(),
        terms_of_import(**changes),
        inferred or alike,
        file_name="runs.csv",
        sha256=SHA256,
    )
