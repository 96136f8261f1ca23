"""What a review costs the API: 20 runs in, verdict and charts out, and a long schedule's steps.

CPU seconds of the whole process after a warm-up; the median and the slowest repeat are printed.
Aims: at most 50 ms each.
"""

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from backend.cli.files import read
from backend.services.reviews import review_of
from planner.devices.batch_plan import micro_batch_plan
from planner.measurements.measurement import Measurement, RunRecord
from planner.pilots.pilot import Pilot, runs_of_confirmation
from planner.pilots.run import Attempt, Run
from planner.pilots.seeds import Seeds
from planner.pilots.workload import BUILT_IN
from planner.reviews.review_input import PilotEvidence, ReviewRequest
from planner.reviews.selection import Selection
from planner.schedules.evaluation import evaluation_steps
from planner.schedules.presets import growing_batch_warmed_up_rate
from planner.schedules.schedule import plan_steps
from tests.support.planted_worker import falling_loss, planted_curve

REPEATS = 40
WARM_UP = 3
EXAMPLE = Path(__file__).parents[1] / "backend" / "data" / "example_pilot.yaml"


def a_pilot() -> Pilot:
    """The example without its sweep: two schedules on ten seeds are 20 runs."""
    example = read(Pilot, EXAMPLE)
    return dataclasses.replace(
        example,
        schedules=example.schedules[:2],
        rate_multipliers=(1.0,),
        seeds=Seeds(confirmation=tuple(range(1, 11))),
    )


def a_record(pilot: Pilot, run: Run) -> RunRecord:
    """A finished run; every seed has its own pace, and the growing batch needs more samples."""
    schedule = next(found for found in pilot.schedules if found.name == run.schedule)
    table = plan_steps(
        schedule,
        training_samples=BUILT_IN[pilot.workload].training_samples,
        epochs=pilot.budget.epochs,
    )
    slower = 1.1 if schedule.role == "candidate" else 1.0
    metrics = falling_loss(0.1 * slower * (1 + run.seed / 100))
    due = evaluation_steps(pilot.evaluation.every, table)
    return RunRecord(
        run_id=f"{run.schedule}-{run.seed}",
        run=run,
        status="succeeded",
        attempts=(Attempt(number=1, from_step=0, to_step=table.steps, evaluations=len(due)),),
        measurements=tuple(
            Measurement(step=int(step), metrics=dict(metrics(step / table.steps))) for step in due
        ),
        final_metrics={},
    )


def the_evidence() -> PilotEvidence:
    """Twenty finished runs."""
    pilot = a_pilot()
    selected = {schedule.name: 1.0 for schedule in pilot.schedules}
    finalists = (pilot.candidates[0].name,)
    runs = runs_of_confirmation(pilot, selected, finalists)
    curve = planted_curve()
    return PilotEvidence(
        pilot=pilot,
        records=tuple(a_record(pilot, run) for run in runs),
        throughput=curve,
        micro_batch_plan=micro_batch_plan(curve),
        selection=Selection(selected=selected, finalists=finalists, at_edge=()),
    )


def report(what: str, work: Callable[[], object], *, aim_ms: float) -> None:
    """Prints what a piece of work costs."""
    for _ in range(WARM_UP):
        work()
    spent_ms = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        spent_ms.append((time.process_time() - began) * 1e3)
    print(
        f"{what}: median {median(spent_ms):.1f} ms CPU, slowest {max(spent_ms):.1f} ms "
        f"of {REPEATS} repeats (aim <= {aim_ms:g})"
    )


def longest_published_run() -> Callable[[], object]:
    """Every step of the paper's longest run: 374,760 steps of a warmed-up, growing schedule."""
    schedule = growing_batch_warmed_up_rate(initial_rate=0.1, batch_size=8, epochs=300, stages=10)
    return lambda: plan_steps(schedule, training_samples=50_000, epochs=300)


def main() -> None:
    evidence = the_evidence()
    report(
        f"review of {len(evidence.records)} runs",
        lambda: review_of(evidence, ReviewRequest(evidence=evidence), look=1),
        aim_ms=50,
    )
    report("every step of 300 epochs", longest_published_run(), aim_ms=50)


if __name__ == "__main__":
    main()
