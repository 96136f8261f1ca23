"""Logged runs and what was said of them, as the pilot that they become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.devices.batch_plan import MicroBatchPlan
from planner.devices.throughput import ThroughputCurve
from planner.imports.covering import covering
from planner.imports.logged_run import LoggedRun
from planner.imports.pace import logged_curve
from planner.imports.stated_schedule import check_stated
from planner.imports.taken_run import TakenRun, taken
from planner.imports.terms import ImportTerms
from planner.pilots.imported import Imported
from planner.pilots.logged_course import LoggedTimes
from planner.pilots.pilot import (
    Budget,
    EvaluationPlan,
    Pilot,
    Seeds,
    check_workload,
)
from planner.pilots.workload import BUILT_IN, Workload
from planner.refusal import Refusal, require
from planner.schedules.batch_size import LARGEST_BATCH_SIZE
from planner.schedules.schedule import Schedule, plan_steps

NOT_SPLIT = MicroBatchPlan(largest_micro_batch_size=LARGEST_BATCH_SIZE)
"""How a batch was executed elsewhere is in its seconds already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPilot:
    """A pilot whose runs were trained elsewhere.

    Attributes:
        pilot: As if it had been planned: what was compared, and to which target.
        workload: What the terms say of it.
        imported: Where its runs come from.
        throughput: What the logged seconds say of each batch size; None where a run has no time.
        runs: In the order of the file.
    """

    pilot: Pilot
    workload: Workload
    imported: Imported
    throughput: ThroughputCurve | None
    runs: tuple[TakenRun, ...]

    @property
    def micro_batch_plan(self) -> MicroBatchPlan:
        """Every batch whole."""
        return NOT_SPLIT


def imported_pilot(
    runs: Sequence[LoggedRun],
    terms: ImportTerms,
    inferred: Mapping[str, Schedule],
    *,
    file_name: str,
    sha256: str,
) -> ImportedPilot:
    """The pilot that logged runs become on these terms.

    Args:
        runs: Of one file.
        terms: What the file does not say.
        inferred: What rate and batch of each schedule look like, by its name.
        file_name: As it was called where it was brought from.
        sha256: Of the file.

    Raises:
        Refusal: At a field of the terms, or at a run, by its name.
    """
    compared = [run for run in runs if run.schedule in terms.compared]
    _check_schedules(runs, terms)
    workload = _workload(terms)
    took = taken(compared, terms, metrics=workload.metrics)
    schedules = _schedules(took, terms, inferred)
    _check_stated(schedules, compared, terms)
    pilot = Pilot(
        name=terms.name,
        workload=workload.name,
        target=terms.target,
        quality=terms.quality,
        budget=Budget(epochs=max(one.epochs or 1 for one in schedules)),
        evaluation=EvaluationPlan(every=_every(took, terms.target.metric)),
        seeds=_seeds(took),
        looks=1,
        schedules=schedules,
        hardware=terms.hardware,
        production=terms.production,
        assumptions=terms.assumptions,
    )
    check_workload(pilot, {workload.name: workload})
    return ImportedPilot(
        pilot=pilot,
        workload=workload,
        imported=Imported(
            source=runs[0].source,
            file_name=file_name,
            sha256=sha256,
            device=terms.device,
            device_count=terms.hardware.device_count,
            evaluation_s=None if terms.evaluations_included else terms.evaluation_s,
            runs_left_out=len(runs) - len(compared),
            evaluations_left_out=sum(run.evaluations_left_out for run in took),
        ),
        throughput=_curve(took, pilot, workload, terms),
        runs=took,
    )


def _check_schedules(runs: Sequence[LoggedRun], terms: ImportTerms) -> None:
    found = {run.schedule for run in runs}
    fields = ["baseline", *(f"candidates[{place}]" for place in range(len(terms.candidates)))]
    for field, name in zip(fields, terms.compared, strict=True):
        require(name in found, field, "import_schedule_without_runs", schedule=name)


def _workload(terms: ImportTerms) -> Workload:
    """Nothing is known of validation and test data but that there was some."""
    name = terms.workload
    require(name not in BUILT_IN, "workload", "workload_is_built_in", workload=name)
    wanted = {terms.target.metric: terms.target.direction}
    if terms.quality is not None:
        wanted.setdefault(terms.quality.metric, terms.quality.improves)
    try:
        return Workload(
            name=name,
            training_samples=terms.training_samples,
            validation_samples=1,
            test_samples=1,
            metrics=tuple(wanted),
            directions=wanted,
        )
    except Refusal as refusal:
        of_metric = refusal.code == "metric_unknown"
        field = "target.metric" if of_metric else refusal.field
        code = "import_metric_name" if of_metric else refusal.code
        raise Refusal(field, code, **refusal.params) from refusal


def _schedules(
    took: Sequence[TakenRun], terms: ImportTerms, inferred: Mapping[str, Schedule]
) -> tuple[Schedule, ...]:
    """Baseline first; each planned for as many epochs as its longest run needs."""
    stated = {schedule.name: schedule for schedule in terms.schedules}
    found = []
    for name in terms.compared:
        schedule = stated.get(name) or inferred.get(name)
        if schedule is None:
            raise Refusal("schedules", "import_schedule_unknown", schedule=name)
        steps = max(run.last_step for run in took if run.schedule == name)
        found.append(
            covering(
                schedule,
                name=name,
                role="baseline" if name == terms.baseline else "candidate",
                steps=steps,
                training_samples=terms.training_samples,
            )
        )
    return tuple(found)


def _check_stated(
    schedules: Sequence[Schedule], runs: Sequence[LoggedRun], terms: ImportTerms
) -> None:
    planned = {one.name: one for one in schedules}
    for place, stated in enumerate(terms.schedules):
        if stated.name in planned:
            check_stated(
                planned[stated.name],
                [run for run in runs if run.schedule == stated.name],
                training_samples=terms.training_samples,
                field=f"schedules[{place}]",
            )


def _seeds(took: Sequence[TakenRun]) -> Seeds:
    return Seeds(confirmation=tuple(sorted({run.seed for run in took})))


def _every(took: Sequence[TakenRun], metric: str) -> str:
    """The usual distance between two evaluations of the target's metric."""
    distances = [np.diff(run.steps[np.isfinite(run.metrics[metric])]) for run in took]
    every = np.concatenate(distances) if distances else np.empty(0)
    return f"{max(1, int(np.median(every)))}ba" if len(every) else "1ba"


def _curve(
    took: Sequence[TakenRun], pilot: Pilot, workload: Workload, terms: ImportTerms
) -> ThroughputCurve | None:
    if not all(run.is_timed for run in took):
        return None
    tables = {
        schedule.name: plan_steps(
            schedule,
            training_samples=workload.training_samples,
            epochs=pilot.budget.epochs,
        ).batch_size.astype(np.float64)
        for schedule in pilot.schedules
    }
    times = [
        LoggedTimes(schedule=run.schedule, steps=run.steps, elapsed_s=run.elapsed_s) for run in took
    ]
    return logged_curve(
        times,
        tables,
        workload=workload.name,
        device=terms.device,
        evaluation_s=terms.evaluation_s,
    )
