"""The pace of runs that were logged elsewhere: their own seconds, and no guess beyond them."""

from collections.abc import Iterable, Mapping

import numpy as np

from planner.economics.assumptions import Production
from planner.economics.rates import HardwareProfile
from planner.measurements.measurement import RunRecord
from planner.pilots.course import Course, courses
from planner.pilots.imported import Imported
from planner.pilots.logged_course import LoggedTimes, logged_courses
from planner.pilots.workload import Workload
from planner.reviews.pace import Pace, Unavailable
from planner.reviews.race import Race, logged_s, value_at
from planner.reviews.review_input import PilotEvidence, ReviewInput

FEWEST_BATCH_SIZES = 2
"""Of a logged pace from which other batch sizes can be told: one point fixes no line."""


def laid_out_of(given: ReviewInput | PilotEvidence, workload: Workload) -> dict[str, Course]:
    """The course of every schedule: composed of what was measured here, or as logged elsewhere."""
    curve, plan = given.throughput, given.micro_batch_plan
    if given.imported is None:
        return courses(given.pilot, workload, curve, plan, given.scaling)
    return logged_courses(_times(given.records), given.pilot, workload, curve, plan)


def pace_as_logged(
    given: ReviewInput,
    imported: Imported,
    races: Iterable[Race],
    laid_out: Mapping[str, Course],
    production: Production | None,
) -> Pace | Unavailable | None:
    """The logged seconds, where the review is of the devices that they were logged on.

    None where the review needs a curve of the device: for a production training, or for devices
    that nothing was logged on, of which none is known.
    """
    hardware = given.hardware
    if production is not None:
        return _transferable(given, production)
    if hardware.throughput is None or hardware.throughput.device != imported.device:
        return None
    if hardware.device_count != imported.device_count:
        return "other_device_count"
    return _as_logged(races, laid_out, imported)


def _transferable(given: ReviewInput, production: Production) -> Unavailable | None:
    """Why logged runs cannot be carried to a production training: None where they can."""
    hardware: HardwareProfile = given.hardware
    stated = production.half_saturation_batch_size_per_device is not None
    if stated and hardware.interconnect is None:
        return None
    of_logged = hardware.throughput == given.throughput
    few = len(given.throughput.points) < FEWEST_BATCH_SIZES
    return "one_batch_size_logged" if of_logged and few else None


def _as_logged(races: Iterable[Race], laid_out: Mapping[str, Course], imported: Imported) -> Pace:
    """Seconds of every race; those that never arrived have their schedule's longest run."""
    listed = list(races)
    evaluation_s = imported.evaluation_s or 0.0
    return Pace(
        spent_s={
            race.run_id: race.crossing.time_s if race.crossing else race.training_s
            for race in listed
        },
        evaluated_s={
            race.run_id: (race.evaluations_to_target or race.evaluations) * evaluation_s
            for race in listed
        },
        budget_s=max(course.training_s for course in laid_out.values()),
        elapsed_s=lambda name, step: value_at(laid_out[name].elapsed_s, step),
    )


def _times(records: Iterable[RunRecord]) -> list[LoggedTimes]:
    return [
        LoggedTimes(
            schedule=record.run.schedule,
            steps=np.array([one.step for one in record.measurements], dtype=np.int64),
            elapsed_s=logged_s(record.measurements),
        )
        for record in records
        if record.run.schedule is not None
    ]
