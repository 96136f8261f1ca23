"""Schedules as commands read them: of a pilot, or alone."""

from backend.cli.plug_ins import known_here
from backend.documents.schedule_file import ScheduleFile
from backend.wire.codec import decode
from planner.pilots.pilot import Pilot
from planner.refusal import Refusal, require
from wording.language import Language


def schedule_file(data: object) -> ScheduleFile:
    """The schedules of a pilot file, or of a file with schedules alone."""
    if not (isinstance(data, dict) and "target" in data):
        return decode(ScheduleFile, data)
    pilot = decode(Pilot, data)
    return ScheduleFile(
        schedules=pilot.schedules,
        budget=pilot.budget,
        workload=pilot.workload,
        momentum_form=pilot.momentum_form,
    )


def training_samples(plan: ScheduleFile, language: Language) -> int:
    """Samples in one epoch.

    Raises:
        Refusal: Neither they nor a workload that is known here are stated.
    """
    if plan.training_samples is not None:
        return plan.training_samples
    require(plan.workload is not None, "training_samples", "missing")
    workload = known_here(str(plan.workload), language).get(str(plan.workload))
    if workload is None:
        raise Refusal("workload", "workload_unknown", workload=str(plan.workload))
    return workload.training_samples
